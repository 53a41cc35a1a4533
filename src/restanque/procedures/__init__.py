"""Procedures of the planning documents: where they stand, which date comes, what proves it."""
