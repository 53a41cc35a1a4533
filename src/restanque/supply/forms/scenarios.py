"""Forms of scenarios: the question, its settings, its weights, what it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from restanque.kit import forms as kit_forms
from restanque.supply.assumptions import SETTINGS, Assumptions, Setting
from restanque.supply.models import Scenario
from restanque.supply.nomenclature import BreadClass
from restanque.supply.school import Rhythm, SchoolYear, Zone

#: Farthest the sliders go, €/kg, and their step.
MOST, STEP = 1.2, 0.05


class ScenarioNameForm(forms.Form):
    """How a scenario is called."""

    name = kit_forms.TextField(label="Nom", max_length=150)


class ScenarioForm(ScenarioNameForm):
    """The question and every setting, from the one table of settings."""

    description = forms.CharField(
        label="Ce qu’on veut savoir", required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, scenario: Scenario | None = None, **kwargs: Any) -> None:
        known = scenario.settings if scenario else Assumptions()
        if scenario is not None:
            kwargs["initial"] = {"name": scenario.name, "description": scenario.description}
        super().__init__(*args, **kwargs)
        for name, setting in SETTINGS.items():
            value = getattr(known, name)
            if isinstance(value, bool):
                self.fields[name] = forms.BooleanField(
                    label=setting.label, required=False, initial=value, help_text=setting.help
                )
            elif isinstance(value, int | float):
                self.fields[name] = self._number(setting, value)
        self.fields["convertible"] = forms.MultipleChoiceField(
            label=SETTINGS["convertible"].label,
            choices=BreadClass.choices,
            required=False,
            initial=known.convertible,
            widget=forms.CheckboxSelectMultiple,
            help_text=SETTINGS["convertible"].help,
        )
        for table in ("surcharges", "flour_prices"):
            for code, label in BreadClass.choices:
                self.fields[f"{table}_{code}"] = kit_forms.DecimalField(
                    label=f"{SETTINGS[table].label} (€/kg HT) : {label.lower()}",
                    min_value=Decimal(0),
                    max_value=Decimal(20),
                    initial=Decimal(str(getattr(known, table).get(code, 0))),
                )

    @staticmethod
    def _number(setting: Setting, value: float) -> forms.Field:
        kind = kit_forms.IntegerField if isinstance(value, int) else kit_forms.DecimalField
        unit = f" ({setting.unit})" if setting.unit else ""
        return kind(
            label=f"{setting.label}{unit}",
            initial=value if isinstance(value, int) else Decimal(str(value)),
            min_value=setting.lower,
            max_value=setting.upper,
            help_text=f"Défaut : {setting.source}." if setting.source else "",
        )

    def settings(self) -> dict[str, Any]:
        """What the scenario stores, from the cleaned fields."""
        data = self.cleaned_data
        made: dict[str, Any] = {"convertible": data["convertible"]}
        for name in SETTINGS:
            value = data.get(name)
            if name in data and name != "convertible":
                made[name] = float(value) if isinstance(value, Decimal) else value
        for table in ("surcharges", "flour_prices"):
            made[table] = {code: float(data[f"{table}_{code}"]) for code in BreadClass.values}
        return made


class _Slider(forms.FloatField):
    """A weight in €/kg, as a slider that the keyboard moves."""

    widget = forms.NumberInput

    def __init__(self, label: str, low: str, high: str) -> None:
        super().__init__(label=label, min_value=0.0, max_value=20.0)
        self.low, self.high = low, high


class WeightsForm(forms.Form):
    """The three weights that decide between cost, proximity, stability and sharing."""

    proximity = _Slider("Proximité", "le moins cher", "dans la commune")
    stability = _Slider("Stabilité", "le moins cher", "le boulanger d’aujourd’hui")
    spread = _Slider("Partage", "quelques fournils", "beaucoup de fournils")

    def __init__(self, *args: Any, known: Assumptions, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "proximity": known.elsewhere,
            "stability": known.change,
            "spread": known.fairness,
        }
        super().__init__(*args, **kwargs)

    def sliders(self) -> list[dict[str, Any]]:
        """What the page draws. A weight typed beyond the usual range stays within reach."""
        return [
            {
                "name": name,
                "label": str(field.label),
                "low": field.low,
                "high": field.high,
                "value": f"{self.initial[name]:g}",
                "most": f"{max(MOST, self.initial[name]):g}",
                "step": f"{STEP:g}" if _on_a_step(self.initial[name]) else "any",
            }
            for name, field in self.fields.items()
            if isinstance(field, _Slider)
        ]


def _on_a_step(value: float) -> bool:
    """Whether the slider can stand where the scenario is."""
    return abs(value / STEP - round(value / STEP)) < 1e-6


class ServiceDaysForm(forms.Form):
    """Which days of the calendar go to the needs."""

    zone = forms.ChoiceField(label="Zone", choices=Zone.choices)
    year = forms.ChoiceField(label="Année scolaire")
    rhythm = forms.ChoiceField(label="Jours de service", choices=Rhythm.choices)

    def __init__(
        self, *args: Any, zones: Sequence[str], years: Sequence[SchoolYear], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(z, Zone(z).label) for z in zones]  # type: ignore[attr-defined]
        labels = dict.fromkeys(year.label for year in years)
        self.fields["year"].choices = [(one, one) for one in labels]  # type: ignore[attr-defined]
