"""Flags: what the plausibility table finds in an answer, kept with what the reviewer concluded."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.engine.forms import Form
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Flag, Response
from restanque.surveys.models.followup import FlagResolution, FlagSeverity
from restanque.surveys.plausibility import Finding, check


def facts_of(form: Form, flat: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(fact, question path, stored text) of what was sent, in the order of the questionnaire."""
    bare = {path: _without_turns(path) for path in flat}
    return [
        (form.facts[bare[path]], path, str(text))
        for path, text in flat.items()
        if bare[path] in form.facts
    ]


def findings_of(response: Response, on: date) -> list[Finding]:
    """What the table finds in a sent answer. Reads only."""
    return check(facts_of(form_of(response.version), response.flat), on)


@transaction.atomic
def refresh_flags(*, response: Response, on: date | None = None) -> int:
    """Bring the flags of a sent answer up to date; how many are open.

    A flag whose value is right again goes, unless somebody concluded on it; a value that changed
    after a conclusion is open again. Safe to run twice.
    """
    found = {(one.path, one.rule.code): one for one in findings_of(response, on or _today())}
    for flag in Flag.objects.filter(response=response):
        finding = found.pop((flag.path, flag.code), None)
        if finding is None:
            if not flag.resolution:
                flag.delete()
        elif flag.value != finding.shown:
            _write(flag, finding)
    for finding in found.values():
        _write(Flag(response=response, path=finding.path, code=finding.rule.code), finding)
    return Flag.objects.filter(response=response, resolution="").count()


def _write(flag: Flag, finding: Finding) -> None:
    flag.severity = FlagSeverity.WARNING
    flag.message, flag.value = finding.message[:400], finding.shown[:200]
    flag.resolution, flag.resolved_at, flag.resolved_by, flag.note = "", None, None, ""
    flag.full_clean()
    flag.save()


@transaction.atomic
def resolve_flag(*, flag: Flag, resolution: FlagResolution, by: User, note: str = "") -> Flag:
    """Say what a flag came to: confirmed by the organisation, corrected, or set aside."""
    if resolution not in FlagResolution:
        raise ValidationError("Dites si la valeur est confirmée, corrigée ou écartée.")
    flag.resolution, flag.resolved_by, flag.note = resolution, by, note[:400]
    flag.resolved_at = timezone.now()
    flag.full_clean()
    flag.save()
    return flag


def _today() -> date:
    return timezone.localdate()


def _without_turns(path: str) -> str:
    """A path of the definition: `/data/rep[2]/q` → `/data/rep/q`."""
    return "/".join(step.partition("[")[0] for step in path.split("/"))
