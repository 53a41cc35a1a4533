"""Forms of the room."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from restanque.engine.law import (
    Article,
    Confidence,
    Effect,
    Evidence,
    LawError,
    Parameter,
    Period,
    Regime,
    Rule,
    Status,
    Unit,
)
from restanque.kit import forms as kit_forms
from restanque.law.catalogue import EVIDENCE_CHOICES, Item
from restanque.law.models import Table, Verdict

# The law that created the SCoT is of 13 December 2000 (loi n° 2000-1208).
FIRST_SCOT, LAST_SCOT = date(2000, 12, 14), date(2100, 12, 31)
_UNITS = {
    Unit.DAYS: "jours",
    Unit.CLEAR_DAYS: "jours francs",
    Unit.OPEN_DAYS: "jours d’ouverture",
    Unit.MONTHS: "mois",
    Unit.YEARS: "ans",
}


class SearchForm(forms.Form):
    """Which rules to show."""

    q = kit_forms.TextField(
        label="Chercher", required=False, widget=forms.TextInput({"type": "search"})
    )
    evidence = forms.ChoiceField(
        label="Preuve", required=False, choices=[("", "Toutes"), *EVIDENCE_CHOICES.items()]
    )
    table = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *Table.choices]
    )
    ours = forms.ChoiceField(
        label="Par l’équipe",
        required=False,
        choices=[("", "Toutes"), ("1", "Modifiées ou relues par nous")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kit_forms.style_widget(field.widget)

    def chosen(self) -> dict[str, Any]:
        """As `Catalogue.found` takes it; a value that is no choice is left out."""
        self.is_valid()
        data = {name: self.cleaned_data.get(name, "") for name in ("q", "evidence", "table")}
        return {**data, "ours": self.cleaned_data.get("ours") == "1"}


class EvaluationForm(forms.Form):
    """A SCoT in force: when it was approved, and whether its analysis was deliberated."""

    approved_on = kit_forms.DateField(
        label="SCoT approuvé le", help_text="La date de la délibération d’approbation."
    )
    deliberated_on = kit_forms.DateField(
        label="Délibération sur l’analyse, le",
        required=False,
        help_text="Maintien ou révision décidés après l’analyse des résultats. Laissez vide s’il "
        "n’y en a pas, ou si vous ne savez pas.",
    )

    def clean(self) -> dict[str, Any]:
        """In their order, and of the age of SCoT."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        approved, later = data.get("approved_on"), data.get("deliberated_on")
        if approved and not FIRST_SCOT <= approved <= LAST_SCOT:
            self.add_error(
                "approved_on", "Donnez une date entre le 14 décembre 2000 et la fin de 2100."
            )
        elif approved and later and not approved < later <= LAST_SCOT:
            self.add_error("deliberated_on", "L’analyse vient après l’approbation.")
        return data


class CheckForm(forms.Form):
    """« I have read the text »."""

    verdict = forms.ChoiceField(
        label="Qu’avez-vous constaté ?", choices=Verdict.choices, widget=forms.RadioSelect
    )
    link = forms.URLField(
        label="Adresse du texte lu",
        max_length=400,
        required=False,
        assume_scheme="https",
        help_text="La page de l’article sur Légifrance, dans sa version en vigueur.",
    )
    checked_on = kit_forms.DateField(label="Lu le")
    note = forms.CharField(
        label="Remarque",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Si le texte dit autre chose : ce qu’il dit.",
    )

    def clean_checked_on(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise ValidationError("Cette date n’est pas encore venue.")
        return day


class OverrideForm(forms.Form):
    """The team's own values for one object of the law, with their proof and the reason."""

    def __init__(self, *args: Any, item: Item, shipped: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.shipped = item, shipped
        self._add_value(item)
        for name, label in (("valid_from", "Valable depuis le"), ("valid_to", "Valable jusqu’au")):
            self.fields[name] = kit_forms.DateField(
                label=label, required=False, initial=getattr(item, name)
            )
        for name, label in self._texts():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                initial=getattr(item, name),
                widget=forms.Textarea({"rows": 3}),
            )
        if isinstance(item, Article):
            self.fields["link"] = forms.URLField(
                label="Adresse de l’article", initial=item.link, assume_scheme="https"
            )
        self.fields["status"] = forms.ChoiceField(
            label="Comment le savez-vous ?",
            choices=[
                (Status.TEXT.value, "J’ai lu le texte en vigueur"),
                (Status.SECONDARY.value, "Une source sérieuse le dit"),
                (Status.MEMORY.value, "De mémoire : à vérifier"),
            ],
            widget=forms.RadioSelect,
        )
        self.fields["source"] = kit_forms.TextField(
            label="Source",
            max_length=300,
            help_text="L’adresse du texte, ou qui le dit et quand.",
        )
        self.fields["reason"] = forms.CharField(
            label="Pourquoi cette modification",
            widget=forms.Textarea({"rows": 2}),
            help_text="Par exemple : le décret n° … a porté ce délai à quatre mois.",
        )

    def _add_value(self, item: Item) -> None:
        if isinstance(item, Rule) and (item.period or item.candidates):
            period = item.period
            told = " ou ".join(one.period.label for one in item.candidates)
            self.fields["amount"] = kit_forms.IntegerField(
                label="Délai",
                min_value=1,
                max_value=3650,
                initial=period.amount if period else None,
                help_text=f"Les sources donnent : {told}." if told else "",
            )
            self.fields["unit"] = forms.ChoiceField(
                label="Compté en",
                choices=[(unit.value, label) for unit, label in _UNITS.items()],
                initial=(period or item.candidates[0].period).unit.value,
            )
        elif isinstance(item, Parameter):
            kind = kit_forms.DateField if isinstance(item.value, date) else kit_forms.IntegerField
            self.fields["value"] = kind(label=f"Valeur ({item.unit})", initial=item.value)

    def _texts(self) -> list[tuple[str, str]]:
        if isinstance(self.item, Article):
            return [("wording", "Ce que dit l’article, en vos mots")]
        texts = [("note", "Remarque")]
        if isinstance(self.item, Rule | Parameter):
            texts.insert(0, ("consequence", "Ce qui arrive si on l’oublie"))
        if isinstance(self.item, Rule) and self.item.effect is Effect.SILENCE:
            texts.insert(0, ("silence", "Ce que vaut le silence"))
        if isinstance(self.item, Regime):
            texts.insert(0, ("label", "Libellé"))
        return texts

    def changes(self, *, today: date) -> dict[str, Any]:
        """What differs from the shipped object, with its evidence; {} when nothing does."""
        data = self.cleaned_data
        wanted: dict[str, Any] = {
            name: data[name]
            for name in ("valid_from", "valid_to", "value", "link")
            if name in self.fields
        }
        # A text left empty keeps the shipped words: a rule never loses its consequence by a slip.
        wanted |= {name: data[name].strip() for name, _ in self._texts() if data[name].strip()}
        if "amount" in self.fields:
            wanted |= {"period": Period(data["amount"], Unit(data["unit"])), "candidates": ()}
        found = {k: v for k, v in wanted.items() if getattr(self.shipped, k) != v}
        if not found:
            return {}
        status = Status(data["status"])
        read = status is Status.TEXT
        confidence = Confidence.HIGH if read else Confidence.MEDIUM
        found["evidence"] = Evidence(
            status, confidence, data["source"], None if status is Status.MEMORY else today
        )
        return found

    def clean(self) -> dict[str, Any]:
        """The period is a possible one."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "amount" in data and "unit" in data:
            try:
                Period(data["amount"], Unit(data["unit"]))
            except LawError as error:
                self.add_error("amount", str(error))
        return data
