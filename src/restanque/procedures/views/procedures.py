"""Procedures: the list, the page of one, its frame, its export."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.kit import figures, lists, slots
from restanque.kit.documents import file_response
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.procedures.exports import workbook
from restanque.procedures.figures import clock_panel, timeline_panel
from restanque.procedures.forms import ProcedureForm
from restanque.procedures.models import Procedure
from restanque.procedures.perms import (
    can_edit_procedures,
    can_view_procedures,
    get_procedure_for,
    territories_of,
)
from restanque.procedures.services import procedures as services
from restanque.procedures.tables import ProcedureFilter, ProcedureTable
from restanque.procedures.views.common import page, read_for, trail

#: How many deadlines the page opens with; the others stand below, folded.
FIRST = 5


class ProcedureList(lists.ListView):
    """The procedures of the territories one covers."""

    title = "Où en sont nos procédures ?"
    lede = "Pour chacune : la dernière étape faite, la prochaine échéance légale, les risques."
    noun = ("procédure", "procédures")
    table_class = ProcedureTable
    filterset_class = ProcedureFilter
    export_name = "procedures"

    def get_queryset(self) -> QuerySet[Procedure]:
        """Running ones, or archived ones when asked for."""
        return (
            Procedure.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .filter(archived=self.request.GET.get("state") == "archived")
            .to_scan()
        )

    def is_fictitious(self) -> bool:
        """A demonstration's, or a list that holds an invented one."""
        workspace = self.request.membership.workspace  # type: ignore[attr-defined]
        return workspace.fictitious or bool(self.get_queryset().filter(fictitious=True).exists())

    def get_actions(self) -> list[lists.Action]:
        """Calendars and law for all; a new one, for who may."""
        actions = [
            lists.Action("Calendriers", reverse("procedures:feeds")),
            lists.Action("Droit", reverse("law:list")),
        ]
        if can_edit_procedures(self.request.membership):  # type: ignore[attr-defined]
            url = reverse("procedures:create")
            actions.append(lists.Action("Nouvelle procédure", url, primary=True, icon="plus"))
        return actions

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucune procédure",
            "Enregistrez l’acte qui a lancé la procédure : le calendrier légal en découle.",
        )


LIST = require(can_view_procedures)(ProcedureList.as_view())


@require_GET
@require(can_view_procedures)
def procedure(request: MemberRequest, pk: int) -> HttpResponse:
    """Where it stands, which date comes, what starts it, what proves it, what if it is missed."""
    reading = read_for(request, pk)
    timeline = timeline_panel(reading)
    clock = clock_panel(reading)
    if response := figures.serve(request, timeline, *([clock] if clock else [])):
        return response
    return page(
        request,
        "procedures/procedure.html",
        reading,
        trail=trail(),
        panel=timeline,
        panels=slots.panels("procedure", request, reading.procedure),
        clock=clock,
        first=reading.deadlines[:FIRST],
        others=reading.deadlines[FIRST:],
        facts=list(reading.procedure.facts.all()),
        is_scot=reading.procedure.engine_kind.document == "scot",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def create(request: MemberRequest) -> HttpResponse:
    """A new procedure, from its launching act."""
    form = ProcedureForm(request.POST or None, territories=territories_of(request.membership))
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.create_procedure(
                territory=data["territory"],
                kind=data["kind"],
                by=request.membership.user,
                **_values(form),
            ),
        )
        if made is not None:
            messages.success(
                request, "La procédure est enregistrée. Ajoutez les faits que vous connaissez."
            )
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Nouvelle procédure",
        lede="L’acte de lancement choisit les règles ; les questions, les étapes qui s’appliquent.",
        trail=trail(),
        back=reverse("procedures:list"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_procedures)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the launching act, the questions, the words."""
    subject = get_procedure_for(request, pk)
    form = ProcedureForm(
        request.POST or None, territories=territories_of(request.membership), procedure=subject
    )
    if request.method == "POST":
        changed = submitted(
            form,
            lambda _: services.update_procedure(
                procedure=get_procedure_for(request, pk), **_values(form)
            ),
        )
        if changed is not None:
            messages.success(request, "La procédure est enregistrée.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier « {subject} »",
        lede="Changer la date de lancement peut changer les règles qui s’appliquent.",
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


@require_POST
@require(can_edit_procedures)
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a procedure out of the lists, or bring it back."""
    subject = get_procedure_for(request, pk)
    services.archive_procedure(procedure=subject, archived=not subject.archived)
    state = "archivée" if subject.archived else "rétablie"
    messages.success(request, f"« {subject} » est {state}.")
    return redirect("procedures:list")


@require_POST
@require(can_edit_procedures)
def acknowledge(request: MemberRequest, pk: int) -> HttpResponse:
    """The dates moved by the new state of the law were seen."""
    services.acknowledge_law(procedure=get_procedure_for(request, pk))
    messages.success(request, "Le nouvel état du droit est pris en compte.")
    return redirect("procedures:procedure", pk=pk)


@require_GET
@require(can_view_procedures)
def export(request: MemberRequest, pk: int) -> HttpResponse:
    """The procedure as a workbook."""
    reading = read_for(request, pk)
    name = f"procedure-{pk}-{timezone.localdate():%Y-%m-%d}.xlsx"
    return file_response(workbook(reading), name)


def _values(form: ProcedureForm) -> Any:
    return form.values()
