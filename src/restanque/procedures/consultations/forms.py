"""Forms of the consultations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from restanque.core import files
from restanque.directory.models import Contact, Organisation
from restanque.engine.law import Consultee as Legal
from restanque.kit import forms as kit_forms
from restanque.procedures.consultations.letters import MARKS, check_marks
from restanque.procedures.consultations.nomenclature import Decision, Obligation, Sense
from restanque.procedures.models import (
    Consultation,
    Consultee,
    Dispatch,
    Opinion,
    Remark,
    Reply,
)
from restanque.procedures.nomenclature import ProofKind, SentBy

_ACCEPTED = ",".join(f".{one}" for one in files.PROOFS)
_LONG = {"rows": 4}


def _file(label: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        help_text="PDF ou image, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
    )


def _initial(instance: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in names}


class ConsultationForm(forms.Form):
    """The frame of a consultation."""

    step = forms.ChoiceField(label="Étape de la procédure")
    name = kit_forms.TextField(label="Nom de la consultation", max_length=150)
    subject = kit_forms.TextField(
        label="Dossier soumis",
        max_length=300,
        help_text="Le document et sa version, par exemple : projet arrêté le 12 mars, version 1.",
    )
    opened_on = kit_forms.DateField(label="Ouverte le")
    own_term = kit_forms.DateField(
        label="Réponse souhaitée pour le",
        required=False,
        help_text="Là où aucun texte ne fixe de délai. Elle ne crée aucun droit.",
    )
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea(_LONG))

    def __init__(
        self,
        *args: Any,
        steps: Iterable[tuple[str, str]],
        consultation: Consultation | None = None,
        **kwargs: Any,
    ) -> None:
        if consultation is not None:
            kwargs["initial"] = _initial(consultation, _FRAME)
        super().__init__(*args, **kwargs)
        if consultation is None:
            self.fields["step"].choices = [("", "Choisir"), *steps]  # type: ignore[attr-defined]
        else:
            del self.fields["step"]


_FRAME = ("name", "subject", "opened_on", "own_term", "note")


class LetterForm(forms.Form):
    """The letter of a consultation."""

    letter_subject = kit_forms.TextField(label="Objet", max_length=200)
    letter_body = forms.CharField(
        label="Texte",
        max_length=8000,
        widget=forms.Textarea({"rows": 16}),
        help_text=(
            "Une ligne vide sépare deux paragraphes. Repères remplis pour chaque organisme : "
            + ", ".join(f"⟦{mark}⟧ ({said})" for mark, said in MARKS.items())
            + "."
        ),
    )

    def clean_letter_body(self) -> str:
        """Every mark is one that something fills."""
        text: str = self.cleaned_data["letter_body"].replace("\r\n", "\n")
        check_marks(text)
        return text

    def clean_letter_subject(self) -> str:
        """The same."""
        text: str = self.cleaned_data["letter_subject"]
        check_marks(text)
        return text


class LetterDateForm(forms.Form):
    """The day that the letters bear."""

    date = kit_forms.DateField(label="Date des lettres")


class ConsulteeForm(forms.Form):
    """A body consulted."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Organisation de l’annuaire",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Pas encore dans l’annuaire",
    )
    name = kit_forms.TextField(
        label="Nom",
        max_length=200,
        required=False,
        help_text="Vide : celui de l’annuaire.",
    )
    law_ids = forms.MultipleChoiceField(
        label="Au titre de",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucune case : l’équipe le consulte de sa propre initiative.",
    )
    obligation = forms.ChoiceField(
        label="Obligation",
        choices=Obligation.choices,
        help_text="Un organisme qu’un texte désigne sans qu’il ait à le demander est obligatoire.",
    )
    requested_on = kit_forms.DateField(
        label="A demandé à être consulté le",
        required=False,
        help_text="Une fois sa demande reçue, il doit être consulté.",
    )
    capacity = kit_forms.TextField(
        label="Qualité", max_length=150, required=False, help_text="Par exemple : commune membre."
    )
    attention = kit_forms.TextField(
        label="À l’attention de",
        max_length=150,
        required=False,
        help_text="La fonction, pas le nom d’une personne.",
    )
    contact: forms.ModelChoiceField[Contact] = forms.ModelChoiceField(
        label="Contact de l’annuaire à relancer",
        queryset=Contact.objects.none(),
        required=False,
        empty_label="L’adresse générique",
    )
    send_by = forms.ChoiceField(label="Envoi prévu par", choices=SentBy.choices)
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea(_LONG))

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        legal: Iterable[Legal],
        consultee: Consultee | None = None,
        **kwargs: Any,
    ) -> None:
        if consultee is not None:
            kwargs["initial"] = _initial(consultee, _BODY)
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["law_ids"].choices = [(one.id, one.label) for one in legal]  # type: ignore[attr-defined]
        if consultee is not None and consultee.organisation is not None:
            own = Contact.objects.filter(organisation=consultee.organisation)
            self.fields["contact"].queryset = own.order_by("pk")  # type: ignore[attr-defined]
        else:
            del self.fields["contact"]


_BODY = (
    "organisation", "name", "law_ids", "obligation", "requested_on", "capacity", "attention",
    "contact", "send_by", "note",
)  # fmt: skip


class SetAsideForm(forms.Form):
    """Why a category is not consulted."""

    reason = kit_forms.TextField(
        label="Motif", max_length=300, required=False, help_text="Vide : la catégorie reste due."
    )


class _SendingForm(forms.Form):
    sent_on = kit_forms.DateField(label="Envoyé le")
    sent_by = forms.ChoiceField(label="Envoyé par", choices=SentBy.choices)
    received_on = kit_forms.DateField(
        label="Reçu le",
        required=False,
        help_text="D’après l’accusé de réception : le délai court de ce jour.",
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
        help_text="Numéro du recommandé, de l’accusé, de la télétransmission.",
    )


class DispatchForm(_SendingForm):
    """One dispatch to one body."""

    complete = forms.BooleanField(
        label="Le dossier était complet",
        required=False,
        initial=True,
        help_text="Des pièces complémentaires seules ne font pas courir le délai.",
    )
    proof = _file("Pièce")

    def __init__(self, *args: Any, dispatch: Dispatch | None = None, **kwargs: Any) -> None:
        if dispatch is not None:
            kwargs["initial"] = _initial(dispatch, _SENT)
        super().__init__(*args, **kwargs)
        if dispatch is not None and dispatch.proof:
            said = f"Pièce actuelle : {dispatch.proof_name}. Une autre la remplacerait."
            self.fields["proof"].help_text = said


_SENT = ("sent_on", "sent_by", "received_on", "complete", "proof_kind", "proof_reference")


class DispatchesForm(_SendingForm):
    """The same sending to several bodies."""

    everyone = forms.BooleanField(
        label="À tous ceux de la liste ci-dessous", required=False, initial=True
    )
    consultees: forms.ModelMultipleChoiceField[Consultee] = forms.ModelMultipleChoiceField(
        label="Ou seulement à",
        queryset=Consultee.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, waiting: QuerySet[Consultee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consultees"].queryset = waiting  # type: ignore[attr-defined]

    def chosen(self) -> list[Consultee]:
        """The bodies written to: those ticked, else everybody when asked."""
        data = self.cleaned_data
        ticked = list(data["consultees"])
        waiting: QuerySet[Consultee] = self.fields["consultees"].queryset  # type: ignore[attr-defined]
        return ticked or (list(waiting) if data["everyone"] else [])


class ReceiptsForm(forms.Form):
    """A date and a number for each dispatch not received yet."""

    def __init__(self, *args: Any, dispatches: Iterable[Dispatch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dispatches = list(dispatches)
        for one in self.dispatches:
            name = one.consultee.name
            self.fields[f"day_{one.pk}"] = kit_forms.DateField(
                label=f"Reçu le : {name}", required=False
            )
            self.fields[f"reference_{one.pk}"] = kit_forms.TextField(
                label=f"Référence de l’accusé : {name}",
                max_length=200,
                required=False,
                initial=one.proof_reference,
            )
        # The table draws its fields itself.
        for field in self.fields.values():
            kit_forms.style_widget(field.widget)

    def rows(self) -> list[tuple[Dispatch, forms.BoundField, forms.BoundField]]:
        """Each dispatch with its two fields."""
        return [
            (one, self[f"day_{one.pk}"], self[f"reference_{one.pk}"]) for one in self.dispatches
        ]


class OpinionForm(forms.Form):
    """The opinion of a body."""

    received_on = kit_forms.DateField(
        label="Reçu le", help_text="Même hors délai : il est gardé, et signalé comme tel."
    )
    sense = forms.ChoiceField(label="Sens", choices=[("", "Choisir"), *Sense.choices])
    dated = kit_forms.DateField(label="Daté du", required=False)
    signed_by = kit_forms.TextField(
        label="Signé par",
        max_length=150,
        required=False,
        help_text="La fonction, pas le nom d’une personne.",
    )
    reference = kit_forms.TextField(label="Référence", max_length=150, required=False)
    text = forms.CharField(
        label="Texte ou résumé", required=False, max_length=20_000, widget=forms.Textarea(_LONG)
    )
    file = _file("Avis reçu")

    def __init__(self, *args: Any, opinion: Opinion | None = None, **kwargs: Any) -> None:
        if opinion is not None:
            kwargs["initial"] = _initial(opinion, _OPINION)
        super().__init__(*args, **kwargs)
        if opinion is not None and opinion.file:
            said = f"Pièce actuelle : {opinion.file_name}. Une autre la remplacerait."
            self.fields["file"].help_text = said


_OPINION = ("received_on", "sense", "dated", "signed_by", "reference", "text")


class RemarkForm(forms.Form):
    """A remark of an opinion."""

    topic = kit_forms.TextField(
        label="Thème",
        max_length=100,
        required=False,
        help_text="Le même mot pour les remarques à traiter ensemble.",
    )
    page = kit_forms.TextField(label="Page de l’avis", max_length=40, required=False)
    text = forms.CharField(label="Remarque", max_length=6000, widget=forms.Textarea(_LONG))
    order = kit_forms.IntegerField(
        label="Rang", required=False, min_value=1, max_value=9999, help_text="Vide : le dernier."
    )

    def __init__(self, *args: Any, remark: Remark | None = None, **kwargs: Any) -> None:
        if remark is not None:
            kwargs["initial"] = _initial(remark, ("topic", "page", "text", "order"))
        super().__init__(*args, **kwargs)


class ReplyForm(forms.Form):
    """What is decided about a remark."""

    decision = forms.ChoiceField(label="Suite donnée", choices=[("", "Choisir"), *Decision.choices])
    why = forms.CharField(
        label="Réponse et motif",
        required=False,
        max_length=6000,
        widget=forms.Textarea(_LONG),
        help_text="Obligatoire pour un refus, même partiel.",
    )
    piece = kit_forms.TextField(
        label="Pièce modifiée", max_length=150, required=False, help_text="Par exemple : DOO."
    )
    page = kit_forms.TextField(label="Page ou article", max_length=60, required=False)
    decided_by = kit_forms.TextField(
        label="Décidé par", max_length=150, required=False, help_text="Par exemple : le bureau."
    )
    decided_on = kit_forms.DateField(label="Décidé le", required=False)

    def __init__(self, *args: Any, reply: Reply | None = None, **kwargs: Any) -> None:
        if reply is not None:
            kwargs["initial"] = _initial(reply, _REPLY)
        super().__init__(*args, **kwargs)


_REPLY = ("decision", "why", "piece", "page", "decided_by", "decided_on")


class CarryForm(forms.Form):
    """Where a change accepted was put."""

    carried_on = kit_forms.DateField(label="Reportée le")
    version = kit_forms.TextField(
        label="Version du document",
        max_length=100,
        required=False,
        help_text="Celle qui contient la modification, par exemple : projet pour approbation, v2.",
    )
