"""The demo's bodies: invented members, a sitting held with its acts, another to convene soon.

Every name is invented, and marked so. Nobody votes here for a real body: the council, the two
communities that its members represent and what it decides are made up for the demonstration.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.governance.models import AgendaItem, Body, Deliberation, Mandate, Sitting
from restanque.governance.nomenclature import (
    AttendanceStatus,
    BodyKind,
    Choice,
    ItemKind,
    MemberRole,
    SentBy,
    VoteMode,
)
from restanque.governance.services import acts, attendance, bodies, sittings, voting
from restanque.governance.services.attendance import Line
from restanque.procedures.models import Procedure
from restanque.procedures.services import acts as procedure_acts
from restanque.territories.models import Territory
from restanque.work.services.tasks import create_task

_NAMES = (
    "Mireille Estournel", "Paul Garrigal", "Odile Vignacourt", "Hervé Roquemaille",
    "Sabine Tamarisque", "Luc Fontbelle", "Nadia Calissane", "Gilles Peyrolas", "Ève Rascassol",
    "Jean-Marc Olivenne", "Karima Sarriette",
)  # fmt: skip
_SUBSTITUTES = (("Théo Marjolane", 1), ("Inès Lavandou", 2))
_SUMMARY = (
    "Le comité débat des orientations du projet d’aménagement stratégique. Ce débat se tient sans "
    "vote ; une délibération en prend acte. Texte inventé pour la démonstration."
)


def play_governance(territory: Territory, *, by: Membership, today: date) -> None:
    """A council that sat four weeks ago and sits again in ten days, a bureau, a COPIL."""
    council = _council(territory, today)
    for kind, name in (
        (BodyKind.BUREAU, "Bureau (fictif)"),
        (BodyKind.STEERING, "Comité de pilotage du SCoT (fictif)"),
    ):
        other = bodies.create_body(territory=territory, kind=kind, name=name, deliberates=False)
        for full_name in _NAMES[:5]:
            role = MemberRole.PRESIDENT if full_name == _NAMES[0] else MemberRole.MEMBER
            bodies.add_member(
                body=other, full_name=full_name, role=role, start_on=date(2020, 9, 10)
            )
    _held(council, by=by, today=today)
    _coming(council, today=today)


def _council(territory: Territory, today: date) -> Body:
    body = bodies.create_body(
        territory=territory,
        kind=BodyKind.COUNCIL,
        name="Comité syndical (fictif)",
        seats=12,
        usual_place="Salle des séances (fictive)",
    )
    places = [_place(territory, letter) for letter in "AB"]
    members: list[Mandate] = []
    for rank, name in enumerate(_NAMES):
        role = MemberRole.MEMBER
        if rank < 3:
            role = MemberRole.VICE_PRESIDENT if rank else MemberRole.PRESIDENT
        members.append(
            bodies.add_member(
                body=body,
                full_name=name,
                role=role,
                represents=places[rank % 2],
                email=f"membre{rank + 1}@example.org" if rank < 8 else "",
                start_on=date(2020, 9, 10),
            )
        )
    for name, rank in _SUBSTITUTES:
        bodies.add_member(
            body=body,
            full_name=name,
            role=MemberRole.SUBSTITUTE,
            substitute_of=members[rank],
            represents=places[rank % 2],
            start_on=date(2020, 9, 10),
        )
    return body


def _place(territory: Territory, letter: str) -> Organisation:
    return create_organisation(
        workspace=territory.workspace,
        kind=Kind.EPCI,
        name=f"Communauté de communes fictive {letter}",
        fictitious=True,
    )


def _held(body: Body, *, by: Membership, today: date) -> None:
    """A sitting with its quorum, a member who leaves, a vote by name, three acts."""
    day = today - timedelta(days=28)
    sitting = sittings.create_sitting(body=body, starts_at=_at(day), by=by.user)
    members = list(body.mandates.seated().order_by("pk"))
    sittings.record_dispatch(
        sitting=sitting,
        sent_on=day - timedelta(days=8),
        sent_by=SentBy.PLATFORM,
        recipients=len(members),
        proof_reference="journal fictif de la plateforme",
        by=by.user,
    )
    told, market, charter, fund = _agenda(sitting, members[0], members[1])
    lines = {one: Line(AttendanceStatus.PRESENT) for one in members[:8] if one != members[1]}
    lines[members[1]] = Line(AttendanceStatus.EXCUSED)
    lines |= {one: Line(AttendanceStatus.EXCUSED) for one in members[8:]}
    substitute = body.mandates.get(full_name=_SUBSTITUTES[0][0])
    lines[substitute] = Line(AttendanceStatus.PRESENT, members[1])
    attendance.note_attendance(sitting=sitting, lines=lines)
    attendance.give_proxy(
        sitting=sitting, giver=members[8], holder=members[0], received_on=day - timedelta(days=1)
    )
    sittings.update_sitting(sitting=sitting, secretary=members[2])
    voting.record_vote(item=market, mode=VoteMode.PUBLIC, votes_for=9)
    leaving = [one for one in lines if lines[one].status == AttendanceStatus.PRESENT]
    attendance.note_presence(item=charter, present=[o for o in leaving if o != members[7]])
    choices = dict.fromkeys([*members[:7], members[8]], Choice.FOR.value)
    choices[members[5]], choices[members[6]] = Choice.ABSTAIN.value, Choice.AGAINST.value
    voting.record_named_vote(item=charter, choices=choices)
    voting.record_vote(item=fund, mode=VoteMode.PUBLIC, votes_for=8)
    sittings.set_state(sitting=sitting, state="held")
    sittings.update_item(item=told, minutes="Le comité est informé de l’avancement des études.")
    made = [acts.number_act(item=_again(one), by=by.user) for one in (market, charter, fund)]
    for act in made[:2]:
        acts.follow_act(
            act=act,
            transmitted_on=day + timedelta(days=3),
            transmission_reference="accusé fictif",
            published_on=day + timedelta(days=4),
            publication_reference="site internet (fictif)",
        )
    _follow(made[0], by=by, today=today)


def _agenda(sitting: Sitting, chair: Mandate, reporter: Mandate) -> list[AgendaItem]:
    rows = (
        ("Avancement des études du SCoT", ItemKind.INFORMATION, ""),
        ("Marché d’assistance juridique (fictif)", ItemKind.DECISION, "le marché"),
        ("Charte de concertation (fictive)", ItemKind.DECISION, "la charte"),
        ("Demande de subvention (fictive)", ItemKind.DECISION, "la demande"),
    )
    return [
        sittings.add_item(
            sitting=sitting,
            title=title,
            kind=kind,
            rapporteur=chair if kind == ItemKind.INFORMATION else reporter,
            summary="Note inventée pour la démonstration.",
            draft=_draft(what) if what else "",
        )
        for title, kind, what in rows
    ]


def _draft(what: str) -> str:
    return (
        "Vu le code général des collectivités territoriales,\n"
        "Considérant le travail préparé par le bureau (texte inventé),\n"
        f"Le comité syndical approuve {what} et autorise son président à signer les pièces utiles."
    )


def _again(item: AgendaItem) -> AgendaItem:
    """The item as it is now, its vote included."""
    return AgendaItem.objects.get(pk=item.pk)


def _follow(act: Deliberation, *, by: Membership, today: date) -> None:
    create_task(
        workspace=act.workspace,
        territory=act.body.territory,
        title="Notifier le marché d’assistance juridique (fictif)",
        pilot=by,
        due_on=today + timedelta(days=12),
        subject_label=f"Délibération n° {act.number}",
        subject_path=act.get_absolute_url(),
        by=by.user,
        fictitious=True,
    )


def _coming(body: Body, *, today: date) -> None:
    """In ten days: the convocation must leave within four. The SCoT's debate is on the agenda."""
    sitting = sittings.create_sitting(body=body, starts_at=_at(today + timedelta(days=10)))
    scot = Procedure.objects.filter(
        territory=body.territory_id, kind="scot-aec-revision", archived=False
    ).first()
    if scot is not None:
        item = procedure_acts.put_on_agenda(
            procedure=scot, step="debat-pas", sitting=sitting, kind=ItemKind.DEBATE
        )
        sittings.update_item(item=item, summary=_SUMMARY)
    sittings.add_item(
        sitting=sitting, title="Budget de l’année à venir (fictif)", summary="Note inventée."
    )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(18, 30)))
