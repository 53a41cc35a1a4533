"""Writes on a consultation and on its list of bodies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.directory.models import Contact, Organisation
from restanque.engine.law import RuleSet
from restanque.kit.text import search_key
from restanque.law.current import law_of
from restanque.procedures.consultations.letters import default_body, default_subject
from restanque.procedures.consultations.nomenclature import Obligation
from restanque.procedures.consultations.proposing import Proposal, legal_categories
from restanque.procedures.consultations.reading import titles
from restanque.procedures.models import Consultation, Consultee, Procedure, SetAside
from restanque.procedures.services.saving import save


class ConsultationFields(TypedDict, total=False):
    """What may be written of a consultation besides its step."""

    name: str
    subject: str
    opened_on: date
    own_term: date | None
    letter_subject: str
    letter_body: str
    note: str


class ConsulteeFields(TypedDict, total=False):
    """What may be written of a body besides its place in the law."""

    name: str
    organisation: Organisation | None
    obligation: str
    requested_on: date | None
    capacity: str
    attention: str
    contact: Contact | None
    send_by: str
    note: str


@transaction.atomic
def open_consultation(
    *,
    procedure: Procedure,
    step: str,
    by: User | None = None,
    fictitious: bool | None = None,
    **fields: Unpack[ConsultationFields],
) -> Consultation:
    """Begin a consultation at a step. Without letter, one is proposed from the law base.

    `fictitious` None: as the procedure.
    """
    one = Consultation(
        procedure=procedure,
        step=step,
        created_by=by,
        fictitious=procedure.fictitious if fictitious is None else fictitious,
    )
    _assign(one, fields)
    law = law_of(procedure.workspace)
    one.letter_subject = one.letter_subject or default_subject(one)
    one.letter_body = one.letter_body or default_body(one, law)
    return save(one)


@transaction.atomic
def update_consultation(
    *, consultation: Consultation, **changes: Unpack[ConsultationFields]
) -> Consultation:
    """Change its frame or its letter; its step stays."""
    _assign(consultation, changes)
    return save(consultation)


@transaction.atomic
def remove_consultation(*, consultation: Consultation) -> None:
    """Take away a consultation opened by mistake. ValidationError once a file left."""
    sent = consultation.consultees.filter(dispatches__isnull=False).exists()
    answered = consultation.consultees.filter(opinion__isnull=False).exists()
    if sent or answered:
        raise ValidationError(
            "Des envois ou des avis y sont enregistrés : une consultation commencée se garde."
        )
    consultation.delete()


@transaction.atomic
def add_proposed(*, consultation: Consultation, chosen: Iterable[Proposal]) -> int:
    """Put proposed organisations in the list, or complete their titles; how many changed."""
    law = law_of(consultation.workspace)
    changed = 0
    for one in chosen:
        consultee = one.consultee or Consultee(
            consultation=consultation,
            organisation=one.organisation,
            name=_free_name(consultation, one.organisation),
            capacity=one.seek.capacity,
            attention=_attention(one.organisation),
            obligation=Obligation.ON_REQUEST if one.legal.on_request else Obligation.MANDATORY,
        )
        wanted = [*consultee.law_ids, *(i for i in one.law_ids if i not in consultee.law_ids)]
        if wanted == consultee.law_ids:
            continue
        _entitle(consultee, law, wanted)
        save(consultee, reason="proposé par la base de droit et l’annuaire")
        changed += 1
    return changed


@transaction.atomic
def add_consultee(
    *, consultation: Consultation, law_ids: Iterable[str] = (), **fields: Unpack[ConsulteeFields]
) -> Consultee:
    """Add a body by hand, of the directory or not in it yet.

    ValidationError for a title that is not one of the step's, or a name already in the list.
    """
    consultee = Consultee(consultation=consultation)
    _fill(consultee, fields)
    _entitle(consultee, law_of(consultation.workspace), _checked(consultation, law_ids))
    return save(consultee)


@transaction.atomic
def update_consultee(
    *, consultee: Consultee, law_ids: Iterable[str], **fields: Unpack[ConsulteeFields]
) -> Consultee:
    """Change a body, its titles included."""
    _fill(consultee, fields)
    consultation = consultee.consultation
    _entitle(consultee, law_of(consultation.workspace), _checked(consultation, law_ids))
    return save(consultee)


@transaction.atomic
def remove_consultee(*, consultee: Consultee) -> None:
    """Take a body out of the list. ValidationError once a file left or an opinion came."""
    if consultee.dispatches.exists() or hasattr(consultee, "opinion"):
        raise ValidationError(
            "Un envoi ou un avis est enregistré pour cet organisme : il reste dans la liste."
        )
    consultee._change_reason = "retiré de la liste"  # type: ignore[attr-defined]
    consultee.delete()


@transaction.atomic
def set_aside_category(
    *, consultation: Consultation, law_id: str, reason: str, by: User | None = None
) -> SetAside | None:
    """Say why a legal category is not consulted; an empty reason takes it back."""
    _checked(consultation, [law_id])
    found = SetAside.objects.filter(consultation=consultation, law_id=law_id).first()
    if not reason.strip():
        if found is not None:
            found.delete()
        return None
    one = found or SetAside(consultation=consultation, law_id=law_id)
    one.reason, one.noted_by, one.noted_on = reason.strip(), by, timezone.localdate()
    return save(one)


def _assign(one: Consultation, fields: ConsultationFields) -> None:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(one, name, value)
    one.name_key = search_key(one.name)


def _fill(consultee: Consultee, fields: ConsulteeFields) -> None:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(consultee, name, value)
    if not consultee.name and consultee.organisation is not None:
        consultee.name = consultee.organisation.name
    consultee.name_key = search_key(consultee.name)


def _entitle(consultee: Consultee, law: RuleSet, law_ids: list[str]) -> None:
    """Give its titles to a body: the rule of its time to answer is that of the first that has one.

    A body that a mandatory category names is mandatory, whatever was said.
    """
    consultee.law_ids = law_ids
    named = titles(law, law_ids)
    consultee.rule = next((one.rule for one in named if one.rule), "") or ""
    if any(not one.on_request for one in named):
        consultee.obligation = Obligation.MANDATORY
    consultee.name_key = search_key(consultee.name)


def _checked(consultation: Consultation, law_ids: Iterable[str]) -> list[str]:
    law = law_of(consultation.workspace)
    known = {one.id for one in legal_categories(law, consultation)}
    wanted = list(dict.fromkeys(law_ids))
    if unknown := [one for one in wanted if one not in known]:
        raise ValidationError(f"« {unknown[0]} » n’est pas une catégorie de cette étape.")
    return wanted


def _free_name(consultation: Consultation, organisation: Organisation) -> str:
    """The organisation's name; with its commune when the list holds the same name."""
    taken = consultation.consultees.filter(name_key=organisation.name_key).exists()
    if not taken:
        return organisation.name
    place = organisation.commune.name if organisation.commune else f"n° {organisation.pk}"
    return f"{organisation.name} ({place})"


def _attention(organisation: Organisation) -> str:
    """The office a letter is addressed to; never a person's name."""
    return {"mairie": "Madame ou Monsieur le Maire", "epci": "Madame ou Monsieur le Président"}.get(
        organisation.kind, ""
    )
