"""Series of visits: the list, one series with its visits to read over, its frame."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_read, can_write, require
from restanque.directory.nomenclature import Kind
from restanque.kit.forms import PAGE, render_form, submitted
from restanque.surveys import shipped
from restanque.surveys.models import VisitRound
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.views.common import read_or_post
from restanque.surveys.visits import rounds
from restanque.surveys.visits.forms import RoundForm, first_values, visit_versions
from restanque.surveys.visits.perms import get_editable_round_for, get_round_for

SHOWN = 50


@require_safe
@require(can_read)
def index(request: MemberRequest) -> HttpResponse:
    """The series of the territories covered, with what waits to be read over."""
    membership = request.membership
    waiting = Q(visits__status=ResponseStatus.SUBMITTED)
    done = Q(visits__status=ResponseStatus.VALIDATED)
    found = (
        VisitRound.objects.visible_to(membership)
        .select_related("territory")
        .annotate(
            waiting=Count("visits", filter=waiting, distinct=True),
            validated=Count("visits", filter=done, distinct=True),
            people=Count("visitors", filter=Q(visitors__revoked_at=None), distinct=True),
        )
    )
    context = {
        "rounds": list(found),
        "can_edit": can_write(membership),
        "has_form": can_write(membership) and visit_versions(membership).exists(),
        "shipped": [shipped.load(name) for name in shipped.VISITS],
    }
    return render(request, "surveys/visits/index.html", context)


@require_POST
@require(can_write)
def install(request: MemberRequest) -> HttpResponse:
    """Put the two shipped visit forms in the workspace, published; again changes nothing."""
    membership = request.membership
    for name in shipped.VISITS:
        rounds.install_visit_form(workspace=membership.workspace, name=name, by=membership.user)
    messages.success(request, "Les deux formulaires de visite sont prêts.")
    return redirect("surveys:round-create")


@read_or_post
@require(can_write)
def create(request: MemberRequest) -> HttpResponse:
    """A new series."""
    membership = request.membership
    if not visit_versions(membership).exists():
        return redirect("surveys:visits")
    form = RoundForm(
        request.POST or None, membership=membership, initial=first_values(timezone.localdate())
    )
    if request.method == "POST":
        made = submitted(form, lambda data: rounds.create_round(by=membership.user, **data))
        if made is not None:
            messages.success(request, "Donnez maintenant un code à chaque visiteur.")
            return redirect(made)
    return _frame(request, form, "Nouvelle série de visites", reverse("surveys:visits"))


@read_or_post
@require(can_write)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the frame; phones take the new form at their next connection."""
    visits = get_editable_round_for(request, pk)
    names = [name for name in RoundForm.base_fields if name != "territory"]
    form = RoundForm(
        request.POST or None,
        membership=request.membership,
        visits=visits,
        initial={name: getattr(visits, name) for name in names},
    )
    if request.method == "POST":
        changed = submitted(form, lambda data: rounds.update_round(visits=visits, **data))
        if changed is not None:
            messages.success(request, "Les réglages sont enregistrés.")
            return redirect(changed)
    return _frame(request, form, f"Régler « {visits} »", visits.get_absolute_url())


@require_POST
@require(can_write)
def state(request: MemberRequest, pk: int) -> HttpResponse:
    """Close a series, or open it again."""
    visits = get_editable_round_for(request, pk)
    action = request.POST.get("action", "")
    try:
        if action == "close":
            rounds.close_round(visits=visits)
            messages.success(
                request, "La série est close. Une visite déjà commencée sera encore reçue."
            )
        elif action == "reopen":
            rounds.reopen_round(visits=visits)
            messages.success(request, "La série est de nouveau ouverte.")
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(visits)


@require_safe
@require(can_read)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One series: what waits, what was concluded, who visits."""
    visits = get_round_for(request, pk)
    can_edit = can_write(request.membership)
    found = (
        visits.visits.select_related("organisation__commune", "visitor", "entered_by")
        .defer("instance", "received_xml", "flat", "version")
        .annotate(file_count=Count("files"))
    )
    context = {
        "visits": visits,
        "can_edit": can_edit,
        "kinds": ", ".join(Kind(kind).label.lower() for kind in visits.kinds),
        # Who was visited when may be read by readers; the answers of one visit may not.
        "waiting": list(found.filter(status=ResponseStatus.SUBMITTED)),
        "drafts": list(found.filter(status=ResponseStatus.DRAFT)),
        "done": list(
            found.filter(status__in=(ResponseStatus.VALIDATED, ResponseStatus.REJECTED))[:SHOWN]
        ),
        "visitors": list(visits.visitors.all()) if can_edit else [],
    }
    return render(request, "surveys/visits/round.html", context)


def _frame(request: MemberRequest, form: RoundForm, title: str, back: str) -> HttpResponse:
    return render_form(
        request,
        PAGE,
        form,
        title=title,
        lede="Ce qui est demandé sur place, à qui, et pourquoi.",
        trail=[("Enquêtes", reverse("surveys:campaigns")), ("Visites", reverse("surveys:visits"))],
        back=back,
    )
