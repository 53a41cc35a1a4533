"""The page of one contract, and the files handed over."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from restanque.accounts.perms import MemberRequest, require
from restanque.core import files
from restanque.work.budget.perms import (
    can_view_budgets,
    get_contract_for,
    get_part_for,
    organisations_of,
)
from restanque.work.budget.views.common import linked, page, read_for, trail
from restanque.work.models import Deliverable


@require_GET
@require(can_view_budgets)
def contract(request: MemberRequest, pk: int) -> HttpResponse:
    """Its amount with amendments, what was handed over, what was committed, invoiced, paid."""
    found = get_contract_for(request, pk)
    reading = read_for(request, found.budget_id)
    row = next(row for row in reading.contract_rows if row.contract.pk == pk)
    about = [one for one in reading.alerts if one.subject == ("contract", pk)]
    invoices = [
        one for one in reading.invoice_rows if reading.contract_of(one.invoice) == row.contract
    ]
    return page(
        request,
        "work/budget/contract.html",
        reading,
        trail=trail(reading.budget),
        contract=row.contract,
        row=row,
        alerts=linked(reading, about),
        thresholds=reading.thresholds_of(row.contract),
        commitments=[one for one in reading.commitments.values() if one.contract_id == pk],
        invoices=invoices,
        from_here=f"?marche={pk}",
        knows_provider=organisations_of(request.membership)
        .filter(pk=row.contract.provider_id)
        .exists(),
    )


@require_GET
@require(can_view_budgets)
def deliverable_file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download what was handed over."""
    found = get_part_for(request, Deliverable, pk)
    if not found.file:
        raise Http404
    return files.serve(found.file, name=found.file_name)
