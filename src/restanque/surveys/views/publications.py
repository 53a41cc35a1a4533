"""The public page of a campaign: no account, no name of a commune, until it is withdrawn."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from restanque.surveys.models import Publication


@require_safe
@login_not_required
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The page as it was published; 410 once withdrawn, 404 for an address never given."""
    found = get_object_or_404(Publication.objects.select_related("report", "campaign"), slug=slug)
    if not found.is_public:
        return render(request, "surveys/report/withdrawn.html", status=410)
    context = {"publication": found, "report": found.report, "campaign": found.campaign}
    return render(request, "surveys/report/public.html", context)
