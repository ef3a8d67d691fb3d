"""What is expected: districts, units, columns, accounts and standards, as strict models."""
