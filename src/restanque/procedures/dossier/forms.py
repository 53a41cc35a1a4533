"""Forms of the file of a procedure."""

from typing import Any

from django import forms
from django.db.models import Q

from restanque.accounts.models import Membership, Role
from restanque.directory.models import Organisation
from restanque.engine.deadlines import rules_of
from restanque.kit import forms as kit_forms
from restanque.procedures.dossier.nomenclature import PieceState, StudyState
from restanque.procedures.dossier.perms import writers_of
from restanque.procedures.dossier.services import DOCUMENTS
from restanque.procedures.models import DossierPiece, LegalAdvice, Procedure, Study
from restanque.procedures.reading import Reading

_ACCEPT = ",".join(f".{extension}" for extension in DOCUMENTS)
_NO_STEP = ("", "Aucune en particulier")


class MemberChoice(forms.ModelChoiceField[Membership]):
    """Members by their name."""

    def label_from_instance(self, obj: Membership) -> str:
        """The person's name."""
        return str(obj.user)


def steps_of(procedure: Procedure, chosen: str = "") -> list[tuple[str, str]]:
    """The steps of a procedure, to choose from; one that a new version has no more stays."""
    kind = procedure.engine_kind
    listed = [_NO_STEP, *((step.id, step.label) for step in kind.steps)]
    if chosen and chosen not in kind.by_id:
        listed.append((chosen, f"{chosen} (étape inconnue de cette version)"))
    return listed


class PieceForm(forms.Form):
    """How far a piece is, and who writes it."""

    state = forms.ChoiceField(label="État", choices=PieceState.choices)
    reason = kit_forms.TextField(
        label="Pourquoi elle est sans objet",
        max_length=300,
        required=False,
        help_text="Seulement si l’état est « sans objet ».",
    )
    version = kit_forms.TextField(
        label="Version", max_length=40, required=False, help_text="Par exemple : 0.3."
    )
    dated_on = kit_forms.DateField(label="Date de cette version", required=False)
    writer_organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Écrite par l’organisation",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Aucune",
    )
    writer_member = MemberChoice(
        label="Écrite par, dans l’équipe",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="Personne",
    )
    writer_label = kit_forms.TextField(
        label="Autre rédacteur",
        max_length=200,
        required=False,
        help_text="Un service, un bureau d’études absent de l’annuaire.",
    )
    note = forms.CharField(
        label="Remarque", required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self, *args: Any, membership: Membership, piece: DossierPiece, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {name: getattr(piece, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        offered = Q(pk__in=writers_of(membership)) | Q(pk=piece.writer_organisation_id)
        members = Membership.objects.filter(workspace=membership.workspace_id)
        self.fields["writer_organisation"].queryset = (  # type: ignore[attr-defined]
            Organisation.objects.filter(offered).order_by("name_key", "pk")
        )
        self.fields["writer_member"].queryset = (  # type: ignore[attr-defined]
            members.active().exclude(role=Role.PARTNER).select_related("user")
        )


class OwnPieceForm(forms.Form):
    """A piece that the law does not name."""

    name = kit_forms.TextField(label="Nom de la pièce", max_length=200)
    step = forms.ChoiceField(label="Doit être prête pour", required=False)

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = steps_of(procedure)  # type: ignore[attr-defined]


class PieceFileForm(forms.Form):
    """A version of a piece, as a file."""

    upload = forms.FileField(
        label="Fichier",
        help_text="PDF, Word, Excel, OpenDocument (tableur) ou image, 40 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
    )
    version = kit_forms.TextField(label="Version", max_length=40)
    dated_on = kit_forms.DateField(label="Date de cette version")


class AdviceForm(forms.Form):
    """A question of law, and its answer once there is one."""

    question = forms.CharField(
        label="Question", max_length=4000, widget=forms.Textarea({"rows": 4})
    )
    asked_to = kit_forms.TextField(
        label="Posée à", max_length=200, help_text="Un service, un cabinet, une administration."
    )
    asked_on = kit_forms.DateField(label="Posée le")
    step = forms.ChoiceField(label="Étape concernée", required=False)
    rule_id = forms.ChoiceField(label="Règle concernée", required=False)
    received_on = kit_forms.DateField(
        label="Réponse reçue le", required=False, help_text="Vide tant qu’il n’y a pas de réponse."
    )
    answer = forms.CharField(
        label="Réponse", required=False, max_length=8000, widget=forms.Textarea({"rows": 6})
    )
    upload = forms.FileField(
        label="Pièce reçue",
        required=False,
        help_text="PDF, Word, Excel ou image, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
    )

    def __init__(
        self, *args: Any, reading: Reading, advice: LegalAdvice | None = None, **kwargs: Any
    ) -> None:
        names = [name for name in self.base_fields if name != "upload"]
        if advice is not None:
            kwargs["initial"] = {name: getattr(advice, name) for name in names}
        super().__init__(*args, **kwargs)
        steps = steps_of(reading.procedure, advice.step if advice else "")
        self.fields["step"].choices = steps  # type: ignore[attr-defined]
        self.fields["rule_id"].choices = _rules(reading, advice)  # type: ignore[attr-defined]
        if advice is not None and advice.file:
            self.fields[
                "upload"
            ].help_text = f"Pièce actuelle : {advice.file_name}. Une autre la remplacerait."


def _rules(reading: Reading, advice: LegalAdvice | None) -> list[tuple[str, str]]:
    """The rules that the procedure can meet, by title; the one chosen before stays."""
    law, kind = reading.law, reading.procedure.engine_kind
    names = rules_of(kind, reading.timeline.regime, law)
    listed = sorted(
        (f"{law.rules[name].title} ({law.cite(law.rules[name].articles)})", name) for name in names
    )
    found = [(name, label) for label, name in listed]
    if advice is not None and advice.rule_id and advice.rule_id not in names:
        found.append((advice.rule_id, f"{advice.rule_id} (règle inconnue de cette version)"))
    return [("", "Aucune en particulier"), *found]


class StudyForm(forms.Form):
    """A study that another mission carries."""

    title = kit_forms.TextField(label="Titre", max_length=200)
    carrier = kit_forms.TextField(
        label="Portée par", max_length=200, help_text="Mission, service ou organisme."
    )
    state = forms.ChoiceField(label="État", choices=StudyState.choices)
    expected_on = kit_forms.DateField(label="Attendue le", required=False)
    delivered_on = kit_forms.DateField(
        label="Rendue le", required=False, help_text="Seulement si l’état est « rendue »."
    )
    feeds = forms.ModelMultipleChoiceField(
        label="Pièces qu’elle nourrit",
        queryset=DossierPiece.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="Remarque", required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self, *args: Any, procedure: Procedure, study: Study | None = None, **kwargs: Any
    ) -> None:
        if study is not None:
            kwargs["initial"] = {name: getattr(study, name) for name in self.base_fields}
            kwargs["initial"]["feeds"] = list(study.feeds.all())
        super().__init__(*args, **kwargs)
        self.fields["feeds"].queryset = procedure.pieces.all()  # type: ignore[attr-defined]
        if not procedure.pieces.exists():
            self.fields["feeds"].help_text = "Ouvrez d’abord le dossier des pièces."
