"""The report of a campaign: its content made once, written as Word, PDF, slides and a page."""
