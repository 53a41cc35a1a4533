"""Writes on the law of a workspace."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.accounts.models import User, Workspace
from restanque.engine.law import LawError, Override, Rule, RuleSet, content_of, merge, shipped
from restanque.law.codec import to_json
from restanque.law.current import compose, law_of
from restanque.law.models import LawCheck, LawOverride, Table, Verdict


def proposed(
    *,
    workspace: Workspace,
    table: Table,
    object_id: str,
    changes: Mapping[str, Any],
    reason: str,
    on: date,
) -> RuleSet:
    """The law that `override_law` would make; nothing is written. ValidationError as it would."""
    return _composed_with(_checked(table, object_id, changes, reason, on), workspace)


def without(*, override: LawOverride) -> RuleSet:
    """The law that `withdraw_override` would make; nothing is written."""
    workspace = override.workspace
    others = [one for one in workspace.law_overrides.all() if one.pk != override.pk]
    return compose(others, workspace.law_checks.all()).law


@transaction.atomic
def override_law(
    *,
    workspace: Workspace,
    table: Table,
    object_id: str,
    changes: Mapping[str, Any],
    reason: str,
    on: date,
    by: User | None = None,
) -> LawOverride:
    """Put the team's values in place of the shipped ones, from now on and for every procedure.

    `changes` maps fields of `engine.law.EDITABLE` to values of `engine.law`. What makes no sense is
    refused with the words of the engine (ValidationError).
    """
    wanted = _checked(table, object_id, changes, reason, on)
    _composed_with(wanted, workspace)
    kept = LawOverride.objects.filter(
        workspace=workspace, table=table, object_id=object_id
    ).first() or LawOverride(workspace=workspace, table=table, object_id=object_id)
    kept.changes, kept.reason = wanted.changes, wanted.reason
    kept.made_on, kept.made_by = on, by
    kept.full_clean()
    kept._change_reason = wanted.reason[:100]  # type: ignore[attr-defined]
    kept.save()
    return kept


@transaction.atomic
def withdraw_override(*, override: LawOverride) -> None:
    """Go back to the shipped value; the history keeps what was changed."""
    override._change_reason = "valeur d’origine rétablie"  # type: ignore[attr-defined]
    override.delete()


@transaction.atomic
def record_check(
    *,
    workspace: Workspace,
    table: Table,
    object_id: str,
    verdict: Verdict,
    on: date,
    link: str = "",
    note: str = "",
    by: User | None = None,
) -> LawCheck:
    """Somebody read the text in force. « Le texte dit bien cela » makes the rule « texte lu ».

    ValidationError when the object does not exist, or when sources give it several values: the
    value read must then be chosen first (`override_law`).
    """
    one = getattr(law_of(workspace), table.value).get(object_id)
    if one is None:
        raise ValidationError("Cette règle n’existe pas.")
    if verdict is Verdict.SAME and isinstance(one, Rule) and one.candidates:
        raise ValidationError(
            {"verdict": "Les sources donnent plusieurs délais : choisissez d’abord celui du texte."}
        )
    check = LawCheck(
        workspace=workspace,
        table=table,
        object_id=object_id,
        content=content_of(one),
        verdict=verdict,
        link=link.strip(),
        note=note.strip(),
        checked_on=on,
        checked_by=by,
    )
    check.full_clean()
    check.save()
    return check


def _composed_with(wanted: LawOverride, workspace: Workspace) -> RuleSet:
    """The law with this override; ValidationError when it does not stand with the others."""
    this = (str(wanted.table), wanted.object_id)
    others = [
        one for one in workspace.law_overrides.all() if (str(one.table), one.object_id) != this
    ]
    made = compose([*others, wanted], workspace.law_checks.all())
    for table, name, why in made.unfit:
        if (str(table), name) == this:
            raise ValidationError(why)
    return made.law


def _checked(
    table: Table, object_id: str, changes: Mapping[str, Any], reason: str, on: date
) -> LawOverride:
    """The override, not saved, once the engine has taken it."""
    if not changes:
        raise ValidationError(
            "Rien ne change. Pour dire que vous avez lu le texte, notez une relecture."
        )
    try:
        merge(shipped(), [Override(table.value, object_id, dict(changes), reason, on)])
    except LawError as error:
        raise ValidationError(str(error)) from error
    return LawOverride(
        table=table,
        object_id=object_id,
        changes=to_json(dict(changes)),
        reason=reason.strip(),
        made_on=on,
    )
