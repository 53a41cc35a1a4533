"""Import of a list of tasks kept in a spreadsheet."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.imports import Importer, RowPlan, RowProblem, UndoRefused, register
from restanque.kit.tabular import Column, ValidRow
from restanque.kit.text import record_number, search_key
from restanque.territories.models import Territory
from restanque.territories.perms import covers_territory
from restanque.work.models import Priority, Task, TaskState
from restanque.work.perms import can_edit_tasks
from restanque.work.services import tasks as services

_STATES = {state.value: state.label.capitalize() for state in TaskState}
_PRIORITIES = {str(one.value): one.label.capitalize() for one in Priority}


class TaskImporter(Importer):
    """One row a task."""

    kind = "taches"
    title = "Tâches de l’équipe"
    help = (
        "Une ligne par tâche. Le pilote est un membre de l’espace, par son adresse électronique ou "
        "son nom. Une tâche ouverte qui porte déjà ce titre, avec la même échéance, est laissée."
    )
    columns = (
        Column("title", "Tâche", required=True, aliases=("titre", "action", "intitulé"),
               example="Relire le diagnostic"),
        Column("body", "Description", aliases=("détail", "commentaire")),
        Column("pilot", "Pilote", aliases=("responsable", "qui"), example="noe@example.org"),
        Column("starts_on", "Début", kind="date", aliases=("date de début",)),
        Column("due_on", "Échéance", kind="date", aliases=("date de fin", "fin", "pour le")),
        Column("effort_days", "Charge (jours)", kind="number", minimum=0,
               aliases=("charge", "jours", "temps estimé")),
        Column("priority", "Priorité", kind="choice", choices=_PRIORITIES),
        Column("state", "État", kind="choice", choices=_STATES, aliases=("statut", "avancement")),
        Column("done_on", "Terminée le", kind="date"),
    )  # fmt: skip

    def allowed(self, membership: Membership) -> bool:
        """Who may write tasks."""
        return can_edit_tasks(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """The territory of all these tasks."""
        own = Territory.objects.visible_to(membership)
        choices = [("", "Aucun en particulier"), *((str(t.pk), t.name) for t in own)]
        return {
            "territory": forms.ChoiceField(
                label="Territoire de ces tâches", choices=choices, required=False
            )
        }

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Which rows are new; reads only."""
        territory = _territory(workspace, context)
        known = {
            (one.title_key, one.due_on)
            for one in Task.objects.filter(workspace=workspace, territory=territory).open()
        }
        people = People(workspace)
        plans = []
        for row in rows:
            made = self._one(row, people, territory, known)
            known.add((search_key(str(row.values["title"])), row.values.get("due_on")))
            plans.append(made)
        return plans

    def _one(
        self,
        row: ValidRow,
        people: "People",
        territory: Territory | None,
        known: set[tuple[str, date | None]],
    ) -> RowPlan:
        values = row.values
        title = str(values["title"])
        if len(title) > 200:
            return RowPlan.error(
                row.number, f"Tâche : « {title[:40]}… » est trop long. 200 lettres au plus."
            )
        if (search_key(title), values.get("due_on")) in known:
            return RowPlan.skip(row.number, f"{title}, déjà connue")
        pilot, problem = people.find(str(values.get("pilot") or ""), territory)
        starts, due = values.get("starts_on"), values.get("due_on")
        if not problem and starts and due and due < starts:
            problem = f"Échéance : {due:%d/%m/%Y} vient avant le début, {starts:%d/%m/%Y}."
        if problem:
            return RowPlan.error(row.number, problem, summary=title)
        payload = {
            "title": title,
            "body": str(values.get("body") or ""),
            "pilot": pilot.pk if pilot else None,
            "starts_on": _iso(starts),
            "due_on": _iso(due),
            "effort_days": None
            if values.get("effort_days") is None
            else str(values["effort_days"]),
            "priority": int(values.get("priority") or Priority.NORMAL),
            "state": values.get("state") or TaskState.TODO.value,
            "done_on": _iso(values.get("done_on")),
        }
        return RowPlan.create(row.number, title, payload=payload)

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Create one task, through the services."""
        found = plan.payload
        pilot = None
        if found["pilot"] is not None:
            pilot = (
                Membership.objects.active()
                .filter(workspace=workspace, pk=found["pilot"])
                .select_related("user")
                .first()
            )
            if pilot is None:
                raise RowProblem("Pilote : cette personne a quitté l’espace depuis l’aperçu.")
        effort = found["effort_days"]
        task = services.create_task(
            workspace=workspace,
            territory=_territory(workspace, context),
            title=found["title"],
            body=found["body"],
            pilot=pilot,
            starts_on=_day(found["starts_on"]),
            due_on=_day(found["due_on"]),
            effort_days=None if effort is None else Decimal(effort),
            priority=found["priority"],
            by=user,
        )
        if found["state"] != TaskState.TODO:
            services.set_state(task=task, state=found["state"], on=_day(found["done_on"]))
        return {"task": task.pk, "versions": task.history.count()}

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Take the task away, unless somebody has touched it since."""
        task = Task.objects.filter(workspace=workspace, pk=journal["task"]).first()
        if task is not None and not services.withdraw_task(task=task, versions=journal["versions"]):
            raise UndoRefused(f"« {task} » a été modifiée ou reliée depuis.")


class People:
    """The members of a workspace, found by address or by name."""

    def __init__(self, workspace: Workspace) -> None:
        self.by_key: dict[str, list[Membership]] = {}
        members = Membership.objects.active().filter(workspace=workspace).select_related("user")
        for one in members:
            for key in {one.user.email.lower(), search_key(one.user.full_name)} - {""}:
                self.by_key.setdefault(key, []).append(one)

    def find(self, text: str, territory: Territory | None) -> tuple[Membership | None, str]:
        """(member, "") or (None, what is wrong)."""
        if not text:
            return None, ""
        found = self.by_key.get(text.lower()) or self.by_key.get(search_key(text)) or []
        if not found:
            return None, (
                f"Pilote : « {text} » n’est pas membre de l’espace. Écrivez son adresse, ou "
                "laissez la case vide."
            )
        if len(found) > 1:
            return None, f"Pilote : plusieurs membres s’appellent « {text} ». Écrivez l’adresse."
        if territory is not None and not covers_territory(found[0], territory):
            return None, f"Pilote : {found[0].user} ne couvre pas {territory}."
        return found[0], ""


def _territory(workspace: Workspace, context: Mapping[str, Any]) -> Territory | None:
    key = record_number(str(context.get("territory") or ""))
    return Territory.objects.filter(workspace=workspace, pk=key).first() if key else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def register_all() -> None:
    """Declare the room's imports."""
    register(TaskImporter())
