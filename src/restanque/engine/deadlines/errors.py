"""What the calendar refuses, in French sentences made to be shown."""


class DeadlineError(ValueError):
    """A date, a step or an event that makes no sense."""


class UnknownKindError(DeadlineError):
    """No kind of procedure has this name."""


class CycleError(DeadlineError):
    """Steps that wait for each other."""
