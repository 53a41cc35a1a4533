"""Import of contributions typed in a workbook: letters, registers, messages, meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, RowProblem, UndoRefused, register
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import search_key
from restanque.procedures.concertation.nomenclature import ModerationState, Way
from restanque.procedures.concertation.perms import can_edit_concertation
from restanque.procedures.concertation.services import contributions as services
from restanque.procedures.models import Contribution, Procedure, Theme
from restanque.procedures.models.contributions import LONGEST

_WAYS = {value: label.capitalize() for value, label in Way.choices if value != Way.WEB}


class ContributionImporter(Importer):
    """One row a contribution; no name, no address."""

    kind = "contributions"
    title = "Contributions du public"
    help = (
        "Une ligne par contribution venue par courrier, registre, courriel ou à l’oral. Les thèmes "
        "se séparent par un point-virgule et doivent être dans la liste de la procédure. Ni nom "
        "ni adresse : recopiez ce qui est dit."
    )
    columns = (
        Column(
            "received_on", "Reçue le", kind="date", required=True, example="12/03/2026",
            aliases=("date",),
        ),
        Column(
            "way", "Voie", kind="choice", required=True, choices=_WAYS, example="Registre papier"
        ),
        Column(
            "text", "Texte", required=True, example="Il manque une piste cyclable.",
            aliases=("contribution", "observation"),
        ),
        Column("themes", "Thèmes", example="Mobilités ; Énergie", aliases=("theme",)),
    )  # fmt: skip

    def allowed(self, membership: Membership) -> bool:
        """Who may type a contribution in may bring many."""
        return can_edit_concertation(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """To which procedure."""
        own = Procedure.objects.visible_to(membership).running()
        return {
            "procedure": forms.ChoiceField(
                label="Procédure", choices=[(str(one.pk), one.name) for one in own]
            )
        }

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Which rows are new. Reads only."""
        procedure = _procedure(workspace, context)
        if procedure is None:
            return [RowPlan.error(row.number, "Cette procédure n’existe pas.") for row in rows]
        themes = {one.name_key: one for one in procedure.themes.all()}
        known = {
            (mark, day, way): number
            for mark, day, way, number in procedure.contributions.values_list(
                "fingerprint", "received_on", "way", "number"
            )
        }
        return [_one(row, themes, known) for row in rows]

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Record one."""
        procedure = _procedure(workspace, context)
        if procedure is None:
            raise RowProblem("Cette procédure n’existe plus.")
        values = dict(plan.payload)
        keys = values.pop("themes")
        day = date.fromisoformat(values.pop("received_on"))
        made = services.record(
            procedure=procedure,
            received_on=day,
            themes=procedure.themes.filter(name_key__in=keys),
            **values,
        )
        return {"pk": made.pk}

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Erase it, unless somebody has worked on it since."""
        one = Contribution.objects.filter(
            pk=journal["pk"], procedure__territory__workspace=workspace
        ).first()
        if one is None:
            return
        if one.state != ModerationState.WAITING or one.answer_id is not None:
            raise UndoRefused(f"la {one} a été relue ou a reçu une réponse depuis")
        services.remove(contribution=one)


def _procedure(workspace: Workspace, context: Mapping[str, Any]) -> Procedure | None:
    return Procedure.objects.filter(
        territory__workspace=workspace, pk=int(context["procedure"])
    ).first()


def _one(
    row: ValidRow, themes: Mapping[str, Theme], known: Mapping[tuple[str, date, str], int]
) -> RowPlan:
    values = row.values
    text = services.tidy(str(values["text"]))
    if len(text) > LONGEST:
        message = f"Le texte a {len(text)} caractères : {LONGEST} au plus. Coupez-le en deux."
        return RowPlan.error(row.number, message)
    names = [name.strip() for name in str(values.get("themes") or "").split(";")]
    keys = [search_key(name) for name in names if name]
    unknown = [name for name in names if name and search_key(name) not in themes]
    if unknown:
        message = (
            f"Le thème « {unknown[0]} » n’est pas dans la liste de la procédure : corrigez-le, ou "
            "ajoutez-le d’abord aux thèmes."
        )
        return RowPlan.error(row.number, message)
    mark = (services.fingerprint(text), values["received_on"], str(values["way"]))
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    if mark in known:
        return RowPlan.skip(row.number, f"{shown} : déjà enregistrée, n° {known[mark]}")
    payload = {
        "received_on": values["received_on"].isoformat(),
        "way": str(values["way"]),
        "text": text,
        "themes": keys,
    }
    return RowPlan.create(row.number, shown, payload=payload)


def register_all() -> None:
    """Offer the import."""
    register(ContributionImporter())
