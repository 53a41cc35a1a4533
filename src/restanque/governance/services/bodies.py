"""Writes on bodies and their members."""

from datetime import date, timedelta
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from restanque.directory.models import Contact, Organisation
from restanque.governance.models import Body, Mandate
from restanque.governance.nomenclature import KIND_DEFAULTS, BodyKind, MemberRole
from restanque.governance.services.saving import assign, save
from restanque.kit.text import search_key
from restanque.territories.models import Territory

#: How long an address is kept after a mandate, or after its beginning when no end is known.
KEPT_AFTER, KEPT_OPEN = timedelta(days=365), timedelta(days=7 * 365)


class BodyRules(TypedDict, total=False):
    """The rules of a body, and what is noted of it."""

    code: str
    deliberates: bool
    seats: int | None
    usual_place: str
    note: str


class BodyFields(BodyRules, total=False):
    """What may be changed of a body."""

    kind: str
    name: str


class MandateFields(TypedDict, total=False):
    """What may be written of a member besides its body."""

    full_name: str
    contact: Contact | None
    represents: Organisation | None
    role: str
    substitute_of: Mandate | None
    email: str
    start_on: date
    end_on: date | None


@transaction.atomic
def create_body(
    *,
    territory: Territory,
    kind: str,
    name: str,
    fictitious: bool | None = None,
    **fields: Unpack[BodyRules],
) -> Body:
    """A new body. Without `deliberates` or `code`, those of its kind. `fictitious` None: as the
    workspace."""
    if kind not in BodyKind.values:
        raise ValidationError({"kind": "Cette nature d’instance n’existe pas."})
    usual = KIND_DEFAULTS[BodyKind(kind)]
    body = Body(
        territory=territory,
        kind=kind,
        name=name,
        deliberates=usual.deliberates,
        fictitious=territory.workspace.fictitious if fictitious is None else fictitious,
    )
    assign(body, fields)
    body.code = body.code or _free_code(territory, usual.code)
    return save(body)


@transaction.atomic
def update_body(*, body: Body, **changes: Unpack[BodyFields]) -> Body:
    """Change what is written of it; the numbers of its acts stay."""
    assign(body, changes)
    return save(body)


@transaction.atomic
def close_body(*, body: Body, active: bool) -> Body:
    """It no longer sits, or sits again. Nothing is lost."""
    body.active = active
    return save(body, reason="en fonction" if active else "n’est plus en fonction")


@transaction.atomic
def add_member(
    *, body: Body, fictitious: bool | None = None, **fields: Unpack[MandateFields]
) -> Mandate:
    """A member in office. Without name, that of the contact, which also says whom it represents.

    ValidationError when the person already has a mandate in the body at that time.
    """
    body = Body.objects.select_for_update().select_related("territory__workspace").get(pk=body.pk)
    mandate = Mandate(body=body, fictitious=body.fictitious if fictitious is None else fictitious)
    assign(mandate, fields)
    if mandate.contact is not None:
        mandate.full_name = mandate.full_name or mandate.contact.full_name
        mandate.represents = mandate.represents or mandate.contact.organisation
    return save(_with_purge(mandate))


@transaction.atomic
def update_member(*, mandate: Mandate, **changes: Unpack[MandateFields]) -> Mandate:
    """Change what is written of a member; an end of mandate brings the purge nearer."""
    Body.objects.select_for_update().get(pk=mandate.body_id)
    assign(mandate, changes)
    return save(_with_purge(mandate))


@transaction.atomic
def remove_member(*, mandate: Mandate) -> None:
    """Take away a member written by mistake. ValidationError for one who took part in a sitting:
    a mandate that ran is ended, never erased."""
    try:
        with transaction.atomic():
            mandate.delete()
    except ProtectedError as error:
        raise ValidationError(
            f"{mandate} a pris part à une séance : donnez une fin à son mandat."
        ) from error


def purge_addresses(today: date) -> int:
    """Erase the addresses whose date has come. Returns how many."""
    due = Mandate.objects.filter(purge_on__lte=today).exclude(email="")
    return due.update(email="", purge_on=None)


def _with_purge(mandate: Mandate) -> Mandate:
    """An address kept has a day on which it goes: a while after the mandate, whenever it ends."""
    mandate.purge_on = None
    if mandate.email and mandate.start_on:
        mandate.purge_on = (
            mandate.end_on + KEPT_AFTER if mandate.end_on else mandate.start_on + KEPT_OPEN
        )
    if mandate.role != MemberRole.SUBSTITUTE:
        mandate.substitute_of = None
    return mandate


def _free_code(territory: Territory, wished: str) -> str:
    """The usual code of the kind, with a number when another body has it."""
    taken = set(Body.objects.filter(territory=territory).values_list("code", flat=True))
    numbered = (f"{wished}{number}" for number in range(2, 100))
    return next(code for code in [wished, *numbered] if code not in taken)


def named(body: Body, text: str, day: date) -> Mandate | None:
    """The member in office of that name, however it is typed; None when there is none, or two."""
    found = list(body.mandates.in_office(day).filter(name_key=search_key(text))[:2])
    return found[0] if len(found) == 1 else None
