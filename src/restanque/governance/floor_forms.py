"""Forms of what happens in the room: attendance, powers, votes."""

from typing import Any

from django import forms

from restanque.governance.counting import Floor
from restanque.governance.models import AgendaItem, Mandate
from restanque.governance.nomenclature import AttendanceStatus, Choice, VoteMode
from restanque.governance.reading import SittingReading
from restanque.governance.services.attendance import Line
from restanque.kit import forms as kit_forms


class AttendanceForm(forms.Form):
    """How each member is at the opening; for a substitute, for whom they sit."""

    def __init__(self, *args: Any, reading: SittingReading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = reading.members
        seats = [("", "–"), *((str(one.pk), one.full_name) for one in reading.seats)]
        for one in self.members:
            known = reading.attendances.get(one.pk)
            status = forms.ChoiceField(
                label=one.full_name,
                choices=AttendanceStatus.choices,
                initial=known.status if known else AttendanceStatus.ABSENT,
            )
            self.fields[_status(one)] = status
            if not one.holds_seat:
                usual = str(one.substitute_of_id or "")
                self.fields[_seat(one)] = forms.ChoiceField(
                    label=f"{one.full_name} siège pour",
                    choices=seats,
                    required=False,
                    initial=str(known.replaces_id or "") if known else usual,
                )

    def rows(self) -> list[tuple[Mandate, Any, Any]]:
        """Each member, the field of their presence, that of whom they sit for (or None)."""
        return [
            (one, self[_status(one)], None if one.holds_seat else self[_seat(one)])
            for one in self.members
        ]

    def lines(self) -> dict[Mandate, Line]:
        """As the service takes them."""
        by_key = {str(one.pk): one for one in self.members}
        found = {}
        for one in self.members:
            status = AttendanceStatus(self.cleaned_data[_status(one)])
            seat = self.cleaned_data.get(_seat(one), "")
            present = status == AttendanceStatus.PRESENT
            found[one] = Line(status, by_key.get(seat) if present else None)
        return found


def _status(one: Mandate) -> str:
    return f"presence-{one.pk}"


def _seat(one: Mandate) -> str:
    return f"siege-{one.pk}"


class PresenceForm(forms.Form):
    """Who is in the room at an item."""

    present = forms.MultipleChoiceField(
        label="Dans la salle à ce point", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, reading: SittingReading, item: AgendaItem, **kwargs: Any
    ) -> None:
        there = reading.there(item)
        kwargs["initial"] = {"present": [str(pk) for pk in sorted(there)]}
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in reading.members}
        shown = [
            (key, one.full_name if one.holds_seat else f"{one.full_name} (suppléant)")
            for key, one in self.members.items()
            if one.holds_seat or one.pk in there or _sits(reading, one)
        ]
        self.fields["present"].choices = shown  # type: ignore[attr-defined]

    def chosen(self) -> list[Mandate]:
        """As the service takes them."""
        return [self.members[key] for key in self.cleaned_data["present"]]


def _sits(reading: SittingReading, one: Mandate) -> bool:
    known = reading.attendances.get(one.pk)
    return known is not None and known.replaces_id is not None


class ProxyForm(forms.Form):
    """A power received."""

    giver = forms.ChoiceField(label="Donné par")
    holder = forms.ChoiceField(label="Donné à")
    received_on = kit_forms.DateField(label="Reçu le", required=False)

    def __init__(self, *args: Any, reading: SittingReading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in reading.members}
        given = {one.giver_id for one in reading.proxies}
        givers = [one for one in reading.seats if one.pk not in given]
        for name, people in (("giver", givers), ("holder", reading.members)):
            choices = [("", "Choisir"), *((str(one.pk), one.full_name) for one in people)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        data = dict(self.cleaned_data)
        for name in ("giver", "holder"):
            data[name] = self.members[data[name]]
        return data


class VoteForm(forms.Form):
    """A count of voices."""

    mode = forms.ChoiceField(
        label="Mode de vote", choices=[c for c in VoteMode.choices if c[0] != VoteMode.NAMED]
    )
    votes_for = kit_forms.IntegerField(label="Pour", min_value=0, max_value=1000)
    votes_against = kit_forms.IntegerField(label="Contre", min_value=0, max_value=1000, initial=0)
    abstentions = kit_forms.IntegerField(
        label="Abstentions", min_value=0, max_value=1000, initial=0
    )
    no_part = kit_forms.IntegerField(
        label="Ne prennent pas part au vote", min_value=0, max_value=1000, initial=0
    )
    chair_choice = forms.ChoiceField(
        label="Voix du président de séance",
        choices=[("", "Pas notée"), *Choice.choices],
        required=False,
        help_text="Elle l’emporte à égalité, sauf à bulletin secret.",
    )

    def __init__(self, *args: Any, item: AgendaItem, floor: Floor, **kwargs: Any) -> None:
        vote = getattr(item, "vote", None)
        names = (
            "mode", "votes_for", "votes_against", "abstentions", "no_part", "chair_choice",
        )  # fmt: skip
        if vote is not None and vote.mode != VoteMode.NAMED:
            kwargs["initial"] = {name: getattr(vote, name) for name in names}
        else:
            kwargs["initial"] = {"votes_for": floor.voices}
        super().__init__(*args, **kwargs)


class NamedVoteForm(forms.Form):
    """A vote by name: one line a voice."""

    def __init__(
        self, *args: Any, reading: SittingReading, item: AgendaItem, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        row = reading.row_of(item)
        ballots = row.vote.ballots.all() if row.vote else ()
        known = {one.mandate_id: one.choice for one in ballots}
        self.voices = [one for one in reading.members if one.pk in row.floor.voting_seats]
        for one in self.voices:
            label = one.full_name
            if one.pk in row.floor.carried:
                label += f" (par pouvoir à {reading.by_key[row.floor.carried[one.pk]].full_name})"
            elif row.floor.filled[one.pk] != one.pk:
                label += f" (suppléé par {reading.by_key[row.floor.filled[one.pk]].full_name})"
            self.fields[f"voix-{one.pk}"] = forms.ChoiceField(
                label=label, choices=Choice.choices, initial=known.get(one.pk, Choice.FOR)
            )

    def choices(self) -> dict[Mandate, str]:
        """As the service takes them."""
        return {one: self.cleaned_data[f"voix-{one.pk}"] for one in self.voices}
