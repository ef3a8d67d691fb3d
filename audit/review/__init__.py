"""The office's review: one local page and one workbook, both writing the same decisions."""
