"""Where the reference data come from."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from restanque.accounts.perms import MemberRequest, can_read, require
from restanque.territories.models import ReferenceLoad
from restanque.territories.reference.sources import sources
from restanque.territories.views.territories import trail_of


@require_GET
@require(can_read)
def source_list(request: MemberRequest) -> HttpResponse:
    """Each data file: what, from whom, of when, under which licence, with which limits."""
    context = {
        "sources": sorted(sources().values(), key=lambda source: source.title),
        "load": ReferenceLoad.objects.first(),
        "trail": trail_of(),
    }
    return render(request, "territories/sources.html", context)
