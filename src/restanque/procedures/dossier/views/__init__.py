"""Pages of the file of a procedure."""
