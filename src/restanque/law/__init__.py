"""The law as a workspace retains it: overrides, checks, history over the shipped rules."""
