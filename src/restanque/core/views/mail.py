"""The outbox: what was written, what left, and why not."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.core import mail, periodic, perms
from restanque.core.mail.building import build
from restanque.core.mail.delivery import LEASE
from restanque.core.mail.marks import UnknownMarkError, veil
from restanque.core.mail.rules import NO_SERVER
from restanque.core.mail.services import ENDED_BADLY, WAITING
from restanque.core.models import MailSuppression, MessageStatus, OutgoingMessage, Purpose
from restanque.core.tables import (
    MESSAGE_KINDS,
    MessageFilter,
    MessageTable,
    SuppressionFilter,
    SuppressionTable,
)
from restanque.kit import forms, lists
from restanque.kit.text import plural


class OutboxView(lists.ListView):
    """What the team wrote: to whom, why, whether it left."""

    request: MemberRequest
    title = "Quels messages sont partis ?"
    noun = ("message", "messages")
    table_class = MessageTable
    filterset_class = MessageFilter
    template_name = "core/outbox.html"
    export_name = "messages"
    empty = lists.Empty(
        "Aucun message",
        "Les invitations, relances et accusés de réception apparaîtront ici. "
        "Commencez par un essai vers votre propre adresse.",
    )

    def get_queryset(self) -> QuerySet[OutgoingMessage]:
        """The workspace's messages."""
        return perms.visible_messages(self.request.membership)

    def get_lede(self) -> str:
        """How many left, how many stay."""
        rows = self.get_queryset()
        sent = rows.filter(status=MessageStatus.SENT).count()
        held = rows.filter(status=MessageStatus.HELD).count()
        waiting = rows.filter(
            status__in=(MessageStatus.QUEUED, MessageStatus.FAILED_SOFT, MessageStatus.SENDING)
        ).count()
        return (
            f"{plural(sent, 'parti', 'partis')}, {plural(waiting, 'en file', 'en file')}, "
            f"{plural(held, 'retenu', 'retenus')}."
        )

    def is_fictitious(self) -> bool:
        """A demonstration workspace's messages are invented."""
        return self.request.membership.workspace.fictitious

    def get_actions(self) -> Sequence[lists.Action]:
        """Addresses set aside."""
        return [lists.Action("Adresses à ne pas solliciter", reverse("core:suppressions"))]

    def get_bulk_actions(self) -> Sequence[lists.BulkAction]:
        """Withdraw what has not left."""
        return [lists.BulkAction("cancel", "Annuler", danger=True)]

    def run_bulk(self, code: str, rows: QuerySet[OutgoingMessage]) -> str:
        """Cancel the chosen messages; those that left are not counted."""
        done = sum(mail.cancel(message=message) for message in rows)
        return f"{plural(done, 'message annulé', 'messages annulés')}."

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add why nothing leaves, and what to do."""
        membership = self.request.membership
        state = mail.delivery_state(membership.workspace)
        held = self.get_queryset().filter(status=MessageStatus.HELD, fictitious=False)
        return super().get_context_data(
            state=state,
            server_error=periodic.last_error(LEASE) if settings.EMAIL_DELIVERY else "",
            server_missing=state.reason == NO_SERVER,
            own_address=membership.user.email,
            held_count=held.exclude(purpose=Purpose.ACCOUNT).count(),
            can_release=perms.can_release(membership),
            **extra,
        )


@require(perms.can_read_outbox)
def message(request: MemberRequest, pk: int) -> HttpResponse:
    """One message: what it says, where it stands, what can be done."""
    shown = _get_message_for(request, pk)
    body, html_too = _body_of(shown)
    context = {
        "message": shown,
        "body": body,
        "has_html": html_too,
        "badge_kind": MESSAGE_KINDS.get(MessageStatus(shown.status), ""),
        "demo": settings.DEMO,
        "state": mail.delivery_state(shown.workspace),
        "can_cancel": shown.status in WAITING,
        "can_release": shown.status == MessageStatus.HELD and perms.can_release(request.membership),
        "can_send_again": shown.status in ENDED_BADLY and perms.can_release(request.membership),
    }
    return render(request, "core/message.html", context)


@require_POST
@require(perms.can_read_outbox)
def message_test(request: MemberRequest) -> HttpResponse:
    """Write a trial to oneself: the way to check the server's settings."""
    membership = request.membership
    trial = mail.queue_message(
        workspace=membership.workspace,
        to_email=membership.user.email,
        to_name=membership.user.full_name,
        subject="Essai d’envoi",
        text=(
            "Bonjour,\n\nsi vous lisez ce message, l’envoi fonctionne.\n\n"
            f"{membership.workspace.name}\n{settings.BASE_URL}\n"
        ),
        purpose=Purpose.OTHER,
        from_name=membership.workspace.name,
        reply_to=membership.workspace.contact_email,
    )
    if trial.status == MessageStatus.QUEUED:
        messages.success(request, f"L’essai part vers {trial.to_email}.")
    else:
        messages.warning(request, f"L’essai est retenu. {trial.status_reason}")
    return redirect("core:message", trial.pk)


@require_POST
@require(perms.can_read_outbox)
def message_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw a message that has not left."""
    shown = _get_message_for(request, pk)
    if mail.cancel(message=shown):
        messages.success(request, "Le message est annulé : il ne partira pas.")
    else:
        messages.warning(request, "Il est trop tard pour annuler ce message.")
    return redirect("core:message", pk)


@require_POST
@require(perms.can_release)
def message_release(request: MemberRequest, pk: int) -> HttpResponse:
    """Let one held message go, or try one again."""
    shown = _get_message_for(request, pk)
    act = mail.release if shown.status == MessageStatus.HELD else mail.send_again
    try:
        act(message=shown)
    except ValidationError as error:
        messages.warning(request, f"Le message reste ici. {error.messages[0]}")
    else:
        messages.success(request, "Le message est en file : il part dans un instant.")
    return redirect("core:message", pk)


@require(perms.can_release)
def outbox_release(request: MemberRequest) -> HttpResponse:
    """Let all held messages go: their number must be typed, as they go to real people."""
    held = (
        perms.visible_messages(request.membership)
        .filter(status=MessageStatus.HELD, fictitious=False)
        .exclude(purpose=Purpose.ACCOUNT)
    )
    state = mail.delivery_state(request.membership.workspace)
    count = held.count()
    if not state.can_send or not count:
        messages.warning(request, state.reason or "Aucun message n’est retenu.")
        return redirect("core:outbox")
    form = forms.ConfirmForm(request.POST or None, count=count, noun="message")
    if request.method == "POST" and form.is_valid():
        for one in held:
            mail.release(message=one)
        messages.success(request, f"{plural(count, 'message')} en file d’envoi.")
        return redirect("core:outbox")
    return forms.render_form(
        request, forms.PAGE, form,
        title="Faire partir les messages retenus",
        lede="Ils iront à leurs vrais destinataires. Relisez la liste avant de confirmer.",
        trail=[("Messages", reverse("core:outbox"))],
        submit="Faire partir", back=reverse("core:outbox"), danger=True,
    )  # fmt: skip


class SuppressionsView(lists.ListView):
    """Addresses to which the team no longer writes, and why."""

    request: MemberRequest
    title = "À qui n’écrivons-nous plus ?"
    lede = "Ces adresses ne reçoivent plus rien de l’équipe, même par un envoi groupé."
    noun = ("adresse", "adresses")
    table_class = SuppressionTable
    filterset_class = SuppressionFilter
    export_name = "adresses-ecartees"
    empty = lists.Empty(
        "Aucune adresse écartée",
        "Une adresse arrive ici quand son titulaire ne veut plus être relancé, "
        "ou quand son serveur la refuse définitivement.",
    )

    def get_queryset(self) -> QuerySet[MailSuppression]:
        """The workspace's."""
        return MailSuppression.objects.filter(workspace=self.request.membership.workspace)

    def get_trail(self) -> Sequence[tuple[str, str]]:
        """Under the outbox."""
        return [("Messages", reverse("core:outbox"))]

    def is_fictitious(self) -> bool:
        """A demonstration workspace's addresses are invented."""
        return self.request.membership.workspace.fictitious

    def get_bulk_actions(self) -> Sequence[lists.BulkAction]:
        """Lift, for administrators, when the holder asks for it."""
        if not perms.can_release(self.request.membership):
            return ()
        return [lists.BulkAction("lift", "Autoriser de nouveau")]

    def run_bulk(self, code: str, rows: QuerySet[MailSuppression]) -> str:
        """Allow the chosen addresses again."""
        for row in list(rows):
            mail.lift_suppression(workspace=row.workspace, email=row.email)
        return "Les adresses choisies peuvent de nouveau recevoir nos messages."


def _get_message_for(request: MemberRequest, pk: int) -> OutgoingMessage:
    return get_object_or_404(
        perms.visible_messages(request.membership).select_related("workspace"), pk=pk
    )


def _body_of(shown: OutgoingMessage) -> tuple[str, bool]:
    """The text to show, and whether a formatted version goes with it.

    A sign-in code on a page would be an access, and so would a personal link: they appear in the
    demonstration only, where every account is fictitious.
    """
    if shown.purpose == Purpose.ACCOUNT and not settings.DEMO:
        return "", False
    if settings.DEMO:
        try:
            return str(build(shown).body), bool(shown.html)
        except (UnknownMarkError, ValueError):
            return veil(shown.text), bool(shown.html)
    return veil(shown.text), bool(shown.html)
