"""What the directory's imports share: rights, choices beside the file, communes, matching."""

import datetime as dt
import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, UndoRefused
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.perms import can_import_directory
from restanque.directory.services import journal as journals
from restanque.directory.services.saving import written_by
from restanque.kit import forms as kit_forms
from restanque.kit.tabular import ValidRow
from restanque.kit.text import search_key
from restanque.territories.models import Commune, Territory, TerritoryMembership
from restanque.territories.resolve import resolve_many

# « Mairie de Trets », « Ville d’Arles », « Commune du Rove »: the name is what follows.
_OFFICE = re.compile(
    r"^\s*(?:mairie|ville|commune|municipalité)\s+(?:de\s+|d['’]\s*|du\s+|des\s+)?", re.IGNORECASE
)


class DirectoryImporter(Importer):
    """An import of the room: undone by its journal, limited to a territory when asked."""

    def allowed(self, membership: Membership) -> bool:
        """See `perms.can_import_directory`."""
        return can_import_directory(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """The territory outside which rows are left out."""
        own = Territory.objects.visible_to(membership)
        choices = [("", "Toutes les lignes"), *((str(t.pk), t.name) for t in own)]
        return {
            "territory": forms.ChoiceField(
                label="Garder seulement les lignes du territoire", choices=choices, required=False
            )
        }

    def apply(
        self,
        plan: RowPlan,
        *,
        workspace: Workspace,
        context: Mapping[str, Any],
        user: User | None,
    ) -> dict[str, Any]:
        """Write the row in the name of the person who imports, keeping what undoes it."""
        journal = journals.Journal()
        with written_by(user):
            self.write(plan, journal, workspace)
        return journal.as_json()

    @abstractmethod
    def write(self, plan: RowPlan, journal: journals.Journal, workspace: Workspace) -> None:
        """Do a create or update plan, telling the journal each write."""

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Undo one row, unless it was touched since."""
        try:
            journals.undo(journal, workspace=workspace)
        except journals.ChangedSinceError as error:
            raise UndoRefused(str(error)) from error

    @property
    def reason(self) -> str:
        """What the history says of these writes."""
        return f"import : {self.title.lower()}"[:100]


class IsoDateField(kit_forms.DateField):
    """A day kept as ISO text: what is chosen beside a file is JSON."""

    def clean(self, value: Any) -> Any:
        """« 2029-11-24 », or an empty text."""
        day = super().clean(value)
        return day.isoformat() if isinstance(day, dt.date) else ""


def person_fields() -> dict[str, forms.Field]:
    """Why the file's persons are kept, and until when: asked once for the whole file."""
    return {
        "purpose": kit_forms.TextField(
            label="Finalité pour les personnes",
            required=False,
            max_length=250,
            help_text="Pourquoi l’équipe garde les coordonnées des personnes de ce fichier.",
        ),
        "purge_on": IsoDateField(
            label="Date d’effacement",
            required=False,
            help_text="Ce jour-là les personnes de ce fichier sont effacées, sauf date repoussée.",
        ),
    }


class Places:
    """The communes that rows name, resolved together in a few queries.

    A name borne by several communes of France is settled by the workspace's territories; with
    `anywhere=False`, communes outside these territories are refused.
    """

    def __init__(
        self, workspace: Workspace, rows: Sequence[ValidRow], *, anywhere: bool = True
    ) -> None:
        today = timezone.localdate()
        own = TerritoryMembership.objects.in_force(today).filter(territory__workspace=workspace)
        self.own = list(Commune.objects.filter(pk__in=own.values("commune")))
        lines = {line for row in rows for line in _lines(row)}
        self._found = self._resolve(sorted(lines), anywhere or not self.own)

    def of(self, row: ValidRow) -> tuple[Commune | None, str]:
        """The row's commune, or None with what is wrong (empty when the row names none)."""
        problem = ""
        for line in _lines(row):
            commune, message = self._found[line]
            if commune is not None:
                return commune, ""
            problem = problem or f"« {line} » : {message}"
        return None, problem or self._by_postal_code(row)[1]

    def postal(self, row: ValidRow) -> Commune | None:
        """The only own commune of the row's postal code, when it names no commune."""
        return self._by_postal_code(row)[0]

    def _by_postal_code(self, row: ValidRow) -> tuple[Commune | None, str]:
        # A postal code alone must not be read as an INSEE code: 13100 is both.
        code = row.values.get("postal_code") or ""
        found = [c for c in self.own if code and code in c.postal_code_list]
        return (found[0], "") if len(found) == 1 else (None, "")

    def _resolve(self, lines: list[str], anywhere: bool) -> dict[str, tuple[Commune | None, str]]:
        within = resolve_many(lines, within=self.own).lines if self.own else ()
        found = {line.text: (line.commune, line.message) for line in within}
        rest = [line for line in lines if found.get(line, (None, ""))[0] is None]
        if anywhere:
            for line in resolve_many(rest).lines:
                if line.commune is not None or line.text not in found:
                    found[line.text] = line.commune, line.message
        return found


def _lines(row: ValidRow) -> list[str]:
    """What the row says of its commune, the surest first."""
    code = str(row.values.get("code_insee") or "").strip()
    name = _OFFICE.sub("", str(row.values.get("commune") or "")).strip()
    postal = str(row.values.get("postal_code") or "").strip()
    lines = [code] if code else []
    if name:
        lines.append(f"{name} {postal}".strip())
    return lines


class Known:
    """The workspace's organisations, to recognise those a file speaks of."""

    def __init__(self, workspace: Workspace) -> None:
        self.by_siret: dict[str, Organisation] = {}
        self.by_name: dict[tuple[str, str | None], Organisation] = {}
        self.by_bare_name: dict[str, list[Organisation]] = {}
        self.mairies: dict[str, Organisation] = {}
        own = Organisation.objects.filter(workspace=workspace, merged_into__isnull=True)
        for organisation in own.order_by("-pk"):
            if organisation.siret:
                self.by_siret[organisation.siret] = organisation
            if not organisation.active:
                continue
            self.by_name[organisation.name_key, organisation.commune_id] = organisation
            self.by_bare_name.setdefault(organisation.name_key, []).append(organisation)
            if organisation.kind == Kind.MAIRIE and organisation.commune_id:
                self.mairies[organisation.commune_id] = organisation

    def match(
        self, *, siret: str = "", name: str = "", commune: Commune | None = None, kind: str = ""
    ) -> Organisation | None:
        """Same SIRET; else same name in the same commune; else the commune's mairie.

        A record whose SIRET is another is another establishment, whatever its name.
        """
        if siret and siret in self.by_siret:
            return self.by_siret[siret]
        code = commune.pk if commune is not None else None
        found = self.by_name.get((search_key(name), code)) if name else None
        if found is None and kind == Kind.MAIRIE and code is not None:
            found = self.mairies.get(code)
        if found is not None and siret and found.siret:
            return None
        return found


def territory_codes(workspace: Workspace, context: Mapping[str, Any]) -> set[str] | None:
    """The communes the import is limited to, or None when every row counts."""
    chosen = context.get("territory")
    if not chosen:
        return None
    territory = Territory.objects.filter(workspace=workspace, pk=int(chosen)).first()
    if territory is None:
        return set()
    return set(territory.communes_at(timezone.localdate()).values_list("pk", flat=True))


def json_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a row as JSON: dates as ISO text, numbers plain, empty ones left out."""
    return {name: _plain(value) for name, value in values.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool | int | str | list):
        return value
    return float(value)


def differences(record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Of the values given, those that the record has not yet (JSON form)."""
    current = journals.snapshot(record)
    return {name: value for name, value in values.items() if current.get(name) != value}


def labels(model: type[Model], names: Iterable[str]) -> str:
    """The fields' French names, for the preview."""
    fields = (model._meta.get_field(name) for name in names)
    return ", ".join(dict.fromkeys(str(field.verbose_name) for field in fields))  # type: ignore[union-attr]
