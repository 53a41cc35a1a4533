"""Bakeries and mills that a public file names: put in the directory, with an offer to complete.

The file says that a place exists, never what it can bake: capacity, price and wish stay unknown.
A record already there is recognised by its SIRET; by its name in the same commune, it is used too,
but the preview says that this is a guess.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import RowPlan, RowProblem, UndoRefused
from restanque.core.models import RowAction
from restanque.directory import services as directory
from restanque.directory.importers.base import (
    DirectoryImporter,
    Known,
    Places,
    differences,
    labels,
    person_fields,
)
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import journal as journals
from restanque.directory.services.saving import assign, written_by
from restanque.kit.tabular import ValidRow
from restanque.kit.text import plural, search_key
from restanque.supply.models import BakeryOffer, MillOffer
from restanque.supply.perms import can_edit_supply
from restanque.supply.services import imported
from restanque.supply.suppliers import bare_name
from restanque.territories.models import Commune, Territory

#: What is completed of a known record, never replaced.
_COMPLETED = ("siret", "address", "postal_code", "phone", "website", "longitude", "latitude")


class LeftOut(Exception):
    """This row is not taken, and it is no fault: why, in French."""


class Unusable(Exception):
    """This row cannot be taken: what is wrong and the mend, in French."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a row says of one establishment."""

    name: str
    kind: Kind
    siret: str = ""
    sole_trader: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


class KnownPlacesImporter(DirectoryImporter):
    """What SIRENE and OSM files share."""

    origin: ClassVar[str]

    def allowed(self, membership: Membership) -> bool:
        """Who may both import in the directory and change offers."""
        return super().allowed(membership) and can_edit_supply(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """For which territory, and why persons (sole traders) are kept."""
        own = Territory.objects.visible_to(membership)
        return {
            "territory": forms.ChoiceField(
                label="Territoire",
                choices=[(str(one.pk), one.name) for one in own],
                help_text="Les lignes des autres communes sont laissées de côté.",
            ),
            **person_fields(),
        }

    @abstractmethod
    def candidate(self, row: ValidRow) -> Candidate:
        """What the row says. Raises LeftOut or Unusable."""

    def place(self, row: ValidRow, places: Places, book: Book) -> tuple[Commune | None, str]:
        """Its commune, or what is wrong."""
        return places.of(row)

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Recognise each row, or describe what would be created. Reads only."""
        territory = Territory.objects.get(workspace=workspace, pk=int(context["territory"]))
        book = Book(territory)
        places = Places(workspace, rows)
        return [self._plan_row(row, places, book, context) for row in rows]

    def _plan_row(
        self, row: ValidRow, places: Places, book: Book, context: Mapping[str, Any]
    ) -> RowPlan:
        try:
            one = self.candidate(row)
        except LeftOut as why:
            return RowPlan.skip(row.number, str(why))
        except Unusable as fault:
            return RowPlan.error(row.number, f"Ligne {row.number} : {fault}")
        commune, problem = self.place(row, places, book)
        if commune is None:
            told = problem or "la commune manque."
            return RowPlan.error(row.number, f"Ligne {row.number} : {told}", summary=one.name)
        summary = f"{one.name} ({commune.name})"
        if commune.pk not in book.communes:
            return RowPlan.skip(row.number, f"{summary} : hors du territoire choisi")
        keys = [one.siret] if one.siret else []
        keys.append(f"{one.name.lower()}|{commune.pk}|{one.siret}")
        for key in keys:
            if key in book.seen:
                return RowPlan.skip(row.number, f"{summary} : déjà à la ligne {book.seen[key]}")
        book.seen.update(dict.fromkeys(keys, row.number))
        found, doubt = book.match(one, commune)
        if found is not None:
            return self._known(row, one, found, doubt, book)
        return self._new(row, one, commune, summary, book, context)

    def _known(
        self, row: ValidRow, one: Candidate, found: Organisation, doubt: str, book: Book
    ) -> RowPlan:
        if found.kind != one.kind:
            return RowPlan.error(
                row.number,
                f"Ligne {row.number} : « {found} » est dans l’annuaire comme "
                f"{found.get_kind_display().lower()}. Corrigez sa nature, puis recommencez.",
            )
        said = {"siret": one.siret, **one.values}
        missing = {name: said.get(name) for name in _COMPLETED if not getattr(found, name)}
        changes = differences(found, {k: v for k, v in missing.items() if v not in (None, "")})
        offered = found.pk in book.offered
        if not changes and offered:
            return RowPlan.skip(row.number, f"{found} : déjà dans l’annuaire et dans les offres")
        parts = [] if offered else ["offre à compléter"]
        if changes:
            parts.append(f"complète : {labels(Organisation, changes)}")
        told = f"{found} : {', '.join(parts)}{doubt}"
        payload = {"pk": found.pk, "values": changes, "kind": str(one.kind)}
        return RowPlan.update(row.number, told, payload=payload)

    def _new(
        self,
        row: ValidRow,
        one: Candidate,
        commune: Commune,
        summary: str,
        book: Book,
        context: Mapping[str, Any],
    ) -> RowPlan:
        values: dict[str, Any] = {
            **{name: value for name, value in one.values.items() if value not in (None, "")},
            "name": one.name,
            "siret": one.siret,
            "commune_id": commune.pk,
            "is_sole_trader": one.sole_trader,
        }
        if one.sole_trader:
            values |= {name: context.get(name) or "" for name in ("purpose", "purge_on")}
            if not (values["purpose"] and values["purge_on"]):
                return RowPlan.error(
                    row.number,
                    f"Ligne {row.number} : une entreprise individuelle est une personne. "
                    "Choisissez la finalité et la date d’effacement, puis recommencez.",
                    summary=summary,
                )
        problem = _refusal(values)
        if problem:
            return RowPlan.error(row.number, f"Ligne {row.number} : {problem}", summary=summary)
        more = book.nameless_of(commune)
        told = f"{summary}, {one.kind.label.lower()} : fiche et offre à compléter{more}"
        return RowPlan.create(row.number, told, payload={"values": values, "kind": str(one.kind)})

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """The directory's record, then its offer; the journal undoes both."""
        journal = journals.Journal()
        with written_by(user):
            organisation = self._written(plan, journal, workspace)
        territory = Territory.objects.get(workspace=workspace, pk=int(context["territory"]))
        today = timezone.localdate()
        source = f"{self.origin}, fichier importé le {today:%d/%m/%Y}"
        offer = imported.offer_to_complete(
            territory=territory, organisation=organisation, source=source, today=today
        )
        kept = None if offer is None else [str(offer._meta.model_name), offer.pk]
        return {**journal.as_json(), "offer": kept}

    def _written(
        self, plan: RowPlan, journal: journals.Journal, workspace: Workspace
    ) -> Organisation:
        values = dict(plan.payload["values"])
        if values.get("purge_on"):
            values["purge_on"] = date.fromisoformat(values["purge_on"])
        if plan.action == RowAction.CREATE:
            commune = Commune.objects.get(pk=values.pop("commune_id"))
            created = directory.create_organisation(
                workspace=workspace,
                kind=Kind(plan.payload["kind"]),
                commune=commune,
                source=self.origin,
                checked_on=timezone.localdate(),
                reason=self.reason,
                **values,
            )
            journal.created(created)
            return created
        found = Organisation.objects.filter(workspace=workspace, pk=plan.payload["pk"]).first()
        if found is None:
            raise RowProblem("cette organisation n’existe plus.")
        if values:
            before = journals.snapshot(found)
            directory.update_organisation(organisation=found, reason=self.reason, **values)
            journal.updated(found, before)
        return found

    def write(self, plan: RowPlan, journal: journals.Journal, workspace: Workspace) -> None:
        """The directory's part alone; `apply` adds the offer."""
        self._written(plan, journal, workspace)

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Take the offer away, then the record, unless somebody used or changed them since."""
        kept = journal.get("offer")
        if kept is not None and not imported.withdraw_offer(
            kind=kept[0], pk=kept[1], workspace=workspace
        ):
            raise UndoRefused("l’offre a été complétée ou sert depuis l’import")
        super().undo(journal, workspace=workspace)


class Book:
    """The territory's communes, its offers, and the directory, read once."""

    def __init__(self, territory: Territory) -> None:
        today = timezone.localdate()
        self.territory = territory
        self.members = {one.pk: one for one in territory.communes_at(today)}
        self.communes = set(self.members)
        #: Contours of the members, read when a point has to be placed.
        self.contours: dict[str, BaseGeometry] | None = None
        self.known = Known(territory.workspace)
        self.seen: dict[str, int] = {}
        self.offered = {
            pk
            for model in (BakeryOffer, MillOffer)
            for pk in model._default_manager.filter(territory=territory).values_list(
                "organisation", flat=True
            )
            if pk
        }
        nameless = BakeryOffer.objects.active().filter(
            territory=territory, placeholder_commune__isnull=False
        )
        self._nameless = Counter(nameless.values_list("placeholder_commune", flat=True))
        self._bare = {
            (bare_name(one.name_key), one.commune_id): one
            for found in self.known.by_bare_name.values()
            for one in found
        }

    def match(self, one: Candidate, commune: Commune) -> tuple[Organisation | None, str]:
        """The record of this establishment, and the doubt in words; None when it is new."""
        sure = self.known.by_siret.get(one.siret) if one.siret else None
        if sure is not None:
            return sure, ""
        found = self._bare.get((bare_name(search_key(one.name)), commune.pk))
        if found is None or (one.siret and found.siret):
            return None, ""
        return found, " ; à vérifier : reconnue par son nom et sa commune seulement"

    def nameless_of(self, commune: Commune) -> str:
        """A warning where nameless bakeries stand for the same ovens."""
        count = self._nameless[commune.pk]
        if not count:
            return ""
        told = plural(count, "boulangerie sans nom", "boulangeries sans nom")
        return f" ; {commune.name} a {told} : retirez-en autant"


def _refusal(values: Mapping[str, Any]) -> str:
    """What the table would refuse, told at the preview."""
    draft = Organisation()
    plain = {
        name: value for name, value in values.items() if name not in ("commune_id", "purge_on")
    }
    try:
        assign(draft, plain)
        draft.clean_fields(exclude=("workspace", "commune", "parent", "merged_into", "kind"))
    except ValidationError as error:
        return " ".join(
            f"{labels(Organisation, [name])} : {' '.join(told)}"
            for name, told in error.message_dict.items()
        )
    return ""
