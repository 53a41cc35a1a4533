"""Budgets: the list, the page of one, its frame, its export, its end."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.kit import figures, lists
from restanque.kit.documents import file_response
from restanque.kit.forms import PAGE, ConfirmForm, render_form, submitted
from restanque.kit.text import record_number
from restanque.work.budget.exports import workbook
from restanque.work.budget.figures import years_panel
from restanque.work.budget.forms import BudgetForm
from restanque.work.budget.perms import (
    can_edit_budgets,
    can_view_budgets,
    can_view_staff,
    get_budget_for,
    territories_of,
)
from restanque.work.budget.services import budgets as services
from restanque.work.budget.tables import BudgetFilter, BudgetTable
from restanque.work.budget.views.common import linked, page, read_for, trail
from restanque.work.links import subject_from
from restanque.work.models import Budget

#: How many alerts, commitments or paid invoices the page opens with; the others are folded.
FIRST = 8


class BudgetList(lists.ListView):
    """The budgets of the territories one covers."""

    title = "Où en sont nos budgets ?"
    lede = "Pour chacun : ce qui est prévu, engagé, payé, et ce qui demande un regard."
    noun = ("budget", "budgets")
    table_class = BudgetTable
    filterset_class = BudgetFilter
    export_name = "budgets"

    def get_queryset(self) -> QuerySet[Budget]:
        """Those the member may see."""
        return Budget.objects.visible_to(self.request.membership).to_read()  # type: ignore[attr-defined]

    def is_fictitious(self) -> bool:
        """A demonstration's, or a list that holds an invented one."""
        workspace = self.request.membership.workspace  # type: ignore[attr-defined]
        return workspace.fictitious or bool(self.get_queryset().filter(fictitious=True).exists())

    def get_actions(self) -> list[lists.Action]:
        """A new one, or a file, for who may."""
        if not can_edit_budgets(self.request.membership):  # type: ignore[attr-defined]
            return []
        return [
            lists.Action("Importer d’Excel", reverse("core:import_new", args=["budget"])),
            lists.Action("Nouveau budget", reverse("work:budget-create"), True, "plus"),
        ]

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucun budget",
            "Ouvrez le budget d’une procédure : ses lignes, puis ses marchés et ses factures.",
        )


LIST = require(can_view_budgets)(BudgetList.as_view())


@require_GET
@require(can_view_budgets)
def budget(request: MemberRequest, pk: int) -> HttpResponse:
    """What is planned, committed, paid; what to look at; who funds it."""
    reading = read_for(request, pk)
    panel = years_panel(reading)
    if panel and (response := figures.serve(request, panel)):
        return response
    alerts = linked(reading, reading.alerts)
    waiting = [row for row in reading.invoice_rows if row.invoice.paid_on is None]
    paid = [row for row in reading.invoice_rows if row.invoice.paid_on is not None]
    return page(
        request,
        "work/budget/budget.html",
        reading,
        trail=trail(),
        panel=panel,
        first_alerts=alerts[:FIRST],
        other_alerts=alerts[FIRST:],
        waiting=waiting,
        paid=paid,
        commitments=reading.commitment_rows,
    )


@require_GET
@require(can_view_budgets)
def export(request: MemberRequest, pk: int) -> HttpResponse:
    """The budget as a workbook."""
    reading = read_for(request, pk)
    data = workbook(reading, with_staff=can_view_staff(request.membership))
    return file_response(data, f"budget-{pk}-{timezone.localdate():%Y-%m-%d}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_budgets)
def create(request: MemberRequest) -> HttpResponse:
    """A new budget; what it pays for may come in the address, from the page that links here."""
    path, label = subject_from(request.GET.get("objet", ""), request.GET.get("nom", ""))
    initial: dict[str, Any] = {
        "name": label,
        "subject_path": path,
        "subject_label": label,
        "territory": record_number(request.GET.get("territoire", "")),
        "opened_in": timezone.localdate().year,
    }
    form = BudgetForm(
        request.POST or None, territories=territories_of(request.membership), initial=initial
    )
    if request.method == "POST":
        made = submitted(
            form, lambda data: services.create_budget(by=request.membership.user, **data)
        )
        if made is not None:
            messages.success(request, "Le budget est ouvert. Ajoutez sa première ligne.")
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Nouveau budget",
        lede="Un budget par procédure ou par programme. Les lignes viennent ensuite.",
        trail=trail(),
        back=path or reverse("work:budgets"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_budgets)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change its name, its first year, what it pays for."""
    subject = get_budget_for(request, pk)
    form = BudgetForm(
        request.POST or None, territories=territories_of(request.membership), budget=subject
    )
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_budget(budget=get_budget_for(request, pk), **data),
        )
        if changed is not None:
            messages.success(request, "Le budget est enregistré.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier « {subject} »",
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_budgets)
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Erase a budget and everything in it, once the count was typed."""
    reading = read_for(request, pk)
    form = ConfirmForm(
        request.POST or None, count=reading.size, noun="élément", plural_noun="éléments"
    )
    if request.method == "POST" and form.is_valid():
        name = reading.budget.name
        services.delete_budget(budget=reading.budget)
        messages.success(request, f"Le budget « {name} » est supprimé.")
        return redirect("work:budgets")
    return render_form(
        request,
        PAGE,
        form,
        title=f"Supprimer « {reading.budget} » ?",
        lede="Ses lignes, marchés, factures et subventions seront supprimés, avec les fichiers "
        "reçus. Emportez d’abord le classeur Excel si vous en avez besoin.",
        submit="Supprimer",
        danger=True,
        trail=trail(reading.budget),
        back=reading.budget.get_absolute_url(),
    )
