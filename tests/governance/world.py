"""The room's part of the world of tests: objects, arguments of addresses, acts."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.governance.models import AgendaItem, Deliberation, Dispatch, Sitting, Vote
from restanque.governance.nomenclature import (
    AttendanceStatus,
    BodyKind,
    Choice,
    ItemKind,
    MemberRole,
    SentBy,
    VoteMode,
)
from restanque.governance.services import acts as act_services
from restanque.governance.services import attendance, bodies, sittings, voting
from tests.questions import PDF

if TYPE_CHECKING:
    from tests.world import World


def build(world: "World", pat: str, scot: str) -> dict[str, Any]:
    """A council on the PAT and one on the SCoT: a past sitting with acts, one to come."""
    built: dict[str, Any] = {}
    for key, territory, mark in (("gov", world.pat, pat), ("gov_scot", world.scot, scot)):
        built |= _council(key, territory, mark)
    return built


def _council(key: str, territory: Any, mark: str) -> dict[str, Any]:
    today = timezone.localdate()
    body = bodies.create_body(territory=territory, kind=BodyKind.COUNCIL, name=f"Conseil {mark}")
    people = [
        bodies.add_member(
            body=body,
            full_name=f"{name} {mark}",
            role=MemberRole.MEMBER if rank else MemberRole.PRESIDENT,
            email=f"{name.lower()}.{key}@example.org",
            start_on=today - timedelta(days=500),
        )
        for rank, name in enumerate(("Aline", "Bruno", "Chloe", "Denis"))
    ]
    past = sittings.create_sitting(
        body=body, starts_at=_at(today - timedelta(days=20)), place=f"Salle {mark}"
    )
    dispatch = sittings.record_dispatch(
        sitting=past,
        sent_on=today - timedelta(days=30),
        sent_by=SentBy.PLATFORM,
        proof_reference=f"Journal {mark}",
        proof=SimpleUploadedFile(f"depot-{mark}.pdf", PDF, "application/pdf"),
    )
    voted = sittings.add_item(sitting=past, title=f"Point voté {mark}", draft=f"Texte {mark}")
    counted = sittings.add_item(sitting=past, title=f"Point compté {mark}")
    debate = sittings.add_item(sitting=past, title=f"Débat {mark}", kind=ItemKind.DEBATE)
    waiting = sittings.add_item(sitting=past, title=f"Point à voter {mark}")
    lines = {one: attendance.Line(AttendanceStatus.PRESENT) for one in people[:3]}
    attendance.note_attendance(sitting=past, lines=lines)
    proxy = attendance.give_proxy(sitting=past, giver=people[3], holder=people[0])
    for one in (voted, counted):
        voting.record_vote(item=one, mode=VoteMode.PUBLIC, votes_for=4)
    act = act_services.number_act(item=AgendaItem.objects.get(pk=voted.pk))
    act = act_services.follow_act(
        act=act,
        transmitted_on=today - timedelta(days=15),
        transmission_reference=f"AR {mark}",
        proof=SimpleUploadedFile(f"ar-{mark}.pdf", PDF, "application/pdf"),
        signed=SimpleUploadedFile(f"acte-{mark}.pdf", PDF, "application/pdf"),
    )
    coming = sittings.create_sitting(
        body=body, starts_at=_at(today + timedelta(days=12)), place=f"Salle {mark}"
    )
    told = sittings.add_item(sitting=coming, title=f"Point à venir {mark}")
    return {
        f"{key}_body": body, f"{key}_member": people[3], f"{key}_past": past,
        f"{key}_dispatch": dispatch, f"{key}_item": waiting, f"{key}_counted": counted,
        f"{key}_debate": debate, f"{key}_proxy": proxy, f"{key}_act": act,
        f"{key}_coming": coming, f"{key}_coming_item": told,
    }  # fmt: skip


def _at(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(18, 30)))


def routes(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {
        "gouvernance/instances/": {"pk": made["gov_body"].pk},
        "gouvernance/membres/": {"pk": made["gov_member"].pk},
        "gouvernance/seances/": {"pk": made["gov_past"].pk, "kind": "proces-verbal"},
        "gouvernance/envois/": {"pk": made["gov_dispatch"].pk},
        "gouvernance/pouvoirs/": {"pk": made["gov_proxy"].pk},
        "gouvernance/points/": {"pk": made["gov_item"].pk},
        "gouvernance/actes/": {"pk": made["gov_act"].pk},
    }


def special(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Address name → values, where those of the route do not do."""
    return {
        "governance:act-number": {"pk": made["gov_counted"].pk},
        "governance:vote-cancel": {"pk": made["gov_counted"].pk},
        "governance:item-debated": {"pk": made["gov_debate"].pk},
        "governance:item-move": {"pk": made["gov_coming_item"].pk},
        "governance:send": {"pk": made["gov_coming"].pk},
        "governance:sitting-state": {"pk": made["gov_coming"].pk},
    }


def acts(world: "World") -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    today = timezone.localdate()

    def day(days: int) -> str:
        return (today + timedelta(days=days)).strftime("%d/%m/%Y")

    past = Sitting.objects.get(body__territory=world.pat, starts_at__lt=timezone.now())
    people = list(past.body.mandates.order_by("pk"))
    voices = {f"voix-{one.pk}": Choice.FOR for one in people}
    return {
        "governance:body-create": {
            "territory": world.pat.pk, "kind": "steering", "name": "Un autre comité",
        },
        "governance:body-edit": {"kind": "council", "name": "Un autre nom", "code": "CS"},
        "governance:body-close": {},
        "governance:member-add": {
            "full_name": "Une autre", "role": "member", "start_on": day(-10),
        },
        "governance:member-edit": {
            "full_name": "Renommé", "role": "member", "start_on": day(-500),
        },
        "governance:member-remove": {},
        "governance:sitting-create": {
            "day": day(40), "hour": "18:00", "convened_as": "ordinary",
        },
        "governance:sitting-edit": {
            "day": day(-20), "hour": "18:30", "place": "Ailleurs", "convened_as": "ordinary",
            "urgency_ratified": "unknown",
        },
        "governance:sitting-state": {"state": "cancelled"},
        "governance:sitting-second": {"day": day(10), "hour": "18:00"},
        "governance:item-add": {"title": "Un autre point", "kind": "information"},
        "governance:item-edit": {"title": "Un autre objet", "kind": "decision"},
        "governance:item-move": {"way": "up"},
        "governance:item-withdraw": {},
        "governance:item-presence": {"present": [one.pk for one in people[:2]]},
        "governance:item-debated": {},
        "governance:vote": {
            "mode": "public", "votes_for": "4", "votes_against": "0", "abstentions": "0",
            "no_part": "0",
        },
        "governance:vote-named": voices,
        "governance:vote-cancel": {},
        "governance:act-number": {},
        "governance:present": {f"presence-{one.pk}": "present" for one in people},
        "governance:proxy-add": {"giver": people[3].pk, "holder": people[1].pk},
        "governance:proxy-remove": {},
        "governance:send": {},
        "governance:dispatch-add": {"sent_on": day(-40), "sent_by": "letter", "counts": "on"},
        "governance:dispatch-edit": {"sent_on": day(-41), "sent_by": "letter", "counts": "on"},
        "governance:dispatch-remove": {},
        "governance:act-past": {
            "body": past.body_id, "voted_on": day(-900), "title": "Un acte ancien",
        },
        "governance:act-edit": {"number": "CS-9", "title": "Un autre objet"},
        "governance:act-follow": {
            "transmitted_on": day(-15), "transmission_reference": "AR", "published_on": day(-10),
        },
        "governance:act-remove": {},
    }  # fmt: skip


#: What frees the world for these acts: nothing voted on the past sitting.
_BEFORE_VOTE = (
    "governance:present", "governance:proxy-add", "governance:proxy-remove",
    "governance:sitting-second", "governance:member-remove",
)  # fmt: skip


def prepare(name: str, world: "World") -> None:
    """Put the world in the state where an act has something to do."""
    past = Sitting.objects.get(
        body__territory=world.pat, starts_at__lt=timezone.now(), lacked_quorum=None
    )
    if name in _BEFORE_VOTE:
        Deliberation.objects.filter(body=past.body).delete()
        Vote.objects.filter(item__sitting=past).delete()
    if name == "governance:member-remove" or name == "governance:proxy-add":
        past.proxies.all().delete()
    elif name == "governance:sitting-second":
        past.attendances.update(status=AttendanceStatus.ABSENT)
    elif name == "governance:item-move":
        coming = Sitting.objects.get(body=past.body, starts_at__gt=timezone.now())
        first = AgendaItem.objects.get(sitting=coming)
        AgendaItem.objects.filter(pk=first.pk).update(position=2)
        AgendaItem.objects.create(sitting=coming, position=1, title="Avant")
    elif name == "governance:act-remove":
        Deliberation.objects.filter(body=past.body).update(
            transmitted_on=None, transmission_reference="", transmission_proof=""
        )
    elif name == "governance:dispatch-remove":
        Dispatch.objects.filter(sitting=past).update(by_mail=False)
