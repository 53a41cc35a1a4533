"""Word documents of a sitting, in the styles of the team's own template when it deposited one."""

from restanque.governance.documents.act import deliberation
from restanque.governance.documents.frame import template_of
from restanque.governance.documents.letters import convocation_letters, synthesis_note
from restanque.governance.documents.minutes import decisions_record, minutes

__all__ = [
    "convocation_letters",
    "decisions_record",
    "deliberation",
    "minutes",
    "synthesis_note",
    "template_of",
]
