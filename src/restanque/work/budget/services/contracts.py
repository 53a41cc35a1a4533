"""Writes on contracts, their amendments and deliverables."""

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from restanque.core import files
from restanque.directory.models import Organisation
from restanque.work.budget.services.budgets import assign, forget_file
from restanque.work.models import Amendment, Budget, BudgetLine, Contract, Deliverable
from restanque.work.services.saving import save

#: What a provider may hand over as a file.
ACCEPTED = (*files.PROOFS, "docx", "xlsx", "ods")


class ContractFields(TypedDict, total=False):
    """What may be written of a contract."""

    line: BudgetLine | None
    provider: Organisation
    name: str
    reference: str
    category: str
    awarding: str
    notified_on: date | None
    ends_on: date | None
    amount_ht: Decimal
    vat_rate: Decimal
    note: str


class AmendmentFields(TypedDict, total=False):
    """What may be written of an amendment."""

    number: int
    signed_on: date
    name: str
    delta_ht: Decimal
    new_end: date | None


class DeliverableFields(TypedDict, total=False):
    """What may be written of a deliverable."""

    name: str
    due_on: date | None
    received_on: date | None
    accepted_on: date | None


@transaction.atomic
def add_contract(*, budget: Budget, **fields: Unpack[ContractFields]) -> Contract:
    """A contract with a provider of the directory."""
    return save(assign(Contract(budget=budget), fields))


@transaction.atomic
def update_contract(*, contract: Contract, **changes: Unpack[ContractFields]) -> Contract:
    """Correct it. ValidationError when its amendments would then leave it a negative amount."""
    assign(contract, changes)
    deltas = contract.amendments.values_list("delta_ht", flat=True)
    if contract.amount_ht + sum(deltas, Decimal(0)) < 0:
        raise ValidationError({"amount_ht": "Avec ses avenants, le marché serait négatif."})
    return save(contract)


@transaction.atomic
def add_amendment(*, contract: Contract, **fields: Unpack[AmendmentFields]) -> Amendment:
    """An amendment; without number, the next one."""
    if fields.get("number") is None:
        last = contract.amendments.order_by("-number").first()
        fields["number"] = last.number + 1 if last else 1
    return save(assign(Amendment(contract=contract), fields))


@transaction.atomic
def update_amendment(*, amendment: Amendment, **changes: Unpack[AmendmentFields]) -> Amendment:
    """Correct it."""
    return save(assign(amendment, changes))


@transaction.atomic
def add_deliverable(
    *,
    contract: Contract,
    upload: "UploadedFile[Any] | None" = None,
    **fields: Unpack[DeliverableFields],
) -> Deliverable:
    """What the provider hands over at a phase; `upload` is a PDF, a picture or an office file."""
    return save(_with_file(assign(Deliverable(contract=contract), fields), upload))


@transaction.atomic
def update_deliverable(
    *,
    deliverable: Deliverable,
    upload: "UploadedFile[Any] | None" = None,
    **changes: Unpack[DeliverableFields],
) -> Deliverable:
    """Correct it; a new file takes the place of the one there was."""
    if upload is not None and deliverable.file:
        forget_file(deliverable.file)
    return save(_with_file(assign(deliverable, changes), upload))


def _with_file(one: Deliverable, upload: "UploadedFile[Any] | None") -> Deliverable:
    if upload is not None:
        try:
            one.file_name = files.check_upload(upload, extensions=ACCEPTED)
        except ValidationError as error:
            raise ValidationError({"upload": error.messages}) from error
        one.file = upload
    return one
