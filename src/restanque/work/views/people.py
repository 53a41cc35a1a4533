"""When somebody works, and the calendar that their own program subscribes to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.kit.documents import FICTITIOUS
from restanque.kit.forms import submitted
from restanque.work.calendars import calendar_text, dates_of, feed_url, find_feed
from restanque.work.forms import AbsenceForm, WorkingTimeForm
from restanque.work.models import MemberFeed
from restanque.work.perms import can_subscribe, get_colleague_for
from restanque.work.services import calendars
from restanque.work.services import people as services
from restanque.work.views.common import trail


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_write)
def time(request: MemberRequest, pk: int) -> HttpResponse:
    """Days a week and absences of one person: two forms, one page."""
    colleague = get_colleague_for(request, pk)
    posted = request.POST.get("form", "") if request.method == "POST" else ""
    forms = {
        "temps": WorkingTimeForm(request.POST if posted == "temps" else None),
        "absence": AbsenceForm(request.POST if posted == "absence" else None, auto_id="abs_%s"),
    }
    if request.method == "POST":
        if posted not in forms:
            raise Http404
        write = services.set_working_time if posted == "temps" else services.add_absence
        made = submitted(forms[posted], lambda data: write(membership=colleague, **data))
        if made is not None:
            messages.success(request, "C’est enregistré : le plan de charge en tient compte.")
            return redirect("work:time", pk)
    context = {
        "colleague": colleague,
        "forms": forms,
        "times": list(colleague.working_times.order_by("-valid_from")),
        "absences": list(colleague.absences.order_by("-starts_on", "-pk")),
        "fictitious": request.membership.workspace.fictitious,
        "trail": trail(),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "work/time.html", context, status=status)


@require_POST
@require(can_write)
def time_remove(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Take away a working time, or an absence, written by mistake."""
    colleague = get_colleague_for(request, pk)
    if request.POST.get("what") == "absence":
        services.remove_absence(absence=get_object_or_404(colleague.absences, pk=number))
    else:
        found = get_object_or_404(colleague.working_times, pk=number)
        services.remove_working_time(working_time=found)
    messages.success(request, "C’est retiré.")
    return redirect("work:time", pk)


@require_GET
@require(can_subscribe)
def calendar(request: MemberRequest) -> HttpResponse:
    """The address of one's own calendar, and what is in it."""
    feed = MemberFeed.objects.filter(membership=request.membership, opened=True).first()
    today = timezone.localdate()
    dates = dates_of(request.membership, today)
    context = {
        "url": feed_url(feed) if feed else "",
        "dates": [one for one in dates if one.day >= today][:20],
        "total": len(dates),
        "fictitious": request.membership.workspace.fictitious,
        "trail": trail(),
    }
    return render(request, "work/calendar.html", context)


@require_POST
@require(can_subscribe)
def calendar_open(request: MemberRequest) -> HttpResponse:
    """Give it an address; asked again, the former one no longer opens."""
    calendars.open_feed(membership=request.membership)
    messages.success(
        request, "Votre agenda a une nouvelle adresse. L’ancienne, s’il y en avait une, est fermée."
    )
    return redirect("work:calendar")


@require_POST
@require(can_subscribe)
def calendar_close(request: MemberRequest) -> HttpResponse:
    """No address opens any more."""
    calendars.close_feed(membership=request.membership)
    messages.success(request, "Votre agenda est fermé : son adresse ne s’ouvre plus.")
    return redirect("work:calendar")


@login_not_required
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What a calendar program reads, without session: 404 for any other address."""
    found = find_feed(slug)
    if found is None:
        raise Http404
    today = timezone.localdate()
    member = found.membership
    dates = dates_of(member, today)
    fictitious = member.workspace.fictitious or any(one.fictitious for one in dates)
    mark = f" [{FICTITIOUS.lower()}]" if fictitious else ""
    response = HttpResponse(
        calendar_text(f"{member.workspace}, {member.user}{mark}", dates, today=today),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="agenda.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
