"""Sittings: the list, the page of one, its frame, its state, its documents."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.governance import documents
from restanque.governance.convening import Verdict, second_sitting
from restanque.governance.documents.frame import presence_lines
from restanque.governance.forms import SecondForm, SittingForm, moment
from restanque.governance.models import Body, Sitting
from restanque.governance.nomenclature import SittingState
from restanque.governance.perms import (
    can_edit_governance,
    can_view_governance,
    get_body_for,
    get_sitting_for,
)
from restanque.governance.services import sittings as services
from restanque.governance.tables import SittingFilter, SittingTable
from restanque.governance.views.common import page, read_for, trail
from restanque.kit import lists, slots
from restanque.kit.documents import file_response
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.work.panels import tasks_about


class SittingList(lists.ListView):
    """The sittings of the bodies of the territories one covers."""

    title = "Nos séances sont-elles valablement convoquées ?"
    lede = "Les séances à venir et passées, et le dernier jour légal d’envoi de la convocation."
    noun = ("séance", "séances")
    table_class = SittingTable
    filterset_class = SittingFilter
    export_name = "seances"

    def get_queryset(self) -> QuerySet[Sitting]:
        """With what their convocation needs."""
        return Sitting.objects.visible_to(self.request.membership).to_scan()  # type: ignore[attr-defined]

    def is_fictitious(self) -> bool:
        """A demonstration's, or a list that holds an invented one."""
        workspace = self.request.membership.workspace  # type: ignore[attr-defined]
        visible = Sitting.objects.visible_to(self.request.membership)  # type: ignore[attr-defined]
        return workspace.fictitious or bool(visible.filter(fictitious=True).exists())

    def get_actions(self) -> list[lists.Action]:
        """Bodies and register for all; a new sitting, for who may."""
        actions = [
            lists.Action("Instances", reverse("governance:bodies")),
            lists.Action("Registre des délibérations", reverse("governance:acts")),
        ]
        if can_edit_governance(self.request.membership):  # type: ignore[attr-defined]
            url = reverse("governance:sitting-choose")
            actions.append(lists.Action("Nouvelle séance", url, primary=True, icon="plus"))
        return actions

    def get_empty(self) -> lists.Empty:
        """The next step."""
        return lists.Empty(
            "Aucune séance",
            "Enregistrez d’abord vos instances et leurs membres, puis fixez une séance.",
            "governance:bodies",
            "Voir les instances",
        )


LIST = require(can_view_governance)(SittingList.as_view())


@require_GET
@require(can_view_governance)
def sitting(request: MemberRequest, pk: int) -> HttpResponse:
    """Is it validly convened, what is on the agenda, who is there, what was decided."""
    reading = read_for(request, pk)
    subject = reading.sitting
    own = tasks_about(
        request, subject.get_absolute_url(), str(subject), territory=subject.body.territory_id
    )
    second = second_sitting(reading.law, reading.today) if reading.lacked_quorum else None
    return page(
        request,
        "governance/sitting.html",
        reading,
        trail=trail(subject.body),
        second=second,
        has_begun=subject.starts_at <= timezone.now(),
        to_convene=reading.convocation.verdict is Verdict.TO_SEND,
        following=Sitting.objects.filter(lacked_quorum=subject).first(),
        opening_words=reading.quorum_words(reading.opening),
        shortage_words=reading.shortage_words,
        presence=presence_lines(reading, reading.opening) if reading.is_known else [],
        panels=[*slots.panels("sitting", request, subject), *([own] if own else [])],
    )


@require_GET
@require(can_edit_governance)
def choose(request: MemberRequest) -> HttpResponse:
    """Which body sits."""
    rows = Body.objects.visible_to(request.membership).active().select_related("territory")
    context = {
        "bodies": list(rows),
        "trail": trail(),
        "fictitious": request.membership.workspace.fictitious,
    }
    return render(request, "governance/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def create(request: MemberRequest, pk: int) -> HttpResponse:
    """A new sitting of a body."""
    body = get_body_for(request, pk)
    form = SittingForm(request.POST or None, body=body)
    if request.method == "POST":
        made = submitted(
            form,
            lambda _: services.create_sitting(
                body=body, by=request.membership.user, **form.values()
            ),
        )
        if made is not None:
            messages.success(request, "La séance est enregistrée. Établissez son ordre du jour.")
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Nouvelle séance",
        lede=f"Instance : {body}.",
        trail=trail(body),
        back=body.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change when, where, who presides."""
    subject = get_sitting_for(request, pk)
    form = SittingForm(request.POST or None, body=subject.body, sitting=subject)
    if request.method == "POST":
        changed = submitted(
            form,
            lambda _: services.update_sitting(
                sitting=get_sitting_for(request, pk), **form.values()
            ),
        )
        if changed is not None:
            messages.success(request, "La séance est enregistrée.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title="Modifier la séance",
        lede="Changer la date change le dernier jour légal d’envoi de la convocation.",
        trail=trail(subject.body, subject),
        back=subject.get_absolute_url(),
    )


@require_POST
@require(can_edit_governance)
def state(request: MemberRequest, pk: int) -> HttpResponse:
    """Held, cancelled, or planned again."""
    subject = get_sitting_for(request, pk)
    wanted = request.POST.get("state", "")
    if wanted not in SittingState.values:
        raise Http404
    attempt(
        request,
        lambda: services.set_state(sitting=subject, state=wanted),
        f"La séance est {SittingState(wanted).label}.",
    )
    return redirect(subject)


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_edit_governance)
def second(request: MemberRequest, pk: int) -> HttpResponse:
    """A second convocation after a sitting without quorum."""
    reading = read_for(request, pk)
    subject = reading.sitting
    if not reading.lacked_quorum:
        messages.error(request, "Une seconde convocation n’a lieu que si le quorum a manqué.")
        return redirect(subject)
    soonest = second_sitting(reading.law, reading.today)
    form = SecondForm(request.POST or None, initial={"day": soonest.date})
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: services.convene_again(
                sitting=subject,
                starts_at=moment(data["day"], data["hour"]),
                by=request.membership.user,
            ),
        )
        if made is not None:
            messages.success(
                request, "La seconde séance reprend les points qui attendent. Convoquez-la."
            )
            return redirect(made)
    lede = (
        f"{soonest.rule.title} ({soonest.article}). Convoquée aujourd’hui : {soonest.computation}."
    )
    return render_form(
        request,
        PAGE,
        form,
        title="Convoquer une seconde fois",
        lede=lede,
        trail=trail(subject.body, subject),
        back=subject.get_absolute_url(),
    )


Writer = Callable[..., bytes]
#: Name in the address → what writes it.
DOCUMENTS: dict[str, Writer] = {
    "convocation": documents.convocation_letters,
    "note-de-synthese": documents.synthesis_note,
    "proces-verbal": documents.minutes,
    "releve-de-decisions": documents.decisions_record,
}


@require_GET
@require(can_view_governance)
def document(request: MemberRequest, pk: int, kind: str) -> HttpResponse:
    """One of the Word documents of the sitting."""
    reading = read_for(request, pk)
    write = DOCUMENTS.get(kind)
    if write is None:
        raise Http404
    options: dict[str, Any] = {"day": reading.today} if kind == "convocation" else {}
    data = write(
        reading,
        created_at=timezone.now(),
        template=documents.template_of(reading.sitting.workspace),
        **options,
    )
    return file_response(data, f"{kind}-{reading.sitting.day:%Y-%m-%d}.docx")


def attempt(request: MemberRequest, write: Callable[[], Any], done: str) -> bool:
    """Call a service; say that it is done, or why it is refused."""
    try:
        write()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, done)
    return True
