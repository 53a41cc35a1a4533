"""What can go wrong, in words for the person at the keyboard."""


class BackupError(Exception):
    """The backup cannot be made, or must not be restored; its French text says why."""
