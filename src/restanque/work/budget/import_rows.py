"""How a row of a past budget is read: what each nature needs, what is known already. No write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from restanque.accounts.models import Workspace
from restanque.directory.models import Organisation
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import search_key
from restanque.work.budget.alerts import euros
from restanque.work.budget.nomenclature import Post, Section
from restanque.work.budget.reckoning import with_tax
from restanque.work.models import Budget


class Nature(StrEnum):
    """What a row is."""

    PLANNED = "planned"
    CONTRACT = "contract"
    AMENDMENT = "amendment"
    COMMITMENT = "commitment"
    INVOICE = "invoice"
    SUBSIDY = "subsidy"
    STAFF = "staff"


NATURES = {
    Nature.PLANNED: "prévu",
    Nature.CONTRACT: "marché",
    Nature.AMENDMENT: "avenant",
    Nature.COMMITMENT: "engagement",
    Nature.INVOICE: "facture",
    Nature.SUBSIDY: "subvention",
    Nature.STAFF: "ETP",
}

COLUMNS = (
    Column(
        "nature",
        "Nature",
        kind="choice",
        required=True,
        choices={one.value: label for one, label in NATURES.items()},
        example="facture",
        help="Ce que dit la ligne du fichier.",
    ),
    Column(
        "line",
        "Ligne de budget",
        example="Études",
        max_length=150,
        aliases=("ligne", "imputation"),
        help="Créée si elle n’existe pas. Pour un engagement ou une facture : la ligne, ou le "
        "marché.",
    ),
    Column("post", "Poste", kind="choice", choices=dict(Post.choices), example="études"),
    Column("section", "Section", kind="choice", choices=dict(Section.choices)),
    Column(
        "year", "Année", kind="integer", minimum=1990, maximum=2150, example="2025",
        aliases=("exercice",), help="Pour « prévu » et « ETP ».",
    ),
    Column(
        "day", "Date", kind="date", example="24/11/2025",
        help="Notification, signature, engagement, réception, accord.",
    ),
    Column("label", "Objet", max_length=200, aliases=("libellé", "intitulé", "poste occupé")),
    Column(
        "reference", "Référence", max_length=80, example="2025-03", aliases=("numéro", "n°"),
        help="Du marché, de l’engagement ou de la facture ; numéro d’un avenant.",
    ),
    Column(
        "contract", "Marché", max_length=80, example="2025-03",
        help="La référence du marché : il doit être dans le budget, ou plus haut dans le fichier.",
    ),
    Column(
        "organisation", "Prestataire ou financeur", max_length=200,
        aliases=("prestataire", "titulaire", "fournisseur", "financeur"),
        help="Un prestataire doit être dans l’annuaire, sous ce nom ou ce SIRET.",
    ),
    Column("amount_ht", "Montant HT (€)", kind="number", aliases=("HT",), example="12 500,00"),
    Column("vat_rate", "TVA (%)", kind="number", minimum=0, maximum=100, aliases=("taux TVA",)),
    Column("amount_ttc", "Montant TTC (€)", kind="number", aliases=("TTC", "montant")),
    Column("end", "Fin", kind="date", help="Fin du marché ; date limite d’une subvention."),
    Column(
        "settled_on", "Payée ou reçue le", kind="date",
        aliases=("payée le", "payé le", "reçu le", "versé le", "date de paiement"),
        help="Paiement d’une facture ; versement d’une subvention, en entier.",
    ),
    Column("fte", "ETP", kind="number", minimum=0, maximum=100, example="0,60"),
)  # fmt: skip
_TITLES = {column.name: column.title for column in COLUMNS}
#: What each nature cannot do without: a name, or several of which one is enough.
NEEDED: Mapping[Nature, tuple[tuple[str, ...], ...]] = {
    Nature.PLANNED: (("line",), ("year",), ("amount_ht", "amount_ttc")),
    Nature.CONTRACT: (("label",), ("reference",), ("organisation",), ("amount_ht", "amount_ttc")),
    Nature.AMENDMENT: (("contract",), ("day",), ("amount_ht", "amount_ttc")),
    Nature.COMMITMENT: (("day",), ("line", "contract"), ("amount_ttc", "amount_ht")),
    Nature.INVOICE: (("day",), ("line", "contract"), ("amount_ttc", "amount_ht")),
    Nature.SUBSIDY: (("organisation",), ("amount_ttc", "amount_ht")),
    Nature.STAFF: (("label",), ("year",), ("fte",)),
}
_CENT = Decimal("0.01")


class Unusable(ValueError):
    """The row cannot be kept: which column, and the mend (French)."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(f"{_TITLES[column]} : {message}")


@dataclass
class Known:
    """What the budget holds, and what the rows above add to it."""

    workspace: Workspace
    vat_rate: Decimal | None
    lines: dict[str, Decimal] = field(default_factory=dict)
    planned: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    contracts: dict[str, Decimal] = field(default_factory=dict)
    facts: set[tuple[object, ...]] = field(default_factory=set)

    @classmethod
    def of(cls, budget: Budget, vat_rate: Decimal | None) -> Known:
        """What is there before the file."""
        known = cls(budget.workspace, vat_rate)
        for line in budget.lines.all():
            known.lines[line.label_key] = line.vat_rate
            for plan in line.amounts.all():
                known.planned[line.label_key, plan.year] = plan.amount_ht
        for contract in budget.contracts.all():
            known.contracts[search_key(contract.reference)] = contract.vat_rate
        known.facts = set(_facts_of(budget))
        return known

    def provider(self, typed: str) -> Organisation:
        """The organisation of that SIRET or name; Unusable when there is not exactly one."""
        own = Organisation.objects.active().filter(workspace=self.workspace)
        digits = typed.replace(" ", "")
        by_siret = own.filter(siret=digits) if len(digits) == 14 and digits.isdigit() else None
        found = list((by_siret or own.filter(name_key=search_key(typed)))[:2])
        if len(found) == 1:
            return found[0]
        words = "n’est pas dans l’annuaire. Ajoutez-le d’abord, puis recommencez."
        if found:
            words = "désigne plusieurs organisations de l’annuaire. Écrivez le SIRET."
        raise Unusable("organisation", f"« {typed} » {words}")


def _facts_of(budget: Budget) -> Iterator[tuple[object, ...]]:
    """What makes each recorded fact the same as a row: see `_Fact.identity`."""
    lines = {one.pk: one.label_key for one in budget.lines.all()}
    contracts = {one.pk: search_key(one.reference) for one in budget.contracts.all()}
    places = {
        one.pk: contracts.get(one.contract_id or 0) or lines.get(one.line_id or 0, "")
        for one in budget.commitments.all()
    }
    for contract in budget.contracts.all():
        for change in contract.amendments.all():
            day = change.signed_on.isoformat()
            yield Nature.AMENDMENT, contracts[contract.pk], day, change.delta_ht
    for one in budget.commitments.all():
        day = one.committed_on.isoformat()
        yield Nature.COMMITMENT, places[one.pk], one.reference, one.name, day, one.amount_ttc
    for bill in budget.invoices.all():
        own = contracts.get(bill.contract_id or 0) or lines.get(bill.line_id or 0, "")
        place = own or places.get(bill.commitment_id or 0, "")
        day = bill.received_on.isoformat()
        yield Nature.INVOICE, place, bill.reference, bill.name, day, bill.amount_ttc
    for grant in budget.subsidies.all():
        yield Nature.SUBSIDY, search_key(grant.funder_name), grant.name
    for staff in budget.staff_years.all():
        yield Nature.STAFF, staff.post_key, staff.year


@dataclass(frozen=True, slots=True)
class Reading:
    """A usable row: its summary, its JSON payload, whether it is known or changes a plan."""

    summary: str
    payload: dict[str, Any]
    known: bool = False
    changes: bool = False


@dataclass(frozen=True, slots=True)
class _Fact:
    """A row whose columns were checked, with its amounts before and with tax."""

    nature: Nature
    values: Mapping[str, Any]
    rate: Decimal
    before_tax: Decimal
    with_taxes: Decimal

    def text(self, name: str) -> str:
        """A cell as text; empty without it."""
        return str(self.values.get(name, ""))

    def key(self, name: str) -> str:
        """A cell folded, to compare names however they are written."""
        return search_key(self.text(name))

    @property
    def payload(self) -> dict[str, Any]:
        """What the import keeps between the preview and the writing, as JSON."""
        return {
            **{name: _plain(value) for name, value in self.values.items()},
            "nature": self.nature.value,
            "vat_rate": str(self.rate),
            "amount_ht": str(self.before_tax),
            "amount_ttc": str(self.with_taxes),
            "has_amount": "amount_ht" in self.values or "amount_ttc" in self.values,
        }

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it the same fact as another one."""
        day = self.values["day"].isoformat() if "day" in self.values else ""
        by_nature: Mapping[Nature, tuple[object, ...]] = {
            Nature.AMENDMENT: (self.key("contract"), day, self.before_tax),
            Nature.COMMITMENT: (*self._place, day, self.with_taxes),
            Nature.INVOICE: (*self._place, day, self.with_taxes),
            Nature.SUBSIDY: (self.key("organisation"), self.text("label")),
            Nature.STAFF: (self.key("label"), self.values.get("year")),
        }
        return self.nature, *by_nature[self.nature]

    @property
    def _place(self) -> tuple[str, str, str]:
        return self.key("contract") or self.key("line"), self.text("reference"), self.text("label")

    def summary(self, *words: str) -> str:
        """« facture : F 12, 1 200 € »."""
        return f"{NATURES[self.nature]} : {', '.join(word for word in words if word)}"


def read(row: ValidRow, known: Known) -> Reading:
    """Read a row and add what it brings to `known`. Unusable says what is wrong with it."""
    values = {name: value for name, value in row.values.items() if value is not None}
    nature = Nature(values["nature"])
    _check(nature, values, known)
    rate = _rate(values, known)
    fact = _Fact(nature, values, rate, *_amounts(values, rate))
    if nature is Nature.PLANNED:
        return _planned(fact, known)
    if nature is Nature.CONTRACT:
        return _contract(fact, known)
    return _other(fact, known)


def _check(nature: Nature, values: Mapping[str, Any], known: Known) -> None:
    """What the nature needs is there, and makes sense."""
    for names in NEEDED[nature]:
        if not any(name in values for name in names):
            others = "".join(f" ou « {_TITLES[name]} »" for name in names[1:])
            what = NATURES[nature]
            raise Unusable(names[0], f"remplissez-la{others}, pour une ligne « {what} ».")
    for name in ("amount_ht", "amount_ttc"):
        if values.get(name, Decimal(0)) < 0 and nature is not Nature.AMENDMENT:
            raise Unusable(name, "un montant négatif n’est accepté que pour un avenant.")
    if "line" in values and not search_key(values["line"]):
        raise Unusable("line", "ce nom n’a ni lettre ni chiffre. Donnez un nom à la ligne.")
    contract = str(values.get("contract", ""))
    if contract and search_key(contract) not in known.contracts:
        raise Unusable(
            "contract",
            f"le marché « {contract} » n’est ni dans le budget, ni plus haut dans le fichier. "
            "Ajoutez sa ligne « marché » avant celle-ci.",
        )


def _planned(fact: _Fact, known: Known) -> Reading:
    place = fact.key("line"), int(fact.values["year"])
    former = known.planned.get(place)
    known.planned[place] = fact.before_tax
    known.lines.setdefault(place[0], fact.rate)
    amount = f"{euros(fact.before_tax)} HT"
    return Reading(
        fact.summary(fact.text("line"), fact.text("year"), amount),
        fact.payload,
        known=former == fact.before_tax,
        changes=former is not None,
    )


def _contract(fact: _Fact, known: Known) -> Reading:
    provider = known.provider(fact.text("organisation"))
    reference = fact.key("reference")
    seen = reference in known.contracts
    known.contracts.setdefault(reference, fact.rate)
    if "line" in fact.values:
        known.lines.setdefault(fact.key("line"), fact.rate)
    name = f"{fact.text('label')} ({fact.text('reference')})"
    summary = fact.summary(name, f"{euros(fact.before_tax)} HT")
    return Reading(summary, fact.payload | {"provider": provider.pk}, known=seen)


def _other(fact: _Fact, known: Known) -> Reading:
    names = ("reference", "organisation", "label", "line", "contract")
    name = next(fact.text(one) for one in names if one in fact.values)
    what = fact.text("year") if fact.nature is Nature.STAFF else euros(fact.with_taxes)
    seen = fact.identity in known.facts
    known.facts.add(fact.identity)
    return Reading(fact.summary(name, what), fact.payload, known=seen)


def _rate(values: Mapping[str, Any], known: Known) -> Decimal:
    """The rate of VAT: the row's, its contract's, its line's, else the normal one."""
    line, contract = (search_key(str(values.get(name, ""))) for name in ("line", "contract"))
    for found in (values.get("vat_rate"), known.contracts.get(contract), known.lines.get(line)):
        if found is not None:
            return Decimal(found)
    if known.vat_rate is None:
        raise Unusable("vat_rate", "le taux normal n’est pas connu. Remplissez cette colonne.")
    return known.vat_rate


def _amounts(values: Mapping[str, Any], rate: Decimal) -> tuple[Decimal, Decimal]:
    """Before tax and with tax; each is deduced from the other when it is missing."""
    before_tax, with_taxes = values.get("amount_ht"), values.get("amount_ttc")
    if with_taxes is None:
        with_taxes = with_tax(before_tax, rate) if before_tax is not None else Decimal(0)
    if before_tax is None:
        before_tax = with_taxes * 100 / (100 + rate)
    for name, value in (("amount_ht", before_tax), ("amount_ttc", with_taxes)):
        if abs(value) >= 10**10:
            raise Unusable(name, "ce montant est trop grand. Vérifiez l’unité : des euros.")
    return before_tax.quantize(_CENT, ROUND_HALF_UP), with_taxes.quantize(_CENT, ROUND_HALF_UP)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)
