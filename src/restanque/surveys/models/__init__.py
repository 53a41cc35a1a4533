"""Tables of the room, split by meaning: what is asked, to whom, what came back, what was done."""

from restanque.surveys.models.analysis import AnswerTag, CandidateList, TextTag
from restanque.surveys.models.answers import Attachment, Channel, Response, ResponseRevision
from restanque.surveys.models.campaigns import Campaign, Invitation, InvitationEvent
from restanque.surveys.models.followup import CallLog, Comment, Flag
from restanque.surveys.models.media import QuestionnaireMedia
from restanque.surveys.models.questionnaires import Questionnaire, QuestionnaireVersion
from restanque.surveys.models.reports import Publication, Report, ReportTemplate
from restanque.surveys.models.sendings import Sending, SendingLine
from restanque.surveys.models.visits import Visit, VisitFile, Visitor, VisitRound

__all__ = [
    "AnswerTag",
    "Attachment",
    "CallLog",
    "Campaign",
    "CandidateList",
    "Channel",
    "Comment",
    "Flag",
    "Invitation",
    "InvitationEvent",
    "Publication",
    "Questionnaire",
    "QuestionnaireMedia",
    "QuestionnaireVersion",
    "Report",
    "ReportTemplate",
    "Response",
    "ResponseRevision",
    "Sending",
    "SendingLine",
    "TextTag",
    "Visit",
    "VisitFile",
    "VisitRound",
    "Visitor",
]
