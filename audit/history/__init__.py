"""The memory between rounds: append-only tables, a hash chain of decisions, on SQLite or PostgreSQL."""
