"""The room's printed pages, by plan."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from restanque.accounts.perms import MemberRequest, require
from restanque.kit.documents import file_response
from restanque.supply.documents import bakery_pages, commune_pages, mill_pages
from restanque.supply.explaining import study_of
from restanque.supply.models import BakeryOffer, MillOffer, SupplyPlan
from restanque.supply.perms import can_edit_supply, can_view_details, get_plan_for
from restanque.supply.services import printing
from restanque.supply.showing import PlanView
from restanque.territories.models import Commune


@require(can_view_details)
def commune(request: MemberRequest, pk: int, code: str) -> HttpResponse:
    """« Votre pain demain » of one commune of the plan's territory."""
    plan = get_plan_for(request, pk)
    subject = get_object_or_404(_communes(plan), pk=code)
    data = commune_pages(PlanView(plan), [subject], study=study_of(plan), created_at=timezone.now())
    return file_response(data, f"votre-pain-demain-{subject.pk}.docx")


@require_POST
@require(can_edit_supply)
def communes(request: MemberRequest, pk: int) -> HttpResponse:
    """The same for every commune with a need, in one file, by a job: it takes some ten seconds."""
    plan = get_plan_for(request, pk)
    work = printing.start_commune_pages(plan=plan, by=request.membership.user)
    return redirect("core:job", pk=work.pk)


@require(can_view_details)
def bakery(request: MemberRequest, pk: int, bakery: int) -> HttpResponse:
    """The neutral page of one bakery that has a name."""
    plan = get_plan_for(request, pk)
    offer = get_object_or_404(_bakeries(plan), pk=bakery)
    data = bakery_pages(plan, [offer], created_at=timezone.now())
    return file_response(data, f"besoins-publics-{offer}.docx")


@require(can_view_details)
def bakeries(request: MemberRequest, pk: int) -> HttpResponse:
    """The same for every bakery that has a name, in one file."""
    plan = get_plan_for(request, pk)
    data = bakery_pages(plan, list(_bakeries(plan)), created_at=timezone.now())
    return file_response(data, f"besoins-publics-plan-{plan.pk}.docx")


@require(can_view_details)
def mill(request: MemberRequest, pk: int, mill: int) -> HttpResponse:
    """The flour asked of one mill."""
    plan = get_plan_for(request, pk)
    offer = get_object_or_404(_mills(plan), pk=mill)
    data = mill_pages(PlanView(plan), [offer], created_at=timezone.now())
    return file_response(data, f"farine-demandee-{offer}.docx")


@require(can_view_details)
def mills(request: MemberRequest, pk: int) -> HttpResponse:
    """The same for every mill, in one file."""
    plan = get_plan_for(request, pk)
    data = mill_pages(PlanView(plan), list(_mills(plan)), created_at=timezone.now())
    return file_response(data, f"farine-demandee-plan-{plan.pk}.docx")


def _communes(plan: SupplyPlan) -> QuerySet[Commune]:
    return plan.scenario.territory.communes_at(timezone.localdate())


def _bakeries(plan: SupplyPlan) -> QuerySet[BakeryOffer]:
    return (
        BakeryOffer.objects.active()
        .filter(territory=plan.scenario.territory, organisation__isnull=False)
        .select_related("organisation__commune", "placeholder_commune")
    )


def _mills(plan: SupplyPlan) -> QuerySet[MillOffer]:
    return (
        MillOffer.objects.active()
        .filter(territory=plan.scenario.territory)
        .select_related("organisation__commune")
    )
