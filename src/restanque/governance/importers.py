"""Import of the members of a body from the team's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, RowProblem, UndoRefused
from restanque.directory.importers.base import IsoDateField
from restanque.directory.models import Organisation
from restanque.governance.models import Body, Mandate
from restanque.governance.nomenclature import MemberRole
from restanque.governance.perms import can_edit_governance
from restanque.governance.services import bodies as services
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import search_key

_ROLES = {
    "president": MemberRole.PRESIDENT,
    "presidente": MemberRole.PRESIDENT,
    "vice president": MemberRole.VICE_PRESIDENT,
    "vice presidente": MemberRole.VICE_PRESIDENT,
    "titulaire": MemberRole.MEMBER,
    "membre": MemberRole.MEMBER,
    "membre titulaire": MemberRole.MEMBER,
    "delegue": MemberRole.MEMBER,
    "deleguee": MemberRole.MEMBER,
    "delegue titulaire": MemberRole.MEMBER,
    "suppleant": MemberRole.SUBSTITUTE,
    "suppleante": MemberRole.SUBSTITUTE,
    "delegue suppleant": MemberRole.SUBSTITUTE,
}


def role_of(text: str) -> str:
    """The role that a word names; ValueError, in French, for another word."""
    key = search_key(text)
    numbered = [word for word in key.split() if not word[0].isdigit()]
    found = _ROLES.get(key) or _ROLES.get(" ".join(numbered))
    if found is None:
        raise ValueError(
            f"« {text} » n’est pas un rôle connu : président, vice-président, titulaire ou "
            "suppléant."
        )
    return found.value


class MemberImporter(Importer):
    """One row a member; titulars first, so that substitutes find whom they replace."""

    kind = "governance-members"
    title = "Membres d’une instance"
    help = (
        "Une ligne par membre : nom, rôle, commune ou organisme représenté. Un membre déjà en "
        "fonction est laissé tel quel. Placez les suppléants après les titulaires qu’ils suppléent."
    )
    columns = (
        Column(
            "full_name", "Nom", required=True, max_length=150,
            aliases=("nom et prenom", "nom prenom", "membre", "elu", "delegue"),
            example="Jeanne Martin",
        ),
        Column("first_name", "Prénom", max_length=80, help="S’il est à part."),
        Column(
            "role", "Rôle", parse=role_of, aliases=("fonction", "qualite"),
            example="titulaire",
            help="Président, vice-président, titulaire ou suppléant. Vide : titulaire.",
        ),
        Column(
            "represents", "Représente", max_length=200,
            aliases=("organisme", "collectivite", "commune", "epci", "structure"),
            help="Nom tel que dans l’annuaire.",
        ),
        Column("substitute_of", "Supplée", max_length=150, aliases=("suppleant de",)),
        Column("email", "Adresse électronique", kind="email", aliases=("courriel", "mail", "mel")),
        Column(
            "start_on", "Depuis le", kind="date", aliases=("debut", "date de debut", "en fonction"),
            help="Vide : la date donnée avec le fichier.",
        ),
        Column("end_on", "Jusqu’au", kind="date", aliases=("fin", "date de fin")),
    )  # fmt: skip

    def allowed(self, membership: Membership) -> bool:
        """Who may write members may bring them."""
        return can_edit_governance(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """Of which body, and since when."""
        own = Body.objects.visible_to(membership).active().select_related("territory")
        choices = [(str(one.pk), f"{one.name}, {one.territory.name}") for one in own]
        return {
            "body": forms.ChoiceField(label="Instance", choices=choices),
            "start_on": IsoDateField(
                label="En fonction depuis le",
                help_text="Pour les lignes qui ne le disent pas.",
            ),
        }

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """What each row would add. Reads only."""
        body = _body_of(workspace, context)
        known = [(one.name_key, one.start_on, one.end_on) for one in body.mandates.all()]
        places = _places(workspace)
        return [self._one(row, known, places, context) for row in rows]

    def _one(
        self,
        row: ValidRow,
        known: list[tuple[str, date, date | None]],
        places: dict[str, list[int]],
        context: Mapping[str, Any],
    ) -> RowPlan:
        values = row.values
        name = " ".join(filter(None, [values.get("first_name"), values["full_name"]]))
        start = values.get("start_on") or _day(context.get("start_on"))
        end = values.get("end_on")
        if start is None:
            return RowPlan.error(row.number, f"{name} : donnez la date de début du mandat.")
        if end is not None and end < start:
            return RowPlan.error(row.number, f"{name} : le mandat finit avant d’avoir commencé.")
        key = search_key(name)
        if any(key == one and _meet(start, end, begun, ended) for one, begun, ended in known):
            return RowPlan.skip(row.number, f"{name} : déjà membre à cette date")
        place, doubt = _place(str(values.get("represents") or ""), places)
        known.append((key, start, end))
        payload = {
            "full_name": name,
            "role": values.get("role") or MemberRole.MEMBER.value,
            "represents": place,
            "substitute_of": values.get("substitute_of") or "",
            "email": values.get("email") or "",
            "start_on": start.isoformat(),
            "end_on": end.isoformat() if end else None,
        }
        label = MemberRole(str(payload["role"])).label
        return RowPlan.create(row.number, f"{name}, {label}{doubt}", payload=payload)

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Add one member; the journal holds what takes it back."""
        body, values = _body_of(workspace, context), dict(plan.payload)
        start = date.fromisoformat(values["start_on"])
        whom = values["substitute_of"]
        replaced = services.named(body, whom, start) if whom else None
        if whom and replaced is None:
            raise RowProblem(f"« {whom} », que cette personne supplée, n’est pas membre.")
        place = Organisation.objects.filter(workspace=workspace, pk=values["represents"]).first()
        try:
            made = services.add_member(
                body=body,
                full_name=values["full_name"],
                role=values["role"],
                represents=place,
                substitute_of=replaced,
                email=values["email"],
                start_on=start,
                end_on=_day(values["end_on"]),
            )
        except ValidationError as error:
            raise RowProblem(" ".join(error.messages)) from error
        return {"pk": made.pk, "history": made.history.count()}

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Take the member away, unless somebody touched it, or it sat, since."""
        made = Mandate.objects.filter(
            body__territory__workspace=workspace, pk=journal["pk"]
        ).first()
        if made is None:
            return
        if made.history.count() != journal["history"]:
            raise UndoRefused(f"{made} a été modifié depuis l’import")
        try:
            services.remove_member(mandate=made)
        except ValidationError as error:
            raise UndoRefused(" ".join(error.messages)) from error


def _body_of(workspace: Workspace, context: Mapping[str, Any]) -> Body:
    found = Body.objects.filter(
        territory__workspace=workspace, pk=int(context.get("body") or 0)
    ).first()
    if found is None:
        raise ValidationError("Cette instance n’existe pas.")
    return found


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)) if value else None


def _meet(start: date, end: date | None, begun: date, ended: date | None) -> bool:
    """Do two mandates have a day in common?"""
    return (end is None or begun <= end) and (ended is None or start <= ended)


def _places(workspace: Workspace) -> dict[str, list[int]]:
    """Name in the directory → organisations; « mairie de X » also answers to « X »."""
    found: dict[str, list[int]] = {}
    rows = Organisation.objects.active().filter(workspace=workspace)
    for pk, key in rows.order_by("pk").values_list("pk", "name_key"):
        for name in {key, key.removeprefix("mairie de ").removeprefix("mairie d ")}:
            found.setdefault(name, []).append(pk)
    return found


def _place(text: str, places: dict[str, list[int]]) -> tuple[int | None, str]:
    """The organisation of that name, and what to say when it is not sure."""
    if not text:
        return None, ""
    found = places.get(search_key(text), [])
    if len(found) == 1:
        return found[0], f", pour {text}"
    why = "plusieurs dans l’annuaire" if found else "pas dans l’annuaire"
    return None, f" ; « {text} » : {why}, à relier à la main"
