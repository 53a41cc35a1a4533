"""Forms of the room: bodies, members, sittings, agenda, sendings, acts."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.directory.models import Contact, Organisation
from restanque.governance.models import AgendaItem, Body, Deliberation, Dispatch, Mandate, Sitting
from restanque.governance.nomenclature import (
    KIND_DEFAULTS,
    BodyKind,
    ConvenedAs,
    ItemKind,
    MemberRole,
    SentBy,
)
from restanque.kit import forms as kit_forms
from restanque.territories.models import Territory

_LONG = forms.Textarea({"rows": 6})


class BodyForm(forms.Form):
    """A body and its rules."""

    territory: forms.ModelChoiceField[Territory] = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(label="Nature", choices=BodyKind.choices)
    name = kit_forms.TextField(label="Nom", max_length=150)
    code = forms.SlugField(
        label="Sigle",
        max_length=10,
        required=False,
        help_text="Début du numéro des délibérations : CS donne CS-2026-001. Vide : celui de la "
        "nature.",
    )
    deliberates = forms.BooleanField(
        label="Cette instance prend des délibérations",
        required=False,
        help_text="Alors le délai légal de convocation et le quorum s’appliquent. C’est le cas du "
        "conseil syndical, et du bureau quand il a reçu une délégation.",
    )
    seats = kit_forms.IntegerField(
        label="Sièges prévus par les statuts",
        required=False,
        min_value=1,
        max_value=500,
        help_text="Vide si vous ne le savez pas. Le quorum se calcule sur les membres en exercice.",
    )
    usual_place = kit_forms.TextField(label="Lieu habituel", max_length=200, required=False)
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self,
        *args: Any,
        territories: QuerySet[Territory],
        body: Body | None = None,
        **kwargs: Any,
    ) -> None:
        fields = ("kind", "name", "code", "deliberates", "seats", "usual_place", "note")
        if body is not None:
            kwargs["initial"] = {name: getattr(body, name) for name in fields}
        else:
            kwargs["initial"] = {"deliberates": KIND_DEFAULTS[BodyKind.COUNCIL].deliberates}
        super().__init__(*args, **kwargs)
        if body is None:
            self.fields["territory"].queryset = territories  # type: ignore[attr-defined]
        else:
            del self.fields["territory"]
            self.fields["code"].required = True


class MandateForm(forms.Form):
    """A member, from the directory or by name."""

    contact: forms.ModelChoiceField[Contact] = forms.ModelChoiceField(
        label="Contact de l’annuaire",
        queryset=Contact.objects.none(),
        required=False,
        empty_label="Pas dans l’annuaire",
        help_text="Son nom, son organisation et son adresse viennent alors de l’annuaire.",
    )
    full_name = kit_forms.TextField(
        label="Nom", max_length=150, required=False, help_text="Inutile si vous avez un contact."
    )
    role = forms.ChoiceField(label="Rôle", choices=MemberRole.choices, initial=MemberRole.MEMBER)
    substitute_of: forms.ModelChoiceField[Mandate] = forms.ModelChoiceField(
        label="Supplée",
        queryset=Mandate.objects.none(),
        required=False,
        empty_label="Aucun titulaire en particulier",
        help_text="Pour un suppléant seulement.",
    )
    represents: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Représente", queryset=Organisation.objects.none(), required=False, empty_label="–"
    )
    email = kit_forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Sert à convoquer seulement. Elle est effacée un an après la fin du mandat.",
    )
    start_on = kit_forms.DateField(label="En fonction depuis le")
    end_on = kit_forms.DateField(
        label="Jusqu’au", required=False, help_text="Dernier jour en fonction. Vide : en cours."
    )

    def __init__(
        self,
        *args: Any,
        body: Body,
        membership: Membership,
        mandate: Mandate | None = None,
        **kwargs: Any,
    ) -> None:
        if mandate is not None:
            names = (
                "contact", "full_name", "role", "substitute_of", "represents", "email", "start_on",
                "end_on",
            )  # fmt: skip
            kwargs["initial"] = {name: getattr(mandate, name) for name in names}
        super().__init__(*args, **kwargs)
        own = self.fields
        own["contact"].queryset = (  # type: ignore[attr-defined]
            Contact.objects.visible_to(membership).select_related("organisation")
        )
        own["contact"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.full_name}, {one.organisation.name}"
        )
        seated = body.mandates.seated()
        if mandate is not None:
            seated = seated.exclude(pk=mandate.pk)
        own["substitute_of"].queryset = seated.order_by("name_key", "pk")  # type: ignore[attr-defined]
        own["represents"].queryset = (  # type: ignore[attr-defined]
            Organisation.objects.visible_to(membership).active()
        )

    def clean(self) -> dict[str, Any]:
        """A name, from the directory or typed."""
        data = super().clean() or {}
        if not data.get("full_name") and data.get("contact") is None and "contact" in data:
            self.add_error("full_name", "Donnez un nom, ou choisissez un contact.")
        return data


class SittingForm(forms.Form):
    """When, where, and why convened so."""

    day = kit_forms.DateField(label="Date")
    hour = forms.TimeField(
        label="Heure", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    place = kit_forms.TextField(label="Lieu", max_length=200, required=False)
    convened_as = forms.ChoiceField(
        label="Convocation",
        choices=[c for c in ConvenedAs.choices if c[0] != ConvenedAs.SECOND],
        help_text="Une seconde convocation se fait depuis la séance qui n’a pas eu le quorum.",
    )
    urgency_reason = kit_forms.TextField(label="Motif de l’urgence", max_length=300, required=False)
    urgency_ratified = forms.NullBooleanField(
        label="L’instance a admis l’urgence",
        required=False,
        widget=forms.Select(
            choices=[("unknown", "Pas encore prononcé"), ("true", "Oui"), ("false", "Non")]
        ),
    )
    chair: forms.ModelChoiceField[Mandate] = forms.ModelChoiceField(
        label="Président de séance", queryset=Mandate.objects.none(), required=False,
        empty_label="À désigner",
    )  # fmt: skip
    secretary: forms.ModelChoiceField[Mandate] = forms.ModelChoiceField(
        label="Secrétaire de séance", queryset=Mandate.objects.none(), required=False,
        empty_label="À désigner",
    )  # fmt: skip
    minutes = forms.CharField(
        label="Propos d’ouverture à porter au procès-verbal", required=False, widget=_LONG
    )

    def __init__(
        self, *args: Any, body: Body, sitting: Sitting | None = None, **kwargs: Any
    ) -> None:
        if sitting is not None:
            at = timezone.localtime(sitting.starts_at)
            names = (
                "place", "convened_as", "urgency_reason", "urgency_ratified", "chair", "secretary",
                "minutes",
            )  # fmt: skip
            known = {name: getattr(sitting, name) for name in names}
            kwargs["initial"] = {"day": at.date(), "hour": at.time(), **known}
        else:
            kwargs.setdefault("initial", {"hour": time(18, 30), "place": body.usual_place})
        super().__init__(*args, **kwargs)
        day = sitting.day if sitting else timezone.localdate()
        members = body.mandates.in_office(day).ranked()
        for name in ("chair", "secretary"):
            self.fields[name].queryset = members  # type: ignore[attr-defined]
        if sitting is None:
            for name in ("urgency_ratified", "chair", "secretary", "minutes"):
                del self.fields[name]
        elif sitting.convened_as == ConvenedAs.SECOND:
            for name in ("convened_as", "urgency_reason", "urgency_ratified"):
                del self.fields[name]
        if not body.deliberates:
            for name in ("convened_as", "urgency_reason", "urgency_ratified"):
                self.fields.pop(name, None)

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        data = dict(self.cleaned_data)
        return {"starts_at": moment(data.pop("day"), data.pop("hour")), **data}


def moment(day: date, hour: time) -> datetime:
    """A day and an hour of the clock in Paris."""
    return timezone.make_aware(datetime.combine(day, hour))


class SecondForm(forms.Form):
    """The date of a second sitting."""

    day = kit_forms.DateField(label="Date de la seconde séance")
    hour = forms.TimeField(
        label="Heure",
        initial=time(18, 30),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


class ItemForm(forms.Form):
    """An item of the agenda."""

    title = kit_forms.TextField(label="Objet", max_length=300)
    kind = forms.ChoiceField(label="Nature", choices=ItemKind.choices)
    rapporteur: forms.ModelChoiceField[Mandate] = forms.ModelChoiceField(
        label="Rapporteur", queryset=Mandate.objects.none(), required=False, empty_label="–"
    )
    summary = forms.CharField(
        label="Note de synthèse",
        required=False,
        widget=_LONG,
        help_text="Ce que les membres doivent savoir avant de décider. Elle part avec la "
        "convocation.",
    )
    draft = forms.CharField(label="Projet de délibération", required=False, widget=_LONG)
    minutes = forms.CharField(label="Débats, pour le procès-verbal", required=False, widget=_LONG)

    def __init__(
        self, *args: Any, sitting: Sitting, item: AgendaItem | None = None, **kwargs: Any
    ) -> None:
        if item is not None:
            names = ("title", "kind", "rapporteur", "summary", "draft", "minutes")
            kwargs["initial"] = {name: getattr(item, name) for name in names}
        super().__init__(*args, **kwargs)
        members = sitting.body.mandates.in_office(sitting.day).ranked()
        self.fields["rapporteur"].queryset = members  # type: ignore[attr-defined]
        if item is None:
            del self.fields["minutes"]


class DispatchForm(forms.Form):
    """A sending of the convocation and what proves it."""

    sent_on = kit_forms.DateField(
        label="Envoyée le", help_text="Jour du cachet ou de la plateforme, pas de la signature."
    )
    sent_by = forms.ChoiceField(label="Envoyée par", choices=SentBy.choices)
    recipients = kit_forms.IntegerField(
        label="Membres titulaires convoqués",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="Vide si vous ne le savez pas.",
    )
    counts = forms.BooleanField(
        label="C’est la convocation elle-même",
        required=False,
        initial=True,
        help_text="Décochez pour un rappel ou un document ajouté : il ne change pas le délai.",
    )
    proof_reference = kit_forms.TextField(
        label="Preuve",
        max_length=200,
        required=False,
        help_text="Journal de la plateforme, bordereau de dépôt, cachet…",
    )
    proof = forms.FileField(
        label="Pièce",
        required=False,
        help_text="PDF ou image, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(self, *args: Any, dispatch: Dispatch | None = None, **kwargs: Any) -> None:
        if dispatch is not None:
            names = ("sent_on", "sent_by", "recipients", "counts", "proof_reference")
            kwargs["initial"] = {name: getattr(dispatch, name) for name in names}
        super().__init__(*args, **kwargs)
        if dispatch is not None and dispatch.by_mail:
            for name in ("sent_on", "sent_by", "recipients", "counts"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """As the services take them; no new file keeps the one there is."""
        data = dict(self.cleaned_data)
        proof = data.pop("proof", None)
        return {**data, "proof": proof} if hasattr(proof, "content_type") else data


class ActForm(forms.Form):
    """What is written of an act."""

    number = kit_forms.TextField(label="Numéro", max_length=40)
    title = kit_forms.TextField(label="Objet", max_length=300)
    voted_on = kit_forms.DateField(label="Votée le")
    text = forms.CharField(
        label="Texte",
        required=False,
        widget=forms.Textarea({"rows": 14}),
        help_text="Visas, considérants, décision. Un paragraphe par ligne.",
    )

    def __init__(self, *args: Any, act: Deliberation, **kwargs: Any) -> None:
        names = ("number", "title", "voted_on", "text")
        kwargs["initial"] = {name: getattr(act, name) for name in names}
        super().__init__(*args, **kwargs)
        if act.item_id is not None:
            del self.fields["voted_on"]


class PastActForm(forms.Form):
    """An act voted before the sittings were kept here."""

    body: forms.ModelChoiceField[Body] = forms.ModelChoiceField(
        label="Instance", queryset=Body.objects.none(), empty_label=None
    )
    voted_on = kit_forms.DateField(label="Votée le")
    number = kit_forms.TextField(
        label="Numéro", max_length=40, required=False, help_text="Vide : le suivant de l’année."
    )
    title = kit_forms.TextField(label="Objet", max_length=300)
    text = forms.CharField(label="Texte", required=False, widget=_LONG)

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """What makes an act executory, and the signed file."""

    transmitted_on = kit_forms.DateField(
        label="Transmise au contrôle de légalité le", required=False
    )
    transmission_reference = kit_forms.TextField(
        label="Accusé de réception", max_length=200, required=False
    )
    proof = forms.FileField(
        label="Pièce de transmission",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    published_on = kit_forms.DateField(label="Publiée le", required=False)
    publication_reference = kit_forms.TextField(
        label="Où, comment", max_length=200, required=False, help_text="Site, affichage, recueil…"
    )
    signed = forms.FileField(
        label="Délibération signée",
        required=False,
        help_text="PDF ou image, 10 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(self, *args: Any, act: Deliberation, **kwargs: Any) -> None:
        names = (
            "transmitted_on", "transmission_reference", "published_on", "publication_reference",
        )  # fmt: skip
        kwargs["initial"] = {name: getattr(act, name) for name in names}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """As the services take them; no new file keeps the one there is."""
        data = dict(self.cleaned_data)
        for name in ("proof", "signed"):
            if not hasattr(data[name], "content_type"):
                del data[name]
        return data
