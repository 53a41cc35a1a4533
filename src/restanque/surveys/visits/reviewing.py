"""Reading a visit over: where it was, validate, set aside, take back. Every write of it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.directory import services as directory
from restanque.directory.models import Certification, Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services.saving import written_by
from restanque.engine.forms import FormError
from restanque.kit.text import format_date
from restanque.surveys.models import Visit
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.visits.gains import Certificate, FieldChange, gains_of
from restanque.surveys.visits.reading import session_of_visit, told
from restanque.territories.models import Commune

_SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


@transaction.atomic
def place(*, visit: Visit, organisation: Organisation) -> Visit:
    """Say which organisation was visited: one of the workspace, in the series' territory."""
    locked = _waiting(visit)
    communes = {commune.pk for commune in _communes(locked)}
    ours = organisation.workspace_id == locked.round.territory.workspace_id
    if not ours or not organisation.active or organisation.commune_id not in communes:
        raise ValidationError("Cette organisation n’est pas du territoire de ces visites.")
    locked.organisation = organisation
    locked.save(update_fields=["organisation"])
    return _back(visit)


@transaction.atomic
def create_place(*, visit: Visit, kind: Kind, by: User) -> Organisation:
    """A record for an organisation that the visitor found and the directory did not have."""
    locked = _waiting(visit)
    said = told(session_of_visit(locked))
    commune = Commune.objects.filter(pk=said.new_commune).first()
    if not said.new_name or commune not in _communes(locked):
        raise ValidationError(
            "La visite ne donne ni nom ni commune : choisissez une organisation de l’annuaire."
        )
    with written_by(by):
        organisation = directory.create_organisation(
            workspace=locked.round.territory.workspace,
            kind=kind,
            name=said.new_name,
            commune=commune,
            source=source_label(locked)[:100],
            fictitious=locked.round.fictitious,
            reason="relevée en visite",
        )
    locked.organisation = organisation
    locked.save(update_fields=["organisation"])
    _back(visit)
    return organisation


@transaction.atomic
def validate(*, visit: Visit, by: User) -> Visit:
    """The visit is good: the directory gains what it says, and remembers from whom and when.

    Raises ValidationError, in words, when no organisation is named or a value is refused by the
    directory; nothing is then written.
    """
    locked = _waiting(visit)
    organisation = locked.organisation
    if organisation is None:
        raise ValidationError("Dites d’abord quelle organisation a été visitée.")
    try:
        gains = gains_of(locked)
    except FormError as error:
        raise ValidationError(f"Cette visite est illisible : {error}") from error
    with written_by(by):
        facts = directory.record_facts(
            organisation=organisation,
            observations=gains.observations,
            observed_on=locked.visited_on,
            source=source_of(locked),
            source_label=source_label(locked),
        )
        certificates = [
            made.pk
            for one in gains.certificates
            if (made := _add_certificate(locked, organisation, one)) is not None
        ]
        changes = _change(organisation, gains.changes, locked)
    locked.applied = {
        "organisation": organisation.pk,
        "facts": facts,
        "certifications": certificates,
        "fields": changes,
    }
    return _conclude(locked, visit, ResponseStatus.VALIDATED, by, "")


@transaction.atomic
def reject(*, visit: Visit, by: User, note: str) -> Visit:
    """The visit is set aside; why is kept. The directory gains nothing."""
    if not note.strip():
        raise ValidationError("Dites pourquoi cette visite est écartée.")
    return _conclude(_waiting(visit), visit, ResponseStatus.REJECTED, by, note.strip())


@transaction.atomic
def undo(*, visit: Visit, by: User) -> list[str]:
    """Take a conclusion back: what validation wrote leaves the directory; what stays, in words.

    A value that somebody has changed since stays as it is now; so does a certificate.
    """
    locked = _locked(visit)
    if locked.status not in (ResponseStatus.VALIDATED, ResponseStatus.REJECTED):
        raise ValidationError("Cette visite n’a pas encore été relue.")
    with written_by(by):
        kept = _withdraw(locked)
    locked.applied = None
    locked.status = ResponseStatus.SUBMITTED
    locked.reviewed_at, locked.reviewed_by, locked.review_note = None, None, ""
    locked.save()
    _back(visit)
    return kept


def source_of(visit: Visit) -> str:
    """How the directory names this visit without knowing of it."""
    return f"visit:{visit.pk}"


def source_label(visit: Visit) -> str:
    """« Visite du 24 nov. 2026, Stagiaire »."""
    who = f", {visit.visitor}" if visit.visitor else ""
    return f"Visite du {format_date(visit.visited_on)}{who}"[:150]


def _add_certificate(
    visit: Visit, organisation: Organisation, seen: Certificate
) -> Certification | None:
    """Add a certificate with its photo; None when the record has it already."""
    known = organisation.certifications.filter(sign=seen.sign, certificate_number=seen.number)
    if seen.number and known.exists():
        return None
    return directory.add_certification(
        organisation=organisation,
        sign=seen.sign,
        proof=_proof(visit, seen.file),
        certificate_number=seen.number,
        body=seen.body,
        valid_from=seen.valid_from,
        valid_to=seen.valid_to,
        scope=f"vu le {format_date(visit.visited_on)}",
        fictitious=organisation.fictitious,
    )


def _proof(visit: Visit, name: str) -> SimpleUploadedFile | None:
    """The photo as the directory takes a proof; None when it never came or is no picture."""
    file = visit.files.filter(name=name).first() if name else None
    suffix = _SUFFIX.get(file.content_type) if file is not None else None
    if file is None or suffix is None:
        return None
    with file.file.open("rb") as stream:
        return SimpleUploadedFile(
            f"visite-{visit.pk}{suffix}", stream.read(), content_type=file.content_type
        )


def _change(
    organisation: Organisation, changes: tuple[FieldChange, ...], visit: Visit
) -> dict[str, list[Any]]:
    """Write the fields; what each held before, and holds now."""
    if not changes:
        return {}
    before = {one.field: getattr(organisation, one.field) for one in changes}
    values: Any = {one.field: one.after for one in changes}
    directory.update_organisation(
        organisation=organisation, reason=f"visite n° {visit.pk}", **values
    )
    return {name: [old, getattr(organisation, name)] for name, old in before.items()}


def _withdraw(visit: Visit) -> list[str]:
    """Take back what `validate` wrote; sentences on what stays."""
    directory.withdraw_facts(source=source_of(visit))
    applied = visit.applied or {}
    kept = []
    for certification in Certification.objects.filter(pk__in=applied.get("certifications", [])):
        if certification.history.count() > 1:
            kept.append(f"Le certificat « {certification} » a été modifié depuis : il reste.")
        else:
            directory.delete_certification(certification=certification)
    organisation = visit.organisation
    if organisation is None or organisation.pk != applied.get("organisation"):
        return kept
    back: Any = {}
    for name, (old, new) in applied.get("fields", {}).items():
        if getattr(organisation, name) == new:
            back[name] = old
        else:
            kept.append(f"« {organisation} » : {name} a été modifié depuis et reste.")
    if back:
        directory.update_organisation(
            organisation=organisation, reason=f"retrait de la visite n° {visit.pk}", **back
        )
    return kept


def _conclude(locked: Visit, visit: Visit, status: ResponseStatus, by: User, note: str) -> Visit:
    locked.status, locked.review_note = status, note
    locked.reviewed_at, locked.reviewed_by = timezone.now(), by
    locked.save()
    return _back(visit)


def _waiting(visit: Visit) -> Visit:
    locked = _locked(visit)
    if not locked.is_waiting:
        raise ValidationError("Cette visite n’est plus à relire : rechargez la page.")
    return locked


def _locked(visit: Visit) -> Visit:
    return (
        Visit.objects.select_for_update(of=("self",))
        .select_related("round__territory__workspace", "version", "organisation", "visitor")
        .get(pk=visit.pk)
    )


def _back(visit: Visit) -> Visit:
    """The caller's own object, up to date."""
    visit.refresh_from_db()
    return visit


def _communes(visit: Visit, on: date | None = None) -> list[Commune]:
    return list(visit.round.territory.communes_at(on or timezone.localdate()))
