"""Tables of the room, split by meaning: what is asked, to whom, what came back, what was done."""

from restanque.surveys.models.answers import Attachment, Channel, Response, ResponseRevision
from restanque.surveys.models.campaigns import Campaign, Invitation, InvitationEvent
from restanque.surveys.models.followup import CallLog, Comment, Flag
from restanque.surveys.models.questionnaires import Questionnaire, QuestionnaireVersion
from restanque.surveys.models.sendings import Sending, SendingLine

__all__ = [
    "Attachment",
    "CallLog",
    "Campaign",
    "Channel",
    "Comment",
    "Flag",
    "Invitation",
    "InvitationEvent",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "ResponseRevision",
    "Sending",
    "SendingLine",
]
