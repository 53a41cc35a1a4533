"""What a procedure or a programme costs: planned, committed, paid, who funds it."""
