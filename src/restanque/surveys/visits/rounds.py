"""Writes on series of visits, and the shipped visit forms."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User, Workspace
from restanque.directory.nomenclature import Kind
from restanque.engine.forms import FormError
from restanque.surveys import shipped
from restanque.surveys.definitions import form_of
from restanque.surveys.models import QuestionnaireVersion, VisitRound
from restanque.surveys.services import questionnaires
from restanque.surveys.visits.lists import EMPTY_LISTS
from restanque.territories.models import Territory

# A form is a visit form when a question says which organisation is visited.
NAMES_PLACE = "visit.organisation"


@transaction.atomic
def install_visit_form(
    *, workspace: Workspace, name: str, by: User | None = None
) -> QuestionnaireVersion:
    """A shipped visit form (`shipped.VISITS`) in a workspace, published; again changes nothing."""
    if name not in shipped.VISITS:
        raise KeyError(name)
    return questionnaires.install_shipped_questionnaire(
        workspace=workspace, by=by, name=name, media=EMPTY_LISTS
    )


class RoundChanges(TypedDict, total=False):
    """What may be changed of a series; its territory is fixed."""

    version: QuestionnaireVersion
    name: str
    kinds: Iterable[str]
    purpose: str
    purge_on: date


@transaction.atomic
def create_round(
    *,
    territory: Territory,
    version: QuestionnaireVersion,
    name: str,
    kinds: Iterable[str],
    purpose: str,
    purge_on: date,
    by: User | None = None,
    fictitious: bool = False,
) -> VisitRound:
    """A new series of visits, open at once. Raises ValidationError keyed by field, in French."""
    made = VisitRound(
        territory=territory,
        version=version,
        name=name.strip(),
        kinds=list(kinds),
        purpose=purpose.strip(),
        purge_on=purge_on,
        created_by=by,
        # A demonstration makes fictitious visits only.
        fictitious=fictitious or territory.workspace.fictitious,
    )
    _check(made)
    made.save()
    return made


@transaction.atomic
def update_round(*, visits: VisitRound, **changes: Unpack[RoundChanges]) -> VisitRound:
    """Change a series. A new version is offered to phones; visits keep the one they were given."""
    for field, value in changes.items():
        setattr(visits, field, list(value) if field == "kinds" else value)  # type: ignore[call-overload]
    _check(visits)
    visits.save()
    return visits


@transaction.atomic
def close_round(*, visits: VisitRound) -> VisitRound:
    """Its form is no longer offered; a visit begun before is still received."""
    visits.closed_at = visits.closed_at or timezone.now()
    visits.save(update_fields=["closed_at"])
    return visits


@transaction.atomic
def reopen_round(*, visits: VisitRound) -> VisitRound:
    """Offer its form again, unless a visitor already has an open series with the same form."""
    visits.closed_at = None
    for visitor in visits.visitors.all():
        others = visitor.rounds.open().exclude(pk=visits.pk).select_related("version")
        check_forms([*others, visits])
    visits.save(update_fields=["closed_at"])
    return visits


def check_forms(rounds: Iterable[VisitRound]) -> None:
    """A phone tells forms apart by their identifier: one open series a form for each visitor."""
    seen: dict[str, VisitRound] = {}
    for one in rounds:
        other = seen.setdefault(one.version.form_id, one)
        if other.pk != one.pk:
            raise ValidationError(
                f"« {other} » et « {one} » ont le même formulaire : sur un téléphone, on ne "
                "pourrait pas les distinguer. Gardez-en une, ou fermez l’autre."
            )


def _check(visits: VisitRound) -> None:
    visits.full_clean(exclude=["territory", "version", "created_by"])
    problems: dict[str, str] = {}
    version = visits.version
    if version.questionnaire.workspace_id != visits.territory.workspace_id:
        problems["version"] = "Ce formulaire est celui d’un autre espace."
    elif not version.is_published:
        problems["version"] = "Publiez d’abord cette version du formulaire."
    elif not names_place(version):
        problems["version"] = (
            "Ce questionnaire ne dit pas quelle organisation est visitée : il lui manque une "
            f"question qui porte le fait « {NAMES_PLACE} »."
        )
    if not visits.kinds or not set(visits.kinds) <= set(Kind.values):
        problems["kinds"] = "Dites quelles organisations sont visitées."
    if problems:
        raise ValidationError(problems)


def names_place(version: QuestionnaireVersion) -> bool:
    """Whether a version is a visit form."""
    if NAMES_PLACE not in version.facts.values():
        return False
    try:
        return bool(form_of(version).questions)
    except FormError:
        return False
