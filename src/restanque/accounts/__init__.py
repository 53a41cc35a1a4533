"""Users, workspaces, memberships, sign-in by code."""
