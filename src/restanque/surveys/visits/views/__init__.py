"""Pages of the visits, for the team."""
