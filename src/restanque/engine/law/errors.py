"""What the law tables refuse, in French sentences made to be shown."""


class LawError(ValueError):
    """A rule, an override or a question that makes no sense."""


class UnknownRuleError(LawError):
    """No rule, article, regime or parameter has this identifier."""
