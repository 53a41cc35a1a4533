"""Writes on answers: one text for one contribution or for several that say the same."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.accounts.models import User
from restanque.procedures.concertation.services.contributions import tidy
from restanque.procedures.models import Contribution, ContributionAnswer, Procedure
from restanque.procedures.services.saving import save


@transaction.atomic
def answer(
    *,
    procedure: Procedure,
    contributions: Iterable[Contribution],
    text: str,
    public: bool,
    on: date,
    by: User | None = None,
) -> ContributionAnswer:
    """Answer several contributions at once; the former answer of each is left for this one."""
    chosen = list(contributions)
    if not chosen:
        raise ValidationError("Choisissez au moins une contribution.")
    made = save(
        ContributionAnswer(
            procedure=procedure, text=tidy(text), public=public, answered_on=on, answered_by=by
        )
    )
    former = {one.answer_id for one in chosen if one.answer_id}
    for one in chosen:
        one.answer = made
        save(one, reason="réponse donnée")
    _forget_unused(former)
    return made


@transaction.atomic
def change_answer(*, given: ContributionAnswer, text: str, public: bool) -> ContributionAnswer:
    """Correct it, publish it or keep it within the team."""
    given.text, given.public = tidy(text), public
    return save(given, reason="corrigée")


@transaction.atomic
def take_answer_back(*, contribution: Contribution) -> None:
    """This contribution is to be answered again; the answer stays for the others."""
    former = {contribution.answer_id} if contribution.answer_id else set()
    contribution.answer = None
    save(contribution, reason="réponse retirée")
    _forget_unused(former)


def _forget_unused(pks: set[int]) -> None:
    """An answer to nobody is no answer."""
    for one in ContributionAnswer.objects.filter(pk__in=pks, contributions=None):
        one.delete()
