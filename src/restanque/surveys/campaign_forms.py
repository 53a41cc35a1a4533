"""Forms of the campaigns' pages."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from restanque.accounts.models import Membership, User
from restanque.directory.models import Tag
from restanque.directory.nomenclature import Kind
from restanque.kit.forms import (
    DateField,
    EmailField,
    IntegerField,
    TelephoneField,
    TextField,
)
from restanque.surveys.models import Campaign, QuestionnaireVersion
from restanque.surveys.models.followup import CallOutcome
from restanque.territories.models import Epci, Territory
from restanque.territories.services import zones_of
from restanque.territories.sizes import SIZE_CLASSES

PLACEHOLDERS = {
    "organisation": "la mairie ou l’organisme à qui l’on écrit",
    "enquete": "le nom de la campagne",
    "lien": "son lien personnel, ajouté au moment de l’envoi",
    "cloture": "la date de clôture",
    "expediteur": "le nom de l’expéditeur",
    "minutes": "la durée annoncée",
    "refus": "l’adresse pour ne plus être relancé",
}
_BRACED = re.compile(r"{([^{}]*)}")
_NO_MATTER = [("", "Indifférent")]


def _text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CampaignForm(forms.Form):
    """What is asked, when, by whom, why: the frame of a campaign."""

    territory = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), empty_label=None
    )
    version = forms.ModelChoiceField(
        label="Questionnaire",
        queryset=QuestionnaireVersion.objects.none(),
        empty_label=None,
        help_text="Une version publiée. Elle ne change plus à partir de la première réponse.",
    )
    name = TextField(
        label="Nom de la campagne",
        max_length=150,
        help_text="Les mairies le lisent dans l’objet du message.",
    )
    opens_on = DateField(label="Ouverture")
    closes_on = DateField(label="Clôture", help_text="Dernier jour pour répondre en ligne.")
    minutes = IntegerField(label="Durée annoncée, en minutes", min_value=1, max_value=240)
    sender_name = TextField(
        label="Expéditeur", max_length=150, help_text="Le nom que la mairie voit d’abord."
    )
    reply_to = EmailField(
        label="Adresse de réponse", help_text="Une personne lit cette boîte pendant l’enquête."
    )
    contact_phone = TelephoneField(label="Téléphone de l’équipe", required=False)
    purpose = forms.CharField(
        label="À quoi servent les réponses",
        widget=_text_area(3),
        help_text="En deux phrases, pour la mairie. C’est aussi la finalité au sens du RGPD.",
    )
    purge_on = DateField(
        label="Conservation jusqu’au",
        help_text="Après ce jour, les contacts, les fichiers et les textes libres sont effacés.",
    )
    privacy_notice = forms.CharField(
        label="Notice d’information (RGPD)",
        required=False,
        widget=_text_area(8),
        help_text="Laissée vide, elle est écrite pour vous. Faites-la relire par votre délégué "
        "à la protection des données.",
    )
    daily_limit = IntegerField(
        label="Messages par jour au plus",
        min_value=1,
        max_value=5000,
        help_text="Au-delà, l’envoi reprend le lendemain : les serveurs refusent les rafales.",
    )

    def __init__(
        self, *args: Any, membership: Membership, campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose(self.fields["territory"], Territory.objects.visible_to(membership))
        self._choose(
            self.fields["version"],
            QuestionnaireVersion.objects.filter(
                questionnaire__workspace=membership.workspace,
                questionnaire__archived=False,
                status="published",
            )
            .select_related("questionnaire")
            .order_by("questionnaire__title", "-number"),
        )
        if campaign is not None:
            # The territory decides who is invited: it is chosen once.
            del self.fields["territory"]

    def _choose(self, field: forms.Field, queryset: Any) -> None:
        """Offer these, the first one chosen: often there is one only."""
        field.queryset = queryset  # type: ignore[attr-defined]
        field.initial = queryset.first()

    def clean(self) -> dict[str, Any]:
        """Dates in order, each fault under its own field."""
        data = super().clean() or {}
        opens, closes, purge = (data.get(n) for n in ("opens_on", "closes_on", "purge_on"))
        if opens and closes and closes < opens:
            self.add_error("closes_on", "La clôture ne peut pas précéder l’ouverture.")
        if closes and purge and purge <= closes:
            self.add_error("purge_on", "La conservation doit aller au-delà de la clôture.")
        return data


def first_values(membership: Membership, today: date) -> dict[str, Any]:
    """What a new campaign is filled with: eight weeks, two years of conservation."""
    workspace = membership.workspace
    return {
        "opens_on": today,
        "closes_on": today + timedelta(weeks=8),
        "purge_on": today + timedelta(days=730),
        "minutes": 15,
        "daily_limit": 200,
        "sender_name": workspace.name,
        "reply_to": workspace.contact_email or membership.user.email,
        "purpose": "Connaître le pain servi dans les cantines, sa quantité, son prix et son "
        "origine, et ce que les communes souhaitent, pour préparer des actions avec elles.",
    }


class MessagesForm(forms.Form):
    """The words that organisations receive."""

    invitation_subject = TextField(label="Objet de l’invitation", max_length=150)
    invitation_body = forms.CharField(label="Texte de l’invitation", widget=_text_area(14))
    reminder_subject = TextField(label="Objet de la relance", max_length=150)
    reminder_body = forms.CharField(label="Texte de la relance", widget=_text_area(11))
    receipt_subject = TextField(label="Objet de l’accusé de réception", max_length=150)
    receipt_body = forms.CharField(label="Texte de l’accusé de réception", widget=_text_area(10))

    def clean(self) -> dict[str, Any]:
        """Only known placeholders; a link to answer and a way to say no, never in a subject."""
        data = super().clean() or {}
        for name, text in list(data.items()):
            unknown = [word for word in _BRACED.findall(text) if word not in PLACEHOLDERS]
            if unknown:
                self.add_error(name, f"Le repère {{{unknown[0]}}} n’existe pas : voyez la liste.")
            if name.endswith("_subject") and ("{lien}" in text or "{refus}" in text):
                self.add_error(name, "Un lien ne va pas dans l’objet.")
        for name in ("invitation_body", "reminder_body"):
            for word, what in (("lien", "répondre"), ("refus", "ne plus être relancé")):
                if name in data and f"{{{word}}}" not in data[name]:
                    self.add_error(name, f"Ajoutez {{{word}}} : sans lui, on ne peut pas {what}.")
        return data


class PopulationForm(forms.Form):
    """Which part of the directory to invite."""

    kind = forms.ChoiceField(label="Nature", required=False, choices=[*_NO_MATTER, *Kind.choices])
    tag = forms.ModelChoiceField(
        label="Étiquette", queryset=Tag.objects.none(), required=False, empty_label="Indifférent"
    )
    epci = forms.ModelChoiceField(
        label="Intercommunalité",
        queryset=Epci.objects.none(),
        required=False,
        empty_label="Toutes",
    )
    zone = forms.ModelChoiceField(
        label="Zone", queryset=Epci.objects.none(), required=False, empty_label="Toutes"
    )
    size = forms.ChoiceField(
        label="Taille",
        required=False,
        choices=[*_NO_MATTER, *((size.code, size.label) for size in SIZE_CLASSES)],
    )

    def __init__(self, *args: Any, campaign: Campaign, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = campaign.territory.communes_at(on)
        choices = {
            "tag": Tag.objects.filter(workspace=campaign.workspace).order_by("name"),
            "epci": Epci.objects.filter(pk__in=communes.values("epci")).order_by("name"),
            "zone": zones_of(campaign.territory),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]


class RemindersForm(forms.Form):
    """Up to three mornings on which reminders leave by themselves."""

    first = DateField(label="Première relance", required=False)
    second = DateField(label="Deuxième relance", required=False)
    third = DateField(label="Troisième relance", required=False)

    def dates(self) -> list[date]:
        """The days typed, those left empty aside."""
        return [day for day in self.cleaned_data.values() if day is not None]


class CallForm(forms.Form):
    """How a call ended."""

    outcome = forms.ChoiceField(
        label="Comment l’appel s’est-il terminé ?",
        choices=CallOutcome.choices,
        widget=forms.RadioSelect,
    )
    call_back_on = DateField(label="Rappeler le", required=False)
    call_back_at = forms.TimeField(
        label="Heure du rappel",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "rq-court"}),
        help_text="9 heures si rien n’est indiqué.",
    )
    note = forms.CharField(
        label="Note",
        required=False,
        widget=_text_area(3),
        help_text="Ce qui aide à rappeler. Ne notez rien sur la personne elle-même.",
    )

    def clean(self) -> dict[str, Any]:
        """A call to make again has its day, to come."""
        data = super().clean() or {}
        if data.get("outcome") == CallOutcome.CALL_BACK and not data.get("call_back_on"):
            if "call_back_on" not in self.errors:
                self.add_error("call_back_on", "Dites quel jour rappeler.")
        elif data.get("outcome") == CallOutcome.CALL_BACK:
            data["moment"] = timezone.make_aware(
                datetime.combine(data["call_back_on"], data.get("call_back_at") or time(9))
            )
            if data["moment"] <= timezone.now():
                self.add_error("call_back_on", "Choisissez un moment à venir.")
        return data


class ShareForm(forms.Form):
    """Who takes part in the calls."""

    people = forms.ModelMultipleChoiceField(
        label="Qui appelle ?",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    again = forms.BooleanField(
        label="Redistribuer aussi les mairies déjà attribuées", required=False
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=[person.pk for person in people]
        )


class NoteForm(forms.Form):
    """A few words, to send back, set aside or comment."""

    text = forms.CharField(label="Message", widget=_text_area(4))

    def __init__(self, *args: Any, label: str = "Message", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label

    def clean_text(self) -> str:
        """Not only spaces."""
        text: str = self.cleaned_data["text"].strip()
        if not text:
            raise ValidationError("Écrivez quelques mots.")
        return text
