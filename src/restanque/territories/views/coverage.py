"""Which member covers which territory."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, can_administer, require
from restanque.kit import forms
from restanque.territories import services
from restanque.territories.forms import CoverageForm
from restanque.territories.views.territories import trail_of


@require_GET
@require(can_administer)
def coverage_list(request: MemberRequest) -> HttpResponse:
    """Every member of the workspace, and the territories covered."""
    members = (
        Membership.objects.active()
        .filter(workspace=request.membership.workspace_id)
        .select_related("user")
        .prefetch_related("territory_accesses__territory")
    )
    context = {"members": members, "trail": trail_of()}
    return render(request, "territories/coverage.html", context)


@require_http_methods(["GET", "POST"])
@require(can_administer)
def coverage_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose what a member covers."""
    member = _get_member_for(request, pk)
    accesses = member.territory_accesses.values_list("territory", flat=True)
    initial = {
        "scope": CoverageForm.ALL if member.all_territories else CoverageForm.SOME,
        "territories": list(accesses),
    }
    form = CoverageForm(request.POST or None, membership=member, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_coverage(membership=member, territories=form.chosen)
        messages.success(request, f"Les territoires de {member.user} sont enregistrés.")
        return redirect("territories:coverage")
    return forms.render_form(
        request,
        forms.PAGE,
        form,
        title=f"Que couvre {member.user} ?",
        lede="Une personne ne voit que ce qui concerne les territoires qu’elle couvre.",
        trail=trail_of(("Qui couvre quoi", reverse("territories:coverage"))),
        back=reverse("territories:coverage"),
    )


def _get_member_for(request: MemberRequest, pk: int) -> Membership:
    own = Membership.objects.active().filter(workspace=request.membership.workspace_id)
    return get_object_or_404(own.select_related("user", "workspace"), pk=pk)
