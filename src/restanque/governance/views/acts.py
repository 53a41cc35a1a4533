"""The register of deliberations, and the page of one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.governance import documents
from restanque.governance.acts import executory_of
from restanque.governance.forms import ActForm, FollowForm, PastActForm
from restanque.governance.models import Body, Deliberation
from restanque.governance.perms import (
    can_edit_governance,
    can_view_governance,
    get_act_for,
    get_sitting_for,
)
from restanque.governance.reading import SittingReading
from restanque.governance.services import acts as services
from restanque.governance.tables import ActFilter, ActTable
from restanque.governance.views.common import is_fictitious, register_trail, trail
from restanque.kit import lists, slots
from restanque.kit.documents import file_response
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.kit.text import safe_file_name
from restanque.law.current import law_of
from restanque.work.panels import tasks_about


class ActList(lists.ListView):
    """The register of the bodies of the territories one covers."""

    title = "Registre des délibérations"
    lede = "Dans l’ordre des votes, avec ce qui les rend exécutoires."
    noun = ("délibération", "délibérations")
    table_class = ActTable
    filterset_class = ActFilter
    export_name = "registre-des-deliberations"

    def get_queryset(self) -> QuerySet[Deliberation]:
        """With their body."""
        visible = Deliberation.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
        return visible.select_related("body")

    def is_fictitious(self) -> bool:
        """A demonstration's, or a list that holds an invented one."""
        workspace = self.request.membership.workspace  # type: ignore[attr-defined]
        return workspace.fictitious or bool(self.get_queryset().filter(fictitious=True).exists())

    def get_trail(self) -> list[tuple[str, str]]:
        """From the room."""
        return trail()

    def get_actions(self) -> list[lists.Action]:
        """An act known from before, for who may."""
        if not can_edit_governance(self.request.membership):  # type: ignore[attr-defined]
            return []
        return [lists.Action("Délibération ancienne", reverse("governance:act-past"))]

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucune délibération",
            "Une délibération se numérote depuis le point de l’ordre du jour qui l’a votée.",
            "governance:list",
            "Voir les séances",
        )


ACTS = require(can_view_governance)(ActList.as_view())


@require_GET
@require(can_view_governance)
def act(request: MemberRequest, pk: int) -> HttpResponse:
    """One act: its text, its vote, what makes it executory, what rests on it."""
    subject = get_act_for(request, pk)
    own = tasks_about(
        request, subject.get_absolute_url(), str(subject), territory=subject.body.territory_id
    )
    reading = _reading(request, subject)
    row = reading.row_of(subject.item) if reading is not None and subject.item else None
    context = {
        "act": subject,
        "executory": executory_of(subject, law_of(subject.workspace)),
        "row": row,
        "may_edit": can_edit_governance(request.membership),
        "fictitious": subject.fictitious or is_fictitious(subject.body),
        "trail": register_trail(),
        "panels": [*slots.panels("deliberation", request, subject), *([own] if own else [])],
    }
    return render(request, "governance/act.html", context)


def _reading(request: MemberRequest, subject: Deliberation) -> SittingReading | None:
    """The sitting that voted the act; None for an act known from before."""
    if subject.item is None:
        return None
    sitting = get_sitting_for(request, subject.item.sitting_id)
    return SittingReading(sitting, timezone.localdate())


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def past(request: MemberRequest) -> HttpResponse:
    """Record an act voted before the sittings were kept here."""
    bodies = Body.objects.visible_to(request.membership).filter(deliberates=True)
    form = PastActForm(request.POST or None, bodies=bodies)
    if request.method == "POST":
        made = submitted(
            form, lambda data: services.record_past_act(by=request.membership.user, **data)
        )
        if made is not None:
            messages.success(request, f"Enregistrée : {made}.")
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Délibération ancienne",
        lede="Votée avant que les séances soient suivies ici. Donnez le numéro qu’elle porte.",
        trail=register_trail(),
        back=reverse("governance:acts"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct what is written of an act."""
    subject = get_act_for(request, pk)
    form = ActForm(request.POST or None, act=subject)
    if request.method == "POST":
        changed = submitted(
            form, lambda data: services.correct_act(act=get_act_for(request, pk), **data)
        )
        if changed is not None:
            messages.success(request, "La délibération est corrigée. Ce qui en dépend suit.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Corriger la {subject}",
        lede="Les faits des procédures qui reposent sur elle suivent la correction.",
        trail=register_trail(subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def follow(request: MemberRequest, pk: int) -> HttpResponse:
    """Its transmission, its publication, the signed file."""
    subject = get_act_for(request, pk)
    form = FollowForm(request.POST or None, request.FILES or None, act=subject)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda _: services.follow_act(act=get_act_for(request, pk), **form.values()),
        )
        if changed is not None:
            messages.success(request, "Le suivi de la délibération est enregistré.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title="Transmission, publication, signature",
        lede=f"{subject.title}. La date exécutoire est la plus tardive de la transmission et de la "
        "publication.",
        trail=register_trail(subject),
        back=subject.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take away an act numbered by mistake."""
    subject = get_act_for(request, pk)
    problem = ""
    if request.method == "POST":
        try:
            services.remove_act(act=subject)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, "La délibération est retirée du registre.")
            return redirect("governance:acts")
    context = {
        "act": subject,
        "problem": problem,
        "trail": register_trail(subject),
        "fictitious": subject.fictitious or is_fictitious(subject.body),
    }
    status = 422 if problem else 200
    return render(request, "governance/act_remove.html", context, status=status)


@require_GET
@require(can_view_governance)
def document(request: MemberRequest, pk: int) -> HttpResponse:
    """The act as a Word document, ready to sign."""
    subject = get_act_for(request, pk)
    data = documents.deliberation(
        subject,
        _reading(request, subject),
        created_at=timezone.now(),
        template=documents.template_of(subject.workspace),
    )
    return file_response(data, f"deliberation-{safe_file_name(subject.number)}.docx")


@require_GET
@require(can_view_governance)
def signed(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the signed act."""
    subject = get_act_for(request, pk)
    if not subject.signed:
        raise Http404
    return files.serve(subject.signed, name=subject.signed_name)


@require_GET
@require(can_view_governance)
def proof(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download what proves the transmission."""
    subject = get_act_for(request, pk)
    if not subject.transmission_proof:
        raise Http404
    return files.serve(subject.transmission_proof, name=subject.transmission_name)
