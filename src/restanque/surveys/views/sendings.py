"""Sendings: what is to do, the list before anything leaves, reminders, mail-merge, letters."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.core import mail
from restanque.kit.documents import Sheet, csv_bytes, file_response, xlsx_bytes
from restanque.kit.forms import ConfirmForm
from restanque.kit.text import format_date, plural, safe_file_name
from restanque.surveys import letters
from restanque.surveys.campaign_forms import RemindersForm
from restanque.surveys.models import Campaign, Sending
from restanque.surveys.models.sendings import (
    LineStatus,
    SendingKind,
    SendingMedium,
    SendingStatus,
)
from restanque.surveys.services import mailmerge, reminders
from restanque.surveys.services import sending as sendings
from restanque.surveys.services.planning import held_lines, plan_sending
from restanque.surveys.services.sending import SendingRefusedError
from restanque.surveys.views.common import campaign_context, editable_campaign, read_or_post

_KINDS = {"invitation": SendingKind.INVITATION, "relance": SendingKind.REMINDER}
_MEDIUMS = {"publipostage": SendingMedium.MERGE, "courrier": SendingMedium.PAPER}


@read_or_post
@require(can_write)
def overview(request: MemberRequest, pk: int) -> HttpResponse:
    """What has left, what will, by which way. POST plans the reminders."""
    campaign = editable_campaign(request, pk)
    planned = reminders.planned_reminders(campaign)
    days = [timezone.localtime(one.scheduled_for).date() for one in planned if one.scheduled_for]
    initial = dict(zip(RemindersForm.base_fields, days, strict=False))
    form = RemindersForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = reminders.plan_reminders(
                campaign=campaign,
                dates=form.dates(),
                by=request.membership.user,
                today=timezone.localdate(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = plural(len(kept), "relance prévue", "relances prévues")
            messages.success(request, f"{words}. Elles ne partent qu’à qui n’a pas répondu.")
            return redirect("surveys:sendings", campaign.pk)
    now = timezone.now()
    plans = {kind: plan_sending(campaign=campaign, kind=kind, now=now) for kind in SendingKind}
    context = campaign_context(request, campaign, "sendings") | {
        "form": form,
        "planned": planned,
        "delivery": mail.delivery_state(campaign.workspace),
        "invitations": plans[SendingKind.INVITATION],
        "reminders": plans[SendingKind.REMINDER],
        "past": _past(campaign),
        "has_invitations": campaign.invitations.exists(),
        "steps": None,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "surveys/sendings/overview.html", context, status=status)


@read_or_post
@require(can_write)
def prepare(request: MemberRequest, pk: int, kind: str) -> HttpResponse:
    """The list: who would be written to, at which address, and why not the others; then send.

    The first real sending of a campaign asks for the number of messages to be typed.
    """
    campaign = editable_campaign(request, pk)
    chosen = _kind(kind)
    plan = plan_sending(campaign=campaign, kind=chosen, now=timezone.now())
    typed = sendings.needs_typed_count(campaign)
    form = _confirm(request, plan.messages) if typed else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            sent = sendings.start_sending(
                campaign=campaign,
                kind=chosen,
                by=request.membership.user,
                typed_count=form.cleaned_data["count"] if form is not None else None,
            )
        except SendingRefusedError as error:
            messages.error(request, str(error))
            return redirect("surveys:sending-prepare", campaign.pk, kind)
        return redirect("surveys:sending", campaign.pk, sent.pk)
    context = campaign_context(request, campaign, "sendings") | {
        "plan": plan,
        "kind": kind,
        "kind_label": chosen.label,
        "form": form,
        "delivery": mail.delivery_state(campaign.workspace),
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "surveys/sendings/prepare.html", context, status=status)


@require_safe
@require(can_write)
def detail(request: MemberRequest, pk: int, sending: int) -> HttpResponse:
    """One sending: progress, lines, what may still be stopped or declared as left."""
    campaign = editable_campaign(request, pk)
    found = _sending(campaign, sending)
    lines = found.lines.select_related("invitation__organisation").order_by(
        "invitation__organisation__name_key", "pk"
    )
    context = campaign_context(request, campaign, "sendings") | {
        "sending": found,
        "job": found.job,
        "lines": lines,
        "held": held_lines(campaign, found),
        "pending": sum(line.status == LineStatus.PENDING for line in lines),
        "is_mail": found.medium == SendingMedium.EMAIL,
        "may_cancel": found.status in (SendingStatus.PLANNED, SendingStatus.RUNNING),
    }
    return render(request, "surveys/sendings/detail.html", context)


@require_POST
@require(can_write)
def act(request: MemberRequest, pk: int, sending: int) -> HttpResponse:
    """Stop a sending; declare that a mailing left, or that it will not."""
    campaign = editable_campaign(request, pk)
    found = _sending(campaign, sending)
    found.campaign = campaign
    action = request.POST.get("action", "")
    if found.status not in (SendingStatus.PLANNED, SendingStatus.RUNNING):
        messages.warning(request, "Cet envoi est terminé.")
    elif action == "cancel" and found.medium == SendingMedium.EMAIL:
        withdrawn = sendings.cancel_sending(sending=found)
        words = plural(withdrawn, "message retiré", "messages retirés")
        messages.success(request, f"L’envoi est arrêté, {words} de la boîte d’envoi.")
    elif action == "cancel":
        mailmerge.withdraw(sending=found)
        messages.success(request, "Le publipostage est abandonné.")
    elif action == "left" and found.medium != SendingMedium.EMAIL:
        number = mailmerge.mark_left(sending=found, by=request.membership.user)
        words = plural(number, "organisme marqué comme invité", "organismes marqués comme invités")
        messages.success(request, f"{words} ce jour.")
    return redirect("surveys:sending", campaign.pk, found.pk)


@read_or_post
@require(can_write)
def merge(request: MemberRequest, pk: int, medium: str, kind: str) -> HttpResponse:
    """Record a mailing done elsewhere (Outlook, Word) or by post, with its personal links."""
    campaign = editable_campaign(request, pk)
    chosen, way = _kind(kind), _MEDIUMS.get(medium)
    if way is None:
        raise Http404
    if request.method == "POST":
        try:
            sent = mailmerge.prepare(
                campaign=campaign, medium=way, kind=chosen, by=request.membership.user
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("surveys:sendings", campaign.pk)
        return redirect("surveys:sending", campaign.pk, sent.pk)
    context = campaign_context(request, campaign, "sendings") | {
        "medium": medium,
        "is_paper": way == SendingMedium.PAPER,
        "kind": kind,
        "kind_label": chosen.label,
        "plan": mailmerge.plan_mailing(
            campaign=campaign, medium=way, kind=chosen, now=timezone.now()
        ),
    }
    return render(request, "surveys/sendings/merge.html", context)


@require_POST
@require(can_write)
def merge_file(request: MemberRequest, pk: int, sending: int) -> HttpResponse:
    """The file of a mailing: workbook, CSV or letters. By POST: it gives accesses away."""
    campaign = editable_campaign(request, pk)
    found = _sending(campaign, sending)
    if found.medium == SendingMedium.EMAIL:
        raise Http404
    found.campaign = campaign
    rows = mailmerge.merge_lines(found)
    name = f"{safe_file_name(campaign.name)}-{found.pk}"
    file_format = request.POST.get("format", "")
    if file_format == "pdf":
        return file_response(letters.letters_pdf(campaign, rows), f"lettres-{name}.pdf")
    cells = [row.cells() for row in rows]
    if file_format == "csv":
        data = csv_bytes(mailmerge.HEADERS, cells, fictitious=campaign.fictitious)
        return file_response(data, f"publipostage-{name}.csv")
    sheet = Sheet("Publipostage", mailmerge.HEADERS, cells, notes=_merge_notes(found))
    data = xlsx_bytes([sheet], fictitious=campaign.fictitious)
    return file_response(data, f"publipostage-{name}.xlsx")


def _merge_notes(sending: Sending) -> list[tuple[str, str]]:
    who = sending.requested_by.display_name if sending.requested_by else ""
    day = format_date(timezone.localtime(sending.requested_at).date())
    return [
        ("Campagne", sending.campaign.name),
        ("Préparé", f"le {day} par {who}"),
        (
            "Liens personnels",
            "Chaque lien ouvre la réponse d’un seul organisme : ne le donnez à personne d’autre, "
            "et effacez ce fichier après l’envoi.",
        ),
    ]


def _past(campaign: Campaign) -> list[Any]:
    """What was started, with how many were served (`done`) or are kept here (`held`)."""
    held = Counter(int(key.split(":")[2]) for key in held_lines(campaign))
    past = list(
        Sending.objects.filter(campaign=campaign)
        .exclude(status=SendingStatus.PLANNED)
        .select_related("requested_by")
        .annotate(
            total=Count("lines"),
            done=Count("lines", filter=Q(lines__status=LineStatus.QUEUED)),
        )
        .order_by("-requested_at", "-pk")
    )
    for one in past:
        one.held = held[one.pk]  # type: ignore[attr-defined]
        one.done -= one.held  # type: ignore[attr-defined]
    return past


def _sending(campaign: Campaign, pk: int) -> Sending:
    return get_object_or_404(
        Sending.objects.select_related("requested_by", "job"), campaign=campaign, pk=pk
    )


def _kind(slug: str) -> SendingKind:
    if slug not in _KINDS:
        raise Http404
    return _KINDS[slug]


def _confirm(request: MemberRequest, number: int) -> ConfirmForm:
    data = request.POST if request.method == "POST" else None
    return ConfirmForm(data, count=number, noun="message")
