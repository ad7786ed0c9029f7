"""How two databases come to hold the same records: a log of signed edits, merged field by field."""
