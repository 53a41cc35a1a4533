"""The file of a procedure: its pieces, the legal advice, the studies of others, past events."""
