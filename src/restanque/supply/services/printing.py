"""Every commune's page, written by a job."""

from __future__ import annotations

from django.utils import timezone

from restanque.accounts.models import User
from restanque.core.jobs import JobProgress, JobResult, job, start_job
from restanque.core.models import Job
from restanque.supply.documents import commune_pages
from restanque.supply.explaining import study_of
from restanque.supply.models import SupplyPlan
from restanque.supply.showing import PlanView


def start_commune_pages(*, plan: SupplyPlan, by: User | None = None) -> Job:
    """Have « Votre pain demain » of every commune written; the file is the job's."""
    return start_job(
        workspace=plan.scenario.workspace,
        kind="supply-pages",
        label=f"Pages des communes, « {plan.scenario} »",
        task=write_commune_pages,
        arguments={"plan_id": plan.pk},
        requested_by=by,
    )


@job
def write_commune_pages(progress: JobProgress, *, plan_id: int) -> JobResult | None:
    """One page for each commune with a need. Running it again writes the same file."""
    plan = SupplyPlan.objects.select_related("scenario__territory__workspace").get(pk=plan_id)
    view = PlanView(plan)
    concerned = {one.need.canteen.commune_id for one in view.short} | set(view.communes)
    communes = list(
        plan.scenario.territory.communes_at(timezone.localdate()).filter(pk__in=concerned)
    )
    progress.report(done=0, total=1, message="Les pages s’écrivent.")
    data = commune_pages(view, communes, study=study_of(plan), created_at=timezone.now())
    progress.report(done=1, total=1)
    return JobResult("Les pages sont prêtes.", data, f"votre-pain-demain-plan-{plan.pk}.docx")
