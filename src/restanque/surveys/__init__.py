"""Questionnaires, campaigns, invitations and answers (README.md)."""
