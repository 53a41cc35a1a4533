"""Writes on procedures: created, changed, archived, aimed, the law acknowledged."""

from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.engine.law import RuleSet, prefect_objections
from restanque.kit.text import search_key
from restanque.law.current import law_of
from restanque.procedures.law_memory import remember
from restanque.procedures.models import ObjectionNote, Procedure, Target
from restanque.procedures.nomenclature import KINDS, ObjectionState
from restanque.procedures.services.saving import save
from restanque.territories.models import Territory


class ProcedureFields(TypedDict, total=False):
    """What may be written of a procedure besides its territory and kind."""

    name: str
    document: str
    prescribed_on: date
    prescription_proof: str
    prescription_source: str
    to_confirm: bool
    conditions: dict[str, bool]
    participation: str
    note: str


@transaction.atomic
def create_procedure(
    *,
    territory: Territory,
    kind: str,
    by: User | None = None,
    fictitious: bool | None = None,
    **fields: Unpack[ProcedureFields],
) -> Procedure:
    """A new procedure; the law of the day is the one acknowledged.

    `fictitious` None: as the workspace.
    """
    made = Procedure(
        territory=territory,
        kind=kind,
        created_by=by,
        fictitious=territory.workspace.fictitious if fictitious is None else fictitious,
    )
    _assign(made, fields)
    if kind not in KINDS:
        raise ValidationError({"kind": "Cette nature de procédure n’existe pas."})
    return save(_with_law(made, law_of(territory.workspace)))


@transaction.atomic
def update_procedure(*, procedure: Procedure, **changes: Unpack[ProcedureFields]) -> Procedure:
    """Change what is recorded of it; the kind and the territory stay."""
    _assign(procedure, changes)
    return save(procedure)


@transaction.atomic
def archive_procedure(*, procedure: Procedure, archived: bool) -> Procedure:
    """Take it out of the lists and calendars, or bring it back. Nothing is lost."""
    procedure.archived = archived
    return save(procedure, reason="archivée" if archived else "rétablie")


@transaction.atomic
def acknowledge_law(*, procedure: Procedure) -> Procedure:
    """The dates moved by the new state of the law were seen: it is the one kept from now on."""
    law = law_of(procedure.workspace)
    return save(_with_law(procedure, law), reason="état du droit pris en compte")


@transaction.atomic
def set_target(*, procedure: Procedure, step: str, wished_on: date | None) -> Target | None:
    """Aim at a date for a step; None aims no more. ValidationError for a step already done."""
    target = Target.objects.filter(procedure=procedure, step=step).first()
    if wished_on is None:
        if target is not None:
            target.delete()
        return None
    if step == procedure.engine_kind.launch or procedure.facts.filter(step=step).exists():
        raise ValidationError({"step": "Cette étape est déjà faite : elle n’a plus de date visée."})
    target = target or Target(procedure=procedure, step=step)
    target.wished_on = wished_on
    return save(target)


@transaction.atomic
def note_objection(
    *,
    procedure: Procedure,
    rule_id: str,
    state: ObjectionState,
    evidence: str,
    by: User | None = None,
    on: date | None = None,
) -> ObjectionNote:
    """What was found of one possible objection of the prefect; to clear it asks for evidence."""
    if rule_id not in {rule.id for rule in prefect_objections(law_of(procedure.workspace))}:
        raise ValidationError("Cette objection n’est pas dans la liste.")
    note = ObjectionNote.objects.filter(procedure=procedure, rule_id=rule_id).first()
    note = note or ObjectionNote(procedure=procedure, rule_id=rule_id)
    note.state, note.evidence = state, evidence.strip()
    note.noted_by, note.noted_on = by, on or timezone.localdate()
    return save(note)


def _assign(procedure: Procedure, fields: ProcedureFields) -> None:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(procedure, name, value)
    procedure.name_key = search_key(procedure.name)


def _with_law(procedure: Procedure, law: RuleSet) -> Procedure:
    procedure.law_version = law.version
    procedure.law_memory = remember(law, procedure.engine_kind)
    return procedure
