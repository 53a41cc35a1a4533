"""The shipped tables: what the reference file of 24 November 2026 says, with its own evidence."""
