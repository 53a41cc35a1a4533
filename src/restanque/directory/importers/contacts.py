"""Import of contacts: people and services of organisations already in the directory."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.core.imports import RowPlan, RowProblem
from restanque.core.models import RowAction
from restanque.directory import services
from restanque.directory.importers import columns
from restanque.directory.importers.base import (
    DirectoryImporter,
    Known,
    Places,
    differences,
    labels,
    person_fields,
)
from restanque.directory.models import Contact, Organisation
from restanque.directory.services.journal import Journal, snapshot
from restanque.kit.tabular import ValidRow
from restanque.kit.text import search_key
from restanque.territories.models import Commune

_DATES = ("purge_on", "do_not_contact_on")


class ContactImporter(DirectoryImporter):
    """Contacts; a known one (same address, or same name at the same place) is completed."""

    kind = "contacts"
    title = "Contacts"
    help = (
        "Une ligne par personne ou service. L’organisation est retrouvée par son SIRET, son nom "
        "ou, à défaut, la mairie de la commune. Une personne a toujours une finalité et une date "
        "d’effacement. Qui a demandé à ne plus être relancé le reste."
    )
    columns = columns.CONTACT_COLUMNS

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """Why and until when, for the rows that do not say."""
        return person_fields()

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Find each row's organisation, then the contact."""
        places = Places(workspace, rows)
        known = Known(workspace)
        held = Contact.objects.filter(organisation__workspace=workspace)
        by_email = {(c.organisation_id, c.email): c for c in held if c.email}
        by_name = {(c.organisation_id, c.name_key): c for c in held}
        plans = []
        seen: dict[object, int] = {}
        for row in rows:
            owner, problem = _owner(row, places, known)
            if owner is None:
                plans.append(RowPlan.error(row.number, f"Ligne {row.number} : {problem}"))
                continue
            values = _values(row, context)
            key = (owner.pk, search_key(values["full_name"]))
            found = by_email.get((owner.pk, values.get("email", ""))) or by_name.get(key)
            if key in seen:
                summary = f"{values['full_name']} : déjà à la ligne {seen[key]}"
                plans.append(RowPlan.skip(row.number, summary))
                continue
            seen[key] = row.number
            plans.append(_plan(row.number, owner, found, values))
        return plans

    def write(self, plan: RowPlan, journal: Journal, workspace: Workspace) -> None:
        """Add or complete the contact."""
        values = dict(plan.payload["values"])
        for name in _DATES:
            if values.get(name):
                values[name] = dt.date.fromisoformat(values[name])
        if plan.action == RowAction.CREATE:
            owner = Organisation.objects.filter(
                workspace=workspace, pk=plan.payload["organisation"]
            ).first()
            if owner is None:
                raise RowProblem("l’organisation n’existe plus.")
            journal.created(services.add_contact(organisation=owner, reason=self.reason, **values))
            return
        contact = Contact.objects.filter(
            organisation__workspace=workspace, pk=plan.payload["pk"]
        ).first()
        if contact is None:
            raise RowProblem("le contact n’existe plus.")
        before = snapshot(contact)
        services.update_contact(contact=contact, reason=self.reason, **values)
        journal.updated(contact, before)


def _owner(row: ValidRow, places: Places, known: Known) -> tuple[Organisation | None, str]:
    """The organisation a row speaks of, or None with what to mend."""
    siret = str(row.values.get("siret") or "")
    if siret in known.by_siret:
        return known.by_siret[siret], ""
    commune, problem = places.of(row)
    name = str(row.values.get("organisation") or "")
    if name:
        return _named(name, commune, known)
    if commune is None:
        return None, problem or "indiquez l’organisation, son SIRET ou la commune."
    return _mairie(commune, known)


def _named(name: str, commune: Commune | None, known: Known) -> tuple[Organisation | None, str]:
    found = known.match(name=name, commune=commune)
    if found is not None:
        return found, ""
    same = known.by_bare_name.get(search_key(name), [])
    if len(same) == 1:
        return same[0], ""
    if same:
        return None, f"plusieurs organisations s’appellent « {name} » : ajoutez la commune."
    if commune is not None and search_key(name).startswith(("mairie", "ville", "commune")):
        return _mairie(commune, known)
    return None, f"« {name} » n’est pas dans l’annuaire : importez d’abord les organisations."


def _mairie(commune: Commune, known: Known) -> tuple[Organisation | None, str]:
    mairie = known.mairies.get(commune.pk)
    if mairie is not None:
        return mairie, ""
    return None, f"la mairie de {commune.name} n’est pas dans l’annuaire : ajoutez les mairies."


def _values(row: ValidRow, context: Mapping[str, Any]) -> dict[str, Any]:
    read = row.values
    first_name = read.get("first_name") or ""
    values: dict[str, Any] = {"full_name": f"{first_name} {read['full_name']}".strip()}
    for name in ("function", "email", "phone"):
        if read.get(name):
            values[name] = read[name].lower() if name == "email" else read[name]
    values["is_personal"] = read.get("is_personal") is not False
    if values["is_personal"]:
        purge_on = read.get("purge_on")
        values["purpose"] = read.get("purpose") or context.get("purpose") or ""
        values["purge_on"] = purge_on.isoformat() if purge_on else context.get("purge_on") or None
    if read.get("do_not_contact"):
        values["do_not_contact"] = True
        values["do_not_contact_on"] = timezone.localdate().isoformat()
        values["do_not_contact_reason"] = "indiqué dans un fichier importé"
    return values


def _plan(
    number: int, owner: Organisation, found: Contact | None, values: dict[str, Any]
) -> RowPlan:
    summary = f"{values['full_name']}, {owner}"
    if found is None:
        if values["is_personal"] and not (values["purpose"] and values["purge_on"]):
            return RowPlan.error(
                number,
                f"Ligne {number} : « {values['full_name']} » est une personne : choisissez la "
                "finalité et la date d’effacement, ou écrivez « non » dans « C’est une personne ».",
            )
        return RowPlan.create(number, summary, payload={"organisation": owner.pk, "values": values})
    # What the record already says of its purpose and silence is not taken back by a file.
    kept = {"is_personal", *(n for n in ("purpose", "purge_on") if getattr(found, n))}
    if found.do_not_contact:
        kept |= {"do_not_contact", "do_not_contact_on", "do_not_contact_reason"}
    changes = differences(found, {k: v for k, v in values.items() if k not in kept})
    if not changes:
        return RowPlan.skip(number, f"{summary} : rien de nouveau")
    return RowPlan.update(
        number,
        f"{summary} : {labels(Contact, changes)}",
        payload={"pk": found.pk, "values": changes},
    )
