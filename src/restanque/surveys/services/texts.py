"""Writes on free answers: the team's tags."""

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.accounts.models import User, Workspace
from restanque.kit.text import search_key
from restanque.surveys.models import AnswerTag, Response, TextTag


@transaction.atomic
def tag_answer(*, response: Response, path: str, name: str, by: User | None = None) -> AnswerTag:
    """Put a tag, made on first use, on a free answer. Twice the same is once.

    ValidationError when the name is empty or too long, or the answer has no text there.
    """
    if not str(response.flat.get(path, "")).strip():
        raise ValidationError({"path": "Cette réponse n’a pas de texte à cette question."})
    tag = _tag(response.invitation.campaign.workspace, name)
    found = AnswerTag.objects.filter(response=response, path=path, tag=tag).first()
    if found is None:
        found = AnswerTag(response=response, path=path, tag=tag, by=by)
        found.full_clean()
        found.save()
    return found


@transaction.atomic
def untag_answer(*, answer_tag: AnswerTag) -> None:
    """Take a tag off; one that is on no answer any more is forgotten."""
    tag = answer_tag.tag
    answer_tag.delete()
    if not tag.answers.exists():
        tag.delete()


def _tag(workspace: Workspace, name: str) -> TextTag:
    clean = " ".join(name.split())
    tag = TextTag.objects.filter(workspace=workspace, name_key=search_key(clean)).first()
    if tag is None:
        tag = TextTag(workspace=workspace, name=clean, name_key=search_key(clean)[:60])
        tag.full_clean()
        tag.save()
    return tag
