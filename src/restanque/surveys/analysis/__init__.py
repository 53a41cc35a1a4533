"""First results: what the answers received say, and of whom they say nothing.

Nothing here is weighted: figures describe the organisations that answered. Every count says how
many were not asked, did not answer, or did not know.
"""
