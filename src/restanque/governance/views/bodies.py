"""Bodies and their members."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.governance.forms import BodyForm, MandateForm
from restanque.governance.models import Body, Deliberation
from restanque.governance.nomenclature import MemberRole
from restanque.governance.perms import (
    can_edit_governance,
    can_view_governance,
    get_body_for,
    get_mandate_for,
    territories_of,
)
from restanque.governance.reading import scan
from restanque.governance.services import bodies as services
from restanque.governance.tables import BodyFilter, BodyTable
from restanque.governance.views.common import is_fictitious, trail
from restanque.kit import lists
from restanque.kit.forms import PAGE, render_form, submitted

#: Sittings and acts that the page of a body shows; the lists have them all.
SHOWN = 8


class BodyList(lists.ListView):
    """The bodies of the territories one covers."""

    title = "Qui décide, qui donne son avis ?"
    lede = "Les instances de vos territoires et leurs membres en exercice aujourd’hui."
    noun = ("instance", "instances")
    table_class = BodyTable
    filterset_class = BodyFilter
    export_name = "instances"

    def get_queryset(self) -> QuerySet[Body]:
        """With the members in office today."""
        today = timezone.localdate()
        running = Q(mandates__start_on__lte=today) & (
            Q(mandates__end_on__isnull=True) | Q(mandates__end_on__gte=today)
        )
        seated = running & ~Q(mandates__role=MemberRole.SUBSTITUTE)
        return (
            Body.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
            .select_related("territory__workspace")
            .annotate(in_office=Count("mandates", filter=seated))
        )

    def is_fictitious(self) -> bool:
        """A demonstration's, or a list that holds an invented one."""
        workspace = self.request.membership.workspace  # type: ignore[attr-defined]
        return workspace.fictitious or bool(self.get_queryset().filter(fictitious=True).exists())

    def get_trail(self) -> list[tuple[str, str]]:
        """From the room."""
        return trail()

    def get_actions(self) -> list[lists.Action]:
        """A new one, for who may."""
        if not can_edit_governance(self.request.membership):  # type: ignore[attr-defined]
            return []
        url = reverse("governance:body-create")
        return [lists.Action("Nouvelle instance", url, primary=True, icon="plus")]

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucune instance",
            "Commencez par le conseil syndical et ses membres : les convocations et le quorum en "
            "découlent.",
        )


BODIES = require(can_view_governance)(BodyList.as_view())


@require_GET
@require(can_view_governance)
def body(request: MemberRequest, pk: int) -> HttpResponse:
    """Its members today and before, its sittings, its acts."""
    subject = get_body_for(request, pk)
    today = timezone.localdate()
    members = subject.mandates.select_related("represents", "contact__organisation")
    ranked = list(members.ranked().select_related("substitute_of"))
    sittings = list(subject.sittings.to_scan()[:SHOWN])
    context: dict[str, Any] = {
        "body": subject,
        "in_office": [one for one in ranked if one.in_office(today)],
        "coming": [one for one in ranked if one.start_on > today],
        "former": [one for one in ranked if one.end_on is not None and one.end_on < today],
        "seated": sum(one.in_office(today) and one.holds_seat for one in ranked),
        "sittings": [(one, scan(one, today).convocation) for one in sittings],
        "acts": list(Deliberation.objects.filter(body=subject)[:SHOWN]),
        "may_edit": can_edit_governance(request.membership),
        "fictitious": is_fictitious(subject),
        "trail": [*trail(), ("Instances", reverse("governance:bodies"))],
    }
    return render(request, "governance/body.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def create(request: MemberRequest) -> HttpResponse:
    """A new body."""
    form = BodyForm(request.POST or None, territories=territories_of(request.membership))
    if request.method == "POST":
        made = submitted(form, lambda data: services.create_body(**data))
        if made is not None:
            messages.success(request, "L’instance est enregistrée. Ajoutez ses membres.")
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Nouvelle instance",
        lede="Ce qu’elle est, et si elle prend des délibérations.",
        trail=[*trail(), ("Instances", reverse("governance:bodies"))],
        back=reverse("governance:bodies"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change its name and rules."""
    subject = get_body_for(request, pk)
    form = BodyForm(
        request.POST or None, territories=territories_of(request.membership), body=subject
    )
    if request.method == "POST":
        changed = submitted(
            form, lambda data: services.update_body(body=get_body_for(request, pk), **data)
        )
        if changed is not None:
            messages.success(request, "L’instance est enregistrée.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier « {subject} »",
        lede="Les numéros des délibérations déjà prises ne changent pas.",
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


@require_POST
@require(can_edit_governance)
def close(request: MemberRequest, pk: int) -> HttpResponse:
    """It no longer sits, or sits again."""
    subject = get_body_for(request, pk)
    services.close_body(body=subject, active=not subject.active)
    state = "de nouveau en fonction" if subject.active else "n’est plus en fonction"
    messages.success(request, f"« {subject} » : {state}.")
    return redirect(subject)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def member_add(request: MemberRequest, pk: int) -> HttpResponse:
    """A new member."""
    subject = get_body_for(request, pk)
    form = MandateForm(request.POST or None, body=subject, membership=request.membership)
    if request.method == "POST":
        made = submitted(form, lambda data: services.add_member(body=subject, **data))
        if made is not None:
            messages.success(request, f"{made} est membre de « {subject} ».")
            return redirect(subject)
    return render_form(
        request,
        PAGE,
        form,
        title="Ajouter un membre",
        lede=f"Instance : {subject}.",
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def member_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a member, or end their mandate."""
    mandate = get_mandate_for(request, pk)
    subject = mandate.body
    form = MandateForm(
        request.POST or None, body=subject, membership=request.membership, mandate=mandate
    )
    if request.method == "POST":
        changed = submitted(
            form,
            lambda data: services.update_member(mandate=get_mandate_for(request, pk), **data),
        )
        if changed is not None:
            messages.success(request, f"Le mandat de {changed} est enregistré.")
            return redirect(subject)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Mandat de {mandate}",
        lede="Pour un départ, donnez le dernier jour en fonction : rien n’est perdu.",
        trail=trail(subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def member_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take away a member written by mistake."""
    mandate = get_mandate_for(request, pk)
    subject = mandate.body
    problem = ""
    if request.method == "POST":
        try:
            services.remove_member(mandate=mandate)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, "Le membre est retiré.")
            return redirect(subject)
    context = {
        "mandate": mandate,
        "problem": problem,
        "trail": trail(subject),
        "fictitious": is_fictitious(subject) or mandate.fictitious,
    }
    return render(request, "governance/member_remove.html", context, status=422 if problem else 200)
