"""The gallery: every component with its states, in development and in the demo only."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from restanque.kit import figures, gallery_samples


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All components on one page; does not exist in production. Its data are invented."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    samples = gallery_samples.all_figures()
    if response := figures.serve(request, *samples.values()):
        return response
    return render(request, "kit/gallery.html", gallery_samples.context(request) | samples)
