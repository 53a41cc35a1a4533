"""Forms of the consultation of the public."""

from typing import Any

from django import forms

from restanque.kit import forms as kit_forms
from restanque.kit.text import format_date
from restanque.procedures.concertation.forms import FILE_HELP, PROOF_FILE, initial_of
from restanque.procedures.concertation.nomenclature import ParticipationWay
from restanque.procedures.concertation.participation import StepNote, WayChoice
from restanque.procedures.models import Participation
from restanque.procedures.nomenclature import ProofKind


class ParticipationForm(forms.Form):
    """The way of consulting the public, and what is known of it besides its dates."""

    way = forms.ChoiceField(label="Forme", widget=forms.RadioSelect)
    reference = kit_forms.TextField(
        label="Décision",
        max_length=200,
        required=False,
        help_text="Décision motivée de recourir à la voie électronique, ou décision du tribunal "
        "qui désigne le commissaire enquêteur.",
    )
    commissioner = kit_forms.TextField(
        label="Commissaire enquêteur",
        max_length=150,
        required=False,
        help_text="Nom publié dans l’avis d’enquête ; effacé à la date de la page publique.",
    )
    paper_places = forms.CharField(
        label="Lieux du dossier papier",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Un lieu par ligne, avec ses horaires.",
    )

    NAMES = ("reference", "commissioner", "paper_places")

    def __init__(
        self,
        *args: Any,
        ways: tuple[WayChoice, ...] = (),
        participation: Participation | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", initial_of(participation, self.NAMES))
        super().__init__(*args, **kwargs)
        allowed = [(one.way.value, one.label) for one in ways if one.allowed]
        if participation is not None:
            del self.fields["way"]
            if participation.way != ParticipationWay.ENQUETE:
                del self.fields["commissioner"]
            return
        self.fields["way"].choices = allowed  # type: ignore[attr-defined]
        closed = [f"{one.label} : {one.reason}" for one in ways if not one.allowed]
        self.fields["way"].help_text = " ".join(closed)


class PlanForm(forms.Form):
    """The days aimed at for the steps not done."""

    def __init__(self, *args: Any, steps: tuple[StepNote, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in steps:
            if one.done is None:
                self.fields[one.step.id] = kit_forms.DateField(
                    label=one.step.label,
                    required=False,
                    initial=one.wished,
                    help_text=_known(one),
                )


def _known(note: StepNote) -> str:
    """What the law says of the step, and its soonest day as things are planned."""
    said = [f"{rule.rule.title}." for rule in note.rules]
    if note.state.earliest is not None:
        said.append(f"Au plus tôt le {format_date(note.state.earliest)}, tel que prévu.")
    return " ".join(said)


class RecordForm(forms.Form):
    """A step is done: its day and what proves it."""

    happened_on = kit_forms.DateField(label="Date")
    proof_kind = forms.ChoiceField(
        label="Preuve",
        choices=[("", "Rien ne le prouve pour l’instant"), *ProofKind.choices],
        required=False,
    )
    proof_reference = kit_forms.TextField(
        label="Référence de la preuve", max_length=200, required=False
    )
    proof = forms.FileField(label="Pièce", required=False, help_text=FILE_HELP, widget=PROOF_FILE)
