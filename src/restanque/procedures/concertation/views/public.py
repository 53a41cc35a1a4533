"""The public pages: anybody, no account, no cookie needed, no script; while the page is open."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from restanque.core import files
from restanque.kit.forms import add_errors
from restanque.procedures.concertation import gate
from restanque.procedures.concertation.nomenclature import Way
from restanque.procedures.concertation.perms import can_read_page
from restanque.procedures.concertation.public import Showing
from restanque.procedures.concertation.public_forms import ContributionForm
from restanque.procedures.concertation.services import contributions as services
from restanque.procedures.models import Contribution, PublicPage

P = ParamSpec("P")
PageView = Callable[Concatenate[HttpRequest, Showing, P], HttpResponseBase]
BY_PAGE = 20


def with_page(view: PageView[P]) -> Callable[..., HttpResponseBase]:
    """Open the page of an address: 404 if it never opened, 410 once it is closed.

    No CSRF check: nobody is signed in here, so no cookie gives a right that a hostile page could
    use; and browsers that refuse cookies can contribute. The form is guarded by `gate`.
    """

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def opened(
        request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        page = (
            PublicPage.objects.filter(slug=slug, opened_on__isnull=False)
            .select_related("procedure__territory__workspace")
            .prefetch_related(
                "procedure__facts__act", "procedure__targets", "procedure__participations"
            )
            .first()
        )
        if page is None:
            raise Http404
        if not can_read_page(page):
            return render(request, "procedures/concertation/public_closed.html", status=410)
        return view(request, Showing(page, timezone.localdate()), *args, **kwargs)

    return opened


@require_safe
@with_page
def page(request: HttpRequest, showing: Showing) -> HttpResponse:
    """What it is about, the documents, the calendar, what was said."""
    return _render(request, "public_page.html", showing)


@require_safe
@with_page
def contributions(request: HttpRequest, showing: Showing) -> HttpResponse:
    """Every published contribution, with its public answer."""
    paginator = Paginator(showing.contributions, BY_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    return _render(request, "public_contributions.html", showing, rows=shown)


@require_safe
@with_page
def document(request: HttpRequest, showing: Showing, pk: int) -> HttpResponseBase:
    """Download a document that is online."""
    one = get_object_or_404(showing.page.documents.filter(withdrawn_on=None), pk=pk)
    return files.serve(one.file, name=one.file_name)


@require_http_methods(["GET", "HEAD", "POST"])
@with_page
def contribute(request: HttpRequest, showing: Showing) -> HttpResponse:
    """The form; a faulty post comes back with what was typed."""
    if not showing.takes:
        status = 410 if request.method == "POST" else 200
        return _render(request, "public_late.html", showing, status=status)
    form = ContributionForm(
        request.POST or None, request.FILES or None, procedure=showing.procedure
    )
    if request.method != "POST":
        return _form(request, showing, form)
    if gate.is_full(request, showing.page.pk):
        return _form(request, showing, form, fault=gate.TOO_MANY, status=429)
    if request.FILES and gate.has_too_many_files(showing.page.pk):
        return _form(request, showing, form, fault=gate.TOO_MANY_FILES, status=429)
    fault = gate.fault_of(
        request.POST.get("jeton", ""),
        request.POST.get(gate.TRAP, ""),
        slug=showing.page.slug,
        now=timezone.now(),
    )
    if fault or not form.is_valid():
        return _form(request, showing, form, fault=fault, status=422)
    made = _keep(request, showing, form)
    if made is None:
        return _form(request, showing, form, status=422)
    return redirect("concertation:receipt", slug=showing.page.slug, token=gate.receipt(made))


def _keep(request: HttpRequest, showing: Showing, form: ContributionForm) -> int | None:
    """Record it once; None when the service refuses, with the reason in the form."""
    page, data = showing.page.pk, form.cleaned_data
    mark = _mark_of(data)
    if (known := gate.recall(request, page, mark)) is not None:
        return known
    try:
        made = services.record(
            procedure=showing.procedure,
            way=Way.WEB,
            received_on=showing.today,
            participation=showing.participation,
            fictitious=showing.fictitious,
            **data,
        )
    except ValidationError as error:
        # A refused file is said at its field, whatever the service named it.
        add_errors(form, error)
        return None
    gate.count(request, page, with_file=bool(made.attachment))
    gate.remember(request, page, mark, made.pk)
    return made.pk


def _mark_of(data: dict[str, Any]) -> str:
    """The same for a second press of the button only: two people of one town hall may say the same
    words, and somebody may send again to join the file that they had forgotten."""
    upload = data.get("attachment")
    joined = f"{upload.name}\0{upload.size}" if upload else ""
    said = services.fingerprint(data["text"])
    return "\0".join((said, data["person_name"], data["person_email"], joined))


@require_safe
@login_not_required
def receipt(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The number to keep. It stays readable once the page is closed: it is the sender's."""
    pk = gate.of_receipt(token)
    found = get_object_or_404(
        Contribution.objects.select_related(
            "procedure__public_page", "procedure__territory__workspace"
        ).prefetch_related("themes"),
        pk=pk or 0,
        procedure__public_page__slug=slug,
    )
    page = found.procedure.public_page
    return _render(request, "public_receipt.html", Showing(page, timezone.localdate()), one=found)


def _form(
    request: HttpRequest,
    showing: Showing,
    form: ContributionForm,
    *,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "fault": fault,
        "token": gate.issue(showing.page.slug, now=timezone.now()),
        "trap": gate.TRAP,
    }
    return _render(request, "public_form.html", showing, status=status, **context)


def _render(
    request: HttpRequest, name: str, showing: Showing, *, status: int = 200, **more: Any
) -> HttpResponse:
    slug = showing.page.slug
    context = {
        "showing": showing,
        "page": showing.page,
        "procedure": showing.procedure,
        "form_url": reverse("concertation:contribute", args=[slug]),
        "fictitious": showing.fictitious,
        **more,
    }
    response = render(request, f"procedures/concertation/{name}", context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
