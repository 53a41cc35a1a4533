"""Review: the answers to validate one after the other, with what looks wrong."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.engine.forms import FormError, field_id
from restanque.kit.text import plural
from restanque.surveys import plausibility
from restanque.surveys.board import state_of
from restanque.surveys.models import Campaign, Comment, Flag, Invitation, Response
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.models.followup import FlagResolution
from restanque.surveys.posting import readable
from restanque.surveys.reviewing import review_pages
from restanque.surveys.services import flags, review
from restanque.surveys.sessions import session_of
from restanque.surveys.tables_campaigns import badge
from restanque.surveys.views.common import (
    campaign_context,
    editable_campaign,
    editable_invitation,
)


@require_safe
@require(can_write)
def queue(request: MemberRequest, pk: int) -> HttpResponse:
    """What is to validate: flagged first, then the oldest."""
    campaign = editable_campaign(request, pk)
    waiting = list(_waiting(campaign))
    done = Response.objects.filter(
        invitation__campaign=campaign,
        status__in=(ResponseStatus.VALIDATED, ResponseStatus.REJECTED),
    ).select_related("invitation__organisation", "reviewed_by")
    context = (
        campaign_context(request, campaign, "review")
        | {
            "waiting": waiting,
            "flagged": sum(bool(one.open_flags) for one in waiting),  # type: ignore[attr-defined]
            "done": done.defer("instance", "submitted_xml", "flat").order_by("-reviewed_at", "-pk")[
                :15
            ],
            "rules": plausibility.described(),
        }
    )
    return render(request, "surveys/review/queue.html", context)


@require_safe
@require(can_write)
def answer(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """One answer to read over: values, flags, comments, and what to conclude."""
    found = _sent(request, pk, invitation)
    return _page(request, found)


@require_POST
@require(can_write)
def conclude(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Validate, send back, or set aside; then the next one."""
    found = _sent(request, pk, invitation)
    response, by = found.response, request.membership.user
    action, text = request.POST.get("action", ""), readable(request.POST.get("text", ""))
    if action == "validate" and _unresolved(response) and "anyway" not in request.POST:
        return _page(request, found, ask=True)
    try:
        if action == "validate":
            review.validate(response=response, by=by)
            sentence = f"{found.organisation} : réponse validée."
        elif action == "back":
            written = review.send_back(response=response, by=by, message=text)
            told = plural(written, "message écrit", "messages écrits")
            sentence = f"{found.organisation} : réponse rouverte, {told}."
            if not written:
                sentence += " Aucune adresse : prévenez la mairie par téléphone."
        elif action == "reject":
            review.reject(response=response, by=by, note=text)
            sentence = f"{found.organisation} : réponse écartée des résultats."
        else:
            raise Http404
    except ValidationError as error:
        return _page(request, found, errors=list(error.messages), typed=text, action=action)
    messages.success(request, sentence)
    return redirect(_next(found))


@require_POST
@require(can_write)
def correct(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Change one value, as the organisation said; the former one stays in the revisions."""
    found = _sent(request, pk, invitation)
    path = request.POST.get("path", "")
    # A checkbox group posts one value a choice, and none when nothing is ticked.
    value = readable(" ".join(request.POST.getlist("value")))
    try:
        changed = review.correct(
            response=found.response, values={path: value}, by=request.membership.user
        )
    except ValidationError as error:
        return _page(request, found, errors=list(error.messages), opened=path, typed=value)
    messages.success(request, "La correction est enregistrée." if changed else "Rien n’a changé.")
    return redirect("surveys:review-answer", pk, found.pk)


@require_POST
@require(can_write)
def flag(request: MemberRequest, pk: int, invitation: int, flag: int) -> HttpResponse:
    """Say what a flag came to."""
    found = _sent(request, pk, invitation)
    one = get_object_or_404(Flag, response=found.response, pk=flag)
    resolution = request.POST.get("resolution", "")
    if resolution in FlagResolution.values:
        flags.resolve_flag(
            flag=one,
            resolution=FlagResolution(resolution),
            by=request.membership.user,
            note=readable(request.POST.get("note", "")),
        )
    return redirect("surveys:review-answer", pk, found.pk)


@require_POST
@require(can_write)
def comment(request: MemberRequest, pk: int, invitation: int) -> HttpResponse:
    """Add a remark."""
    found = _sent(request, pk, invitation)
    text = readable(request.POST.get("text", "")).strip()
    if text:
        review.comment(response=found.response, by=request.membership.user, text=text)
        messages.success(request, "Le commentaire est enregistré.")
    return redirect("surveys:review-answer", pk, found.pk)


def _page(request: MemberRequest, found: Invitation, **extra: Any) -> HttpResponse:
    response, campaign = found.response, found.campaign
    marks = list(Flag.objects.filter(response=response).select_related("resolved_by"))
    try:
        session = session_of(response)
    except FormError:
        raise Http404 from None
    opened = extra.get("opened") or request.GET.get("corriger", "")
    context = campaign_context(request, campaign, "review") | {
        "invitation": found,
        "response": response,
        "badge": badge(state_of(found)),
        "pages": review_pages(session, marks, opened=opened, typed=extra.get("typed")),
        "flags": marks,
        "open_flags": [(field_id(one.path), one) for one in marks if not one.resolution],
        "resolutions": FlagResolution.choices,
        "comments": Comment.objects.filter(invitation=found).select_related("by"),
        "reviewed": review.reviewed_words(response),
        "to_validate": response.status == ResponseStatus.SUBMITTED,
        "left": _waiting(campaign).exclude(pk=response.pk).count(),
        "errors": extra.get("errors", []),
        "ask": extra.get("ask", False),
        "action": extra.get("action", ""),
        "typed": extra.get("typed", "") if extra.get("action") else "",
    }
    status = 422 if extra.get("errors") or extra.get("ask") else 200
    return render(request, "surveys/review/answer.html", context, status=status)


def _sent(request: MemberRequest, pk: int, invitation: int) -> Invitation:
    """The invitation, when its answer was sent; 404 for outsiders or a draft."""
    found = editable_invitation(request, pk, invitation)
    response = getattr(found, "response", None)
    if response is None or response.is_draft:
        raise Http404
    response.invitation = found
    return found


def _unresolved(response: Response) -> bool:
    """Whether a value to check has no conclusion yet: validating asks once."""
    return Flag.objects.filter(response=response, resolution="").exists()


def _waiting(campaign: Campaign) -> QuerySet[Response]:
    return (
        Response.objects.filter(invitation__campaign=campaign, status=ResponseStatus.SUBMITTED)
        .select_related("invitation__organisation__commune")
        .defer("instance", "submitted_xml", "flat")
        .annotate(open_flags=Count("flags", filter=Q(flags__resolution="")))
        .order_by("-open_flags", "submitted_at", "pk")
    )


def _next(done: Invitation) -> str:
    """The next answer to validate, else the queue."""
    following = _waiting(done.campaign).exclude(invitation=done).first()
    if following is None:
        return reverse("surveys:review", args=[done.campaign_id])
    return reverse("surveys:review-answer", args=[done.campaign_id, following.invitation_id])
