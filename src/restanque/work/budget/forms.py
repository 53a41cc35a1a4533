"""Forms of budgets. Each takes what it hangs on (`parent`) and what it corrects (`record`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from restanque.accounts.models import Membership
from restanque.directory.forms import OrganisationField
from restanque.directory.models import Organisation
from restanque.kit import forms as kit_forms
from restanque.territories.models import Territory
from restanque.work.budget.alerts import euros
from restanque.work.budget.nomenclature import Category, Post, Section, SubsidyKind
from restanque.work.budget.perms import organisations_of
from restanque.work.budget.services.contracts import ACCEPTED
from restanque.work.models import (
    Budget,
    BudgetLine,
    Commitment,
    Contract,
    Subsidy,
)
from restanque.work.models.budget.common import FIRST_YEAR, LAST_YEAR

_YEAR = "year_"


def _money(label: str, **options: Any) -> kit_forms.DecimalField:
    options.setdefault("min_value", Decimal(0))
    return kit_forms.DecimalField(label=label, max_digits=12, decimal_places=2, **options)


def _percent(label: str, **options: Any) -> kit_forms.DecimalField:
    return kit_forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        **options,
    )


def _year(label: str) -> kit_forms.IntegerField:
    return kit_forms.IntegerField(label=label, min_value=FIRST_YEAR, max_value=LAST_YEAR)


def _choice(label: str, model: type[Model], empty: str) -> Any:
    return forms.ModelChoiceField(
        label=label, queryset=model._default_manager.none(), required=False, empty_label=empty
    )


class BudgetForm(forms.Form):
    """A budget and what it pays for."""

    territory: forms.ModelChoiceField[Territory] = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), empty_label=None
    )
    name = kit_forms.TextField(label="Nom", max_length=150)
    opened_in = _year("Première année")
    subject_label = kit_forms.TextField(
        label="Ce que ce budget finance",
        max_length=200,
        required=False,
        help_text="Par exemple : révision du SCoT.",
    )
    subject_path = kit_forms.TextField(
        label="Sa page dans l’application",
        max_length=300,
        required=False,
        help_text="Copiez l’adresse de la page de la procédure : le budget s’y affichera.",
    )
    note = forms.CharField(
        label="Remarque", required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        territories: QuerySet[Territory],
        budget: Budget | None = None,
        **kwargs: Any,
    ) -> None:
        if budget is not None:
            kwargs["initial"] = {name: getattr(budget, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        if budget is None:
            self.fields["territory"].queryset = territories  # type: ignore[attr-defined]
        else:
            del self.fields["territory"]

    def clean_subject_path(self) -> str:
        """What was pasted from the browser's bar holds the site: only the path is kept."""
        return urlsplit(str(self.cleaned_data["subject_path"])).path

    def clean(self) -> dict[str, Any]:
        """A name and a page go together."""
        data = super().clean() or self.cleaned_data
        label, path = data.get("subject_label"), data.get("subject_path")
        if path and not label:
            self.add_error("subject_label", "Nommez ce que cette page présente.")
        if label and "subject_path" in data and not path:
            self.add_error("subject_path", "Donnez l’adresse de sa page, ou effacez le nom.")
        return data


class PartForm(forms.Form):
    """What the forms of the parts of a budget share."""

    #: Fields whose value is not read on the record.
    apart: Sequence[str] = ()

    def __init__(
        self,
        *args: Any,
        parent: Any,
        membership: Membership,
        today: date,
        record: Any = None,
        **kwargs: Any,
    ) -> None:
        if record is not None:
            names = [name for name in self.base_fields if name not in self.apart]
            kwargs["initial"] = {name: getattr(record, name) for name in names}
        super().__init__(*args, **kwargs)
        self.parent, self.record, self.membership, self.today = parent, record, membership, today
        self.budget: Budget = parent.budget
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices."""

    def offer(self, name: str, queryset: QuerySet[Any]) -> None:
        """The choices of a field."""
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = queryset

    def offer_organisations(self, name: str) -> None:
        """The directory's, and the one already named."""
        field = cast(OrganisationField, self.fields[name])
        known = getattr(self.record, name, None)
        field.queryset = organisations_of(self.membership)
        if known is not None:
            field.queryset = Organisation.objects.filter(pk=known.pk) | field.queryset

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        return dict(self.cleaned_data)


class LineForm(PartForm):
    """A line, and what it plans for each year."""

    label = kit_forms.TextField(label="Nom de la ligne", max_length=150)
    post = forms.ChoiceField(label="Poste", choices=Post.choices)
    section = forms.ChoiceField(label="Section", choices=Section.choices)
    vat_rate = _percent("Taux de TVA (%)")

    def prepare(self) -> None:
        """One amount a year: those known, and three years to come."""
        known = (
            {one.year: one.amount_ht for one in self.record.amounts.all()} if self.record else {}
        )
        last = max([self.today.year + 3, self.budget.opened_in, *known])
        self.years = range(min([self.budget.opened_in, *known]), min(last, LAST_YEAR) + 1)
        for year in self.years:
            self.fields[f"{_YEAR}{year}"] = _money(
                f"Prévu en {year} (€ HT)", required=False, initial=known.get(year)
            )
        self.fields[
            f"{_YEAR}{self.years[0]}"
        ].help_text = "Laissez vide ce que vous ne savez pas ; écrivez 0 si rien n’est prévu."

    def values(self) -> dict[str, Any]:
        """The years together."""
        data = self.cleaned_data
        fields = {name: data[name] for name in self.base_fields}
        return fields | {"planned": {year: data[f"{_YEAR}{year}"] for year in self.years}}


class ContractForm(PartForm):
    """A contract with a provider of the directory."""

    name = kit_forms.TextField(label="Objet", max_length=200)
    provider = OrganisationField(
        label="Prestataire",
        help_text="Une organisation de l’annuaire. Si elle n’y est pas, ajoutez-la d’abord.",
    )
    reference = kit_forms.TextField(label="Référence", max_length=80, required=False)
    category = forms.ChoiceField(label="Nature", choices=Category.choices)
    awarding = kit_forms.TextField(
        label="Procédure de passation",
        max_length=120,
        required=False,
        help_text="Par exemple : procédure adaptée.",
    )
    line = _choice("Ligne de budget", BudgetLine, "Aucune pour l’instant")
    amount_ht = _money("Montant initial (€ HT)")
    vat_rate = _percent("Taux de TVA (%)")
    notified_on = kit_forms.DateField(label="Notifié le", required=False)
    ends_on = kit_forms.DateField(label="Fin prévue le", required=False)
    note = forms.CharField(
        label="Remarque", required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )

    def prepare(self) -> None:
        """Lines of the budget; organisations of the directory."""
        self.offer("line", self.budget.lines.all())
        self.offer_organisations("provider")


class AmendmentForm(PartForm):
    """An amendment."""

    number = kit_forms.IntegerField(label="Numéro", min_value=1, max_value=999)
    name = kit_forms.TextField(label="Objet", max_length=200, required=False)
    signed_on = kit_forms.DateField(label="Signé le")
    delta_ht = _money(
        "En plus ou en moins (€ HT)",
        min_value=None,
        help_text="Par exemple 4 500, ou -1 200 pour une baisse, ou 0 si seule la durée change.",
    )
    new_end = kit_forms.DateField(label="Nouvelle fin", required=False)

    def prepare(self) -> None:
        """The next number."""
        contract: Contract = self.parent
        last = contract.amendments.order_by("number").last()
        self.fields["number"].initial = last.number + 1 if last else 1


class DeliverableForm(PartForm):
    """A phase and what is handed over."""

    apart = ("upload",)

    name = kit_forms.TextField(label="Phase ou livrable", max_length=200)
    due_on = kit_forms.DateField(label="Attendu le", required=False)
    received_on = kit_forms.DateField(label="Reçu le", required=False)
    accepted_on = kit_forms.DateField(label="Accepté le", required=False)
    upload = forms.FileField(
        label="Fichier reçu",
        required=False,
        help_text="PDF, image, Word ou tableur, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in ACCEPTED)}),
    )

    def prepare(self) -> None:
        """Say which file is there."""
        if self.record is not None and self.record.file:
            self.fields[
                "upload"
            ].help_text = f"Fichier actuel : {self.record.file_name}. Un autre le remplacerait."


class CommitmentForm(PartForm):
    """Money set aside."""

    name = kit_forms.TextField(label="Objet", max_length=200, required=False)
    reference = kit_forms.TextField(label="Référence", max_length=80, required=False)
    contract = _choice("Marché", Contract, "Aucun")
    line = _choice("Ligne de budget", BudgetLine, "Celle du marché")
    committed_on = kit_forms.DateField(label="Engagé le")
    amount_ttc = _money("Montant (€ TTC)", min_value=Decimal("0.01"))

    def prepare(self) -> None:
        """Contracts and lines of the budget."""
        self.offer("contract", self.budget.contracts.all())
        self.offer("line", self.budget.lines.all())


class CommitmentChoice(forms.ModelChoiceField[Commitment]):
    """A commitment, with its amount."""

    def label_from_instance(self, obj: Any) -> str:
        """« EJ 12, 03/02/2026 : 12 000 € »."""
        return f"{obj}\u202f: {euros(obj.amount_ttc)}"


class InvoiceForm(PartForm):
    """An invoice received."""

    reference = kit_forms.TextField(label="Numéro de facture", max_length=80, required=False)
    name = kit_forms.TextField(label="Objet", max_length=200, required=False)
    commitment = CommitmentChoice(
        label="Engagement",
        queryset=Commitment.objects.none(),
        required=False,
        empty_label="Aucun",
    )
    contract = _choice("Marché", Contract, "Celui de l’engagement")
    line = _choice("Ligne de budget", BudgetLine, "Celle de l’engagement ou du marché")
    received_on = kit_forms.DateField(
        label="Reçue le", help_text="Le délai de paiement court à partir de ce jour."
    )
    amount_ht = _money("Montant (€ HT)", required=False)
    amount_ttc = _money("Montant (€ TTC)")
    paid_on = kit_forms.DateField(label="Payée le", required=False)

    def prepare(self) -> None:
        """Commitments, contracts and lines of the budget."""
        self.offer("commitment", self.budget.commitments.all())
        self.offer("contract", self.budget.contracts.all())
        self.offer("line", self.budget.lines.all())


class SubsidyForm(PartForm):
    """A subsidy, asked, granted or refused."""

    kind = forms.ChoiceField(label="Nature", choices=SubsidyKind.choices)
    funder_label = kit_forms.TextField(label="Financeur", max_length=150, required=False)
    funder = OrganisationField(
        label="Financeur de l’annuaire",
        required=False,
        help_text="S’il y est : choisissez-le au lieu d’écrire son nom.",
    )
    name = kit_forms.TextField(label="Objet ou dispositif", max_length=200, required=False)
    amount = _money(
        "Montant (€)", required=False, help_text="Vide : calculé du taux, ou pas encore connu."
    )
    base = _money("Dépense retenue (€)", required=False)
    rate = _percent("Taux (%)", required=False)
    asked_on = kit_forms.DateField(label="Demandée le", required=False)
    granted_on = kit_forms.DateField(label="Accordée le", required=False)
    refused_on = kit_forms.DateField(label="Refusée le", required=False)
    expires_on = kit_forms.DateField(
        label="À solder avant le", required=False, help_text="Date limite écrite dans l’accord."
    )

    def prepare(self) -> None:
        """Organisations of the directory."""
        self.offer_organisations("funder")

    def clean(self) -> dict[str, Any]:
        """Somebody pays."""
        data = super().clean() or self.cleaned_data
        if not data.get("funder") and not data.get("funder_label") and "funder" in data:
            self.add_error("funder_label", "Dites qui finance.")
        return data


class InstalmentForm(PartForm):
    """Money that came in."""

    name = kit_forms.TextField(
        label="Nature", max_length=120, required=False, help_text="Avance, acompte, solde…"
    )
    received_on = kit_forms.DateField(label="Reçu le")
    amount = _money("Montant (€)", min_value=Decimal("0.01"))

    def clean(self) -> dict[str, Any]:
        """A subsidy refused brings nothing in."""
        subsidy: Subsidy = self.parent
        if subsidy.refused_on is not None:
            raise ValidationError("Cette subvention est notée refusée : corrigez-la d’abord.")
        return super().clean() or self.cleaned_data


class StaffForm(PartForm):
    """The time of a post in a year."""

    year = _year("Année")
    post_label = kit_forms.TextField(
        label="Poste occupé",
        max_length=120,
        help_text="Le poste, pas le nom de la personne. Par exemple : chargé de mission SCoT.",
    )
    fte = kit_forms.DecimalField(
        label="Équivalents temps plein (ETP)",
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        help_text="Par exemple 0,6 pour trois jours sur cinq.",
    )
    cost = _money("Coût de l’année (€)", required=False, help_text="Vide : inconnu.")
