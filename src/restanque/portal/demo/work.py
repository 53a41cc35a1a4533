"""The demo's tasks: the invented work of an invented team, some of it late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.procedures.models import Procedure
from restanque.surveys.models import Campaign
from restanque.territories.models import Territory
from restanque.work.models import Task, TaskState
from restanque.work.services import calendars, people, tasks

CAMILLE, NOE, SALOME = "Camille Administration", "Noé Enquête", "Salomé Planification"
ANDREE, MALIK = "Andrée Élue", "Malik Moulin"
#: What a task is about.
SCOT, BREAD, TEAM = "scot", "pain", ""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Days are counted from today; `after` are titles' ranks; `helped`: who helps, in percent."""

    title: str
    about: str
    pilot: str | None
    starts: int | None
    due: int | None
    effort: str | None
    state: TaskState = TaskState.TODO
    after: tuple[int, ...] = ()
    helped: Mapping[str, int] | None = None
    priority: int = 2


_DONE, _DOING, _TODO = TaskState.DONE, TaskState.DOING, TaskState.TODO
_TASKS = (
    _Plan("Préparer le questionnaire sur le pain", BREAD, NOE, -70, -52, "4", _DONE),
    _Plan("Vérifier les adresses des mairies", BREAD, NOE, -62, -50, "3", _DONE, after=(0,)),
    _Plan("Relire les réponses reçues", BREAD, NOE, -20, 12, "8", _DOING, after=(1,),
          helped={CAMILLE: 20}),
    _Plan("Rappeler les mairies qui n’ont pas répondu", BREAD, NOE, -10, -2, "3", _DOING,
          priority=1),
    _Plan("Écrire le rapport de l’enquête", BREAD, CAMILLE, 14, 33, "6", after=(2,),
          helped={NOE: 50}),
    _Plan("Présenter les résultats aux élus", BREAD, CAMILLE, 35, 42, "2", after=(4,),
          helped={ANDREE: 25}),
    _Plan("Dire combien de sacs de farine peuvent être livrés", BREAD, MALIK, -4, 9, None),
    _Plan("Choisir les dix cantines à visiter", BREAD, NOE, 2, 6, "1.5", priority=1),
    _Plan("Faire les visites de cantines", BREAD, NOE, 7, 27, "10", after=(7,)),
    _Plan("Mettre à jour la liste des boulangers", BREAD, None, None, 20, "2"),
    _Plan("Rassembler les pièces du diagnostic", SCOT, SALOME, -45, -12, "9", _DONE),
    _Plan("Relire le diagnostic climat-air-énergie", SCOT, SALOME, -14, -5, "3", _DOING,
          after=(10,), priority=1),
    _Plan("Écrire les trames du projet d’aménagement", SCOT, SALOME, 1, 24, "11", after=(11,),
          helped={CAMILLE: 10}),
    _Plan("Préparer la réunion publique", SCOT, SALOME, 6, 22, "4"),
    _Plan("Tenir la réunion publique", SCOT, SALOME, 23, 23, "1", after=(13,)),
    _Plan("Préparer le débat sur les orientations", SCOT, SALOME, 25, 48, "6", after=(12, 14)),
    _Plan("Ranger les preuves d’affichage", SCOT, SALOME, None, -8, "0.5"),
    _Plan("Commander la relecture juridique", SCOT, None, 10, 30, None),
    _Plan("Préparer le budget de l’année prochaine", TEAM, CAMILLE, -3, 16, "3", _DOING),
    _Plan("Répondre à l’enquête nationale sur les PAT", TEAM, CAMILLE, None, 0, "1"),
    _Plan("Imprimer l’ancien dépliant", TEAM, CAMILLE, -40, -20, "1", TaskState.DROPPED),
    _Plan("Classer les photos des visites", TEAM, None, None, None, "2"),
)  # fmt: skip


def play_work(
    members: Mapping[str, Membership],
    *,
    campaign: Campaign,
    scot: Territory,
    today: date,
) -> None:
    """Twenty-two tasks, working times, an absence, two calendars."""
    made = [_write(plan, members, campaign, scot, today) for plan in _TASKS]
    for plan, task in zip(_TASKS, made, strict=True):
        for rank in plan.after:
            tasks.link_tasks(before=made[rank], after=task)
        if plan.helped:
            shares = {members[name]: percent for name, percent in plan.helped.items()}
            tasks.share_effort(task=task, shares=shares)
        if plan.state != TaskState.TODO:
            on = None if plan.due is None else today + timedelta(days=min(plan.due, 0))
            tasks.set_state(task=task, state=plan.state, on=on)
    begins = today - timedelta(days=300)
    for name, days, weekdays in (
        (CAMILLE, "2.5", (0, 1, 2, 3)),
        (NOE, "4", (0, 1, 2, 3)),
        (SALOME, "3", (0, 1, 3, 4)),
    ):
        people.set_working_time(
            membership=members[name],
            valid_from=begins,
            days_per_week=Decimal(days),
            weekdays=weekdays,
        )
    monday = today + timedelta(days=28 - today.weekday())
    people.add_absence(
        membership=members[NOE], starts_on=monday, ends_on=monday + timedelta(days=4)
    )
    calendars.open_feed(membership=members[SALOME])


def _write(
    plan: _Plan,
    members: Mapping[str, Membership],
    campaign: Campaign,
    scot: Territory,
    today: date,
) -> Task:
    label, path = _subject(plan.about, campaign, scot)
    territory = {SCOT: scot, BREAD: campaign.territory}.get(plan.about)
    return tasks.create_task(
        workspace=scot.workspace,
        territory=territory,
        title=plan.title,
        pilot=members[plan.pilot] if plan.pilot else None,
        starts_on=_day(plan.starts, today),
        due_on=_day(plan.due, today),
        effort_days=None if plan.effort is None else Decimal(plan.effort),
        priority=plan.priority,
        subject_label=label,
        subject_path=path,
        by=members[CAMILLE].user,
        fictitious=True,
    )


def _subject(about: str, campaign: Campaign, scot: Territory) -> tuple[str, str]:
    """(label, path) of the page that a task is about; two empty words for the team's own."""
    if about == BREAD:
        return campaign.name, reverse("surveys:campaign", args=[campaign.pk])
    procedure = Procedure.objects.filter(territory=scot).order_by("pk").first()
    if about == SCOT and procedure is not None:
        return procedure.name, procedure.get_absolute_url()
    return "", ""


def _day(days: int | None, today: date) -> date | None:
    return None if days is None else today + timedelta(days=days)
