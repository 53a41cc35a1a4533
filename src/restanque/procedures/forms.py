"""Forms of the room."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from restanque.engine.deadlines import StepStatus
from restanque.engine.law import CONDITIONS
from restanque.kit import forms as kit_forms
from restanque.procedures.models import Procedure, ProcedureFact
from restanque.procedures.nomenclature import (
    KINDS,
    PARTICIPATION,
    ObjectionState,
    ProofKind,
    SentBy,
)
from restanque.procedures.reading import Reading
from restanque.territories.models import Territory

_PREFIX = "condition_"
_ANSWERS = [("", "On ne sait pas"), ("oui", "Oui"), ("non", "Non")]
_SHOWN = {True: "oui", False: "non"}


class ProcedureForm(forms.Form):
    """A procedure and the questions that decide which steps apply."""

    territory: forms.ModelChoiceField[Territory] = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(label="Nature de la procédure", choices=list(KINDS.items()))
    name = kit_forms.TextField(label="Nom", max_length=150)
    document = kit_forms.TextField(
        label="Document", max_length=200, required=False, help_text="Par exemple : SCoT-AEC."
    )
    prescribed_on = kit_forms.DateField(
        label="Date de l’acte de lancement",
        help_text="Délibération de prescription, ou d’engagement. Elle choisit les règles qui "
        "s’appliquent.",
    )
    prescription_proof = kit_forms.TextField(
        label="Preuve de cet acte",
        max_length=200,
        required=False,
        help_text="Par exemple : délibération n° 2023-12, transmise au contrôle de légalité.",
    )
    prescription_source = kit_forms.TextField(
        label="D’où vient cette date", max_length=300, required=False
    )
    to_confirm = forms.BooleanField(label="Cette date reste à confirmer", required=False)
    participation = forms.ChoiceField(
        label="Consultation du public",
        choices=[("", "Déduite des faits enregistrés"), *PARTICIPATION.items()],
        required=False,
    )
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self,
        *args: Any,
        territories: QuerySet[Territory],
        procedure: Procedure | None = None,
        **kwargs: Any,
    ) -> None:
        known = procedure.conditions if procedure else {}
        if procedure is not None:
            kwargs["initial"] = {name: getattr(procedure, name) for name in _FIELDS}
        super().__init__(*args, **kwargs)
        for name, question in CONDITIONS.items():
            self.fields[_PREFIX + name] = forms.ChoiceField(
                label=question,
                choices=_ANSWERS,
                required=False,
                initial=_SHOWN[known[name]] if name in known else "",
            )
        self.order_fields([*self._before_note(), "note"])
        if procedure is None:
            self.fields["territory"].queryset = territories  # type: ignore[attr-defined]
        else:
            del self.fields["territory"], self.fields["kind"]

    def _before_note(self) -> list[str]:
        return [name for name in self.fields if name != "note"]

    def values(self) -> dict[str, Any]:
        """As the services take them: the answered questions together, the others left out."""
        data = self.cleaned_data
        answers = {name: data[_PREFIX + name] for name in CONDITIONS}
        known = {name: answer == "oui" for name, answer in answers.items() if answer}
        return {name: data[name] for name in _FIELDS} | {"conditions": known}


_FIELDS = (
    "name", "document", "prescribed_on", "prescription_proof", "prescription_source",
    "to_confirm", "participation", "note",
)  # fmt: skip


class FactForm(forms.Form):
    """A step that happened, and what proves it."""

    step = forms.ChoiceField(label="Étape")
    happened_on = kit_forms.DateField(label="Date")
    what = kit_forms.TextField(
        label="Précision", max_length=300, required=False, help_text="Si l’étape ne suffit pas."
    )
    proof_kind = forms.ChoiceField(
        label="Preuve",
        choices=[("", "Rien ne le prouve pour l’instant"), *ProofKind.choices],
        required=False,
    )
    proof_reference = kit_forms.TextField(
        label="Référence de la preuve",
        max_length=200,
        required=False,
        help_text="Numéro de délibération, d’accusé de réception…",
    )
    proof = forms.FileField(
        label="Pièce", required=False, help_text="PDF ou image, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )  # fmt: skip
    who = kit_forms.TextField(
        label="Organisme ou service",
        max_length=200,
        required=False,
        help_text="Qui a fait ou reçu l’acte. Pas de nom de personne.",
    )
    sent_by = forms.ChoiceField(
        label="Envoyé par", choices=[("", "Sans objet ou inconnu"), *SentBy.choices], required=False
    )
    source = kit_forms.TextField(label="D’où vient cette date", max_length=300, required=False)
    to_confirm = forms.BooleanField(
        label="Ce fait reste à confirmer",
        required=False,
        help_text="Tant qu’il l’est, il ne prouve rien.",
    )

    def __init__(
        self,
        *args: Any,
        procedure: Procedure,
        fact: ProcedureFact | None = None,
        step: str = "",
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"step": step}
        if fact is not None:
            kwargs["initial"] = {name: getattr(fact, name) for name in _FACT_FIELDS}
        super().__init__(*args, **kwargs)
        steps = [(one.id, one.label) for one in procedure.engine_kind.steps]
        self.fields["step"].choices = [("", "Choisir"), *steps]  # type: ignore[attr-defined]
        if fact is not None and fact.proof:
            self.fields[
                "proof"
            ].help_text = f"Pièce actuelle : {fact.proof_name}. Une autre la remplacerait."


_FACT_FIELDS = (
    "step", "happened_on", "what", "proof_kind", "proof_reference", "who", "sent_by", "source",
    "to_confirm",
)  # fmt: skip


def open_steps(reading: Reading) -> list[tuple[str, str]]:
    """The steps that apply and are not done, in order, to choose from."""
    closed = (StepStatus.DONE, StepStatus.NOT_APPLICABLE)
    return [
        (state.id, state.step.label)
        for state in reading.timeline.steps
        if state.status not in closed
    ]


class TargetForm(forms.Form):
    """A date aimed at."""

    step = forms.ChoiceField(label="Étape")
    wished_on = kit_forms.DateField(
        label="Date visée", required=False, help_text="Vide : ne plus viser de date."
    )

    def __init__(self, *args: Any, reading: Reading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = open_steps(reading)  # type: ignore[attr-defined]


class WhatIfForm(forms.Form):
    """A date to try, without writing it."""

    step = forms.ChoiceField(label="Et si cette étape")
    day = kit_forms.DateField(label="avait lieu le")

    def __init__(self, *args: Any, reading: Reading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = open_steps(reading)  # type: ignore[attr-defined]


class ObjectionForm(forms.Form):
    """What was found of one possible objection."""

    state = forms.ChoiceField(label="État", choices=ObjectionState.choices)
    evidence = forms.CharField(
        label="Éléments de preuve",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Pièce, page, calcul, avis : ce qui répondrait au préfet.",
    )
