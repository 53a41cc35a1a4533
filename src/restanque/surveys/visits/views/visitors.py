"""Visitors: who visits with a phone, and the code it scans."""

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.surveys.models import Visitor
from restanque.surveys.views.common import read_or_post
from restanque.surveys.visits import visitors
from restanque.surveys.visits.forms import VisitorForm
from restanque.surveys.visits.keys import password_of
from restanque.surveys.visits.perms import get_editable_round_for, get_visitor_for


@require_safe
@require(can_write)
def index(request: MemberRequest) -> HttpResponse:
    """Everybody who may visit on the territories covered, and when they last sent a visit."""
    found = (
        Visitor.objects.visible_to(request.membership)
        .select_related("territory")
        .prefetch_related("rounds")
        .order_by("revoked_at", "display_name", "pk")
    )
    context = {"visitors": [(one, visitors.last_sent(one)) for one in found]}
    return render(request, "surveys/visits/visitors.html", context)


@read_or_post
@require(can_write)
def create(request: MemberRequest, pk: int) -> HttpResponse:
    """A new visitor for a series; it may serve the others of its territory too."""
    visits = get_editable_round_for(request, pk)
    form = VisitorForm(
        request.POST or None, territory=visits.territory, initial={"rounds": [visits.pk]}
    )
    if request.method == "POST":
        made = submitted(
            form,
            lambda data: visitors.create_visitor(
                territory=visits.territory,
                by=request.membership.user,
                fictitious=visits.fictitious,
                **data,
            ),
        )
        if made is not None:
            return redirect(made)
    return render_form(
        request,
        PAGE,
        form,
        title="Nouveau visiteur",
        lede="Un visiteur par personne et par téléphone : on peut alors retirer l’un sans gêner "
        "les autres. Un partenaire, par exemple le commercial d’un moulin, peut en être un.",
        trail=_trail((str(visits), visits.get_absolute_url())),
        submit="Créer et voir le code",
        back=visits.get_absolute_url(),
    )


@require_safe
@require(can_write)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The code to scan, to print or to show, and how to set up the phone."""
    visitor = get_visitor_for(request, pk)
    context = {
        "visitor": visitor,
        "rounds": list(visitor.rounds.all()),
        "last_sent": visitors.last_sent(visitor),
        "server": visitors.server_url(),
    }
    if visitor.is_active:
        context |= {"password": password_of(visitor), "code": _drawn(visitor)}
    return render(request, "surveys/visits/visitor.html", context)


@read_or_post
@require(can_write)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename, or say which series it visits for."""
    visitor = get_visitor_for(request, pk)
    form = VisitorForm(
        request.POST or None,
        territory=visitor.territory,
        initial={"display_name": visitor.display_name, "rounds": list(visitor.rounds.all())},
    )
    if request.method == "POST":
        changed = submitted(form, lambda data: visitors.update_visitor(visitor=visitor, **data))
        if changed is not None:
            messages.success(request, "Le visiteur est enregistré.")
            return redirect(changed)
    return render_form(
        request,
        PAGE,
        form,
        title=f"Modifier « {visitor} »",
        lede="Son téléphone prend les changements à sa prochaine connexion.",
        trail=_trail(("Visiteurs", reverse("surveys:visitors"))),
        back=visitor.get_absolute_url(),
    )


@require_POST
@require(can_write)
def act(request: MemberRequest, pk: int) -> HttpResponse:
    """Turn a phone away, let it in again, or make a new code."""
    visitor = get_visitor_for(request, pk)
    action = request.POST.get("action", "")
    if action == "revoke":
        visitors.revoke(visitor=visitor)
        messages.success(request, f"« {visitor} » n’a plus accès. Ses visites restent.")
    elif action == "renew":
        visitors.renew_key(visitor=visitor)
        messages.success(request, "Voici le nouveau code. L’ancien ne marche plus.")
    elif action == "restore":
        visitors.restore(visitor=visitor)
        messages.success(request, "L’accès est rendu, avec un nouveau code.")
    else:
        raise Http404
    return redirect(visitor)


def _drawn(visitor: Visitor) -> str:
    """The code as a drawing in the page. It holds the password: no other address serves it."""
    code = segno.make(visitors.settings_code(visitor), error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, border=4, light="#fff", svgclass="rq-code", lineclass=None, omitsize=True,
        title="Code à scanner avec ODK Collect",
    )  # fmt: skip
    return mark_safe(drawn)


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    visits = ("Visites", reverse("surveys:visits"))
    return [("Enquêtes", reverse("surveys:campaigns")), visits, *more]
