"""Adding, correcting and taking away the parts of a budget: one declaration a kind of part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from restanque.accounts.perms import MemberRequest, require
from restanque.directory.forms import organisation_label
from restanque.kit.forms import render_form, submitted
from restanque.work.budget import forms
from restanque.work.budget.perms import (
    can_edit_budgets,
    get_contract_for,
    get_part_for,
    organisations_of,
)
from restanque.work.budget.rules import BudgetRules
from restanque.work.budget.services import budgets, contracts, spending, subsidies
from restanque.work.budget.views.common import trail
from restanque.work.models import (
    Amendment,
    Budget,
    BudgetLine,
    Commitment,
    Contract,
    Deliverable,
    Instalment,
    Invoice,
    StaffYear,
    Subsidy,
)

_TEMPLATE = "work/budget/part_form.html"
Initial = Callable[[MemberRequest, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of part: what it hangs on, its form, its services, its words."""

    model: type[models.Model]
    parent: type[models.Model]
    form: type[forms.PartForm]
    add: Callable[..., models.Model]
    update: Callable[..., models.Model]
    #: The names under which the services take the parent and the record.
    parent_name: str
    name: str
    add_title: str
    edit_title: str
    remove_title: str
    done: str
    removed: str
    anchor: str
    lede: str = ""
    initial: Initial = field(default=lambda request, parent: {})

    def back(self, parent: Any) -> str:
        """Where one comes back: the contract's page, or this part of the budget's page."""
        if isinstance(parent, Contract):
            return f"{parent.get_absolute_url()}#{self.anchor}"
        return f"{parent.budget.get_absolute_url()}#{self.anchor}"


def _rate(request: MemberRequest, parent: Any) -> dict[str, Any]:
    """The normal rate of VAT, from the law base."""
    rules = BudgetRules.of(request.membership.workspace)
    return {"vat_rate": rules.vat_rate(timezone.localdate())}


def _of_contract(request: MemberRequest, parent: Budget) -> dict[str, Any]:
    """The contract named in the address, when one comes from its page."""
    asked = _asked_contract(request, parent)
    return {"contract": asked.pk} if asked else {}


def _asked_contract(request: MemberRequest, budget: Budget) -> Contract | None:
    asked = request.GET.get("marche", "")
    return budget.contracts.filter(pk=int(asked)).first() if asked.isdecimal() else None


def _this_year(request: MemberRequest, parent: Budget) -> dict[str, Any]:
    return {"year": timezone.localdate().year}


PARTS: Mapping[str, Part] = {
    "line": Part(
        BudgetLine, Budget, forms.LineForm, budgets.add_line, budgets.update_line,
        "budget", "line", "Ajouter une ligne", "Modifier une ligne", "Retirer cette ligne ?",
        "La ligne est enregistrée.", "La ligne est retirée.", "lignes",
        "Une ligne dit ce qu’on achète. Le temps des agents en poste se note à part.", _rate,
    ),
    "contract": Part(
        Contract, Budget, forms.ContractForm, contracts.add_contract, contracts.update_contract,
        "budget", "contract", "Ajouter un marché", "Modifier un marché", "Retirer ce marché ?",
        "Le marché est enregistré.", "Le marché est retiré.", "marches",
        "Un contrat avec un prestataire. Ses avenants et ses livrables s’ajoutent ensuite.", _rate,
    ),
    "amendment": Part(
        Amendment, Contract, forms.AmendmentForm, contracts.add_amendment,
        contracts.update_amendment, "contract", "amendment", "Ajouter un avenant",
        "Modifier un avenant", "Retirer cet avenant ?", "L’avenant est enregistré.",
        "L’avenant est retiré.", "avenants",
    ),
    "deliverable": Part(
        Deliverable, Contract, forms.DeliverableForm, contracts.add_deliverable,
        contracts.update_deliverable, "contract", "deliverable", "Ajouter un livrable",
        "Modifier un livrable", "Retirer ce livrable ?", "Le livrable est enregistré.",
        "Le livrable est retiré.", "livrables",
    ),
    "commitment": Part(
        Commitment, Budget, forms.CommitmentForm, spending.add_commitment,
        spending.update_commitment, "budget", "commitment", "Ajouter un engagement",
        "Modifier un engagement", "Retirer cet engagement ?", "L’engagement est enregistré.",
        "L’engagement est retiré.", "engagements",
        "L’argent réservé pour un marché ou sur une ligne, toutes taxes comprises.", _of_contract,
    ),
    "invoice": Part(
        Invoice, Budget, forms.InvoiceForm, spending.add_invoice, spending.update_invoice,
        "budget", "invoice", "Ajouter une facture", "Modifier une facture",
        "Retirer cette facture ?", "La facture est enregistrée.", "La facture est retirée.",
        "factures", "Rattachez-la à son engagement, à son marché ou à une ligne.", _of_contract,
    ),
    "subsidy": Part(
        Subsidy, Budget, forms.SubsidyForm, subsidies.add_subsidy, subsidies.update_subsidy,
        "budget", "subsidy", "Ajouter une subvention", "Modifier une subvention",
        "Retirer cette subvention ?", "La subvention est enregistrée.",
        "La subvention est retirée.", "subventions",
        "Donnez un montant, ou une dépense retenue et un taux.",
    ),
    "instalment": Part(
        Instalment, Subsidy, forms.InstalmentForm, subsidies.add_instalment,
        subsidies.update_instalment, "subsidy", "instalment", "Ajouter un versement reçu",
        "Modifier un versement", "Retirer ce versement ?", "Le versement est enregistré.",
        "Le versement est retiré.", "subventions",
    ),
    "staff": Part(
        StaffYear, Budget, forms.StaffForm, budgets.add_staff, budgets.update_staff, "budget",
        "staff", "Ajouter du temps de l’équipe", "Modifier le temps de l’équipe",
        "Retirer ce temps ?", "Le temps est enregistré.", "Le temps est retiré.", "equipe",
        "Le temps passé par un poste de l’équipe, une année.", _this_year,
    ),
}  # fmt: skip


def _parent_of(request: MemberRequest, part: Part, pk: int) -> Any:
    if part.parent is Contract:
        return get_contract_for(request, pk)
    return get_part_for(request, part.parent, pk)


def _record_of(request: MemberRequest, part: Part, pk: int) -> tuple[Any, Any]:
    """The record, and what it hangs on."""
    record = get_part_for(request, part.model, pk)
    return record, getattr(record, part.parent_name)


def _context(request: MemberRequest, part: Part, parent: Any, title: str) -> dict[str, Any]:
    things: list[Budget | Contract] = [parent.budget]
    if isinstance(parent, Contract):
        things.append(parent)
    offered: list[str] = []
    if part.name in ("contract", "subsidy"):
        offered = [organisation_label(one) for one in organisations_of(request.membership)[:500]]
    return {
        "title": title,
        "lede": part.lede,
        "trail": trail(*things),
        "back": _back(request, part, parent),
        "organisations": offered,
        "record": None,
        "fictitious": parent.budget.is_fictitious,
    }


def _back(request: MemberRequest, part: Part, parent: Any) -> str:
    """Where one comes from: the page of the contract named in the address, else the parent's."""
    if isinstance(parent, Budget) and (asked := _asked_contract(request, parent)):
        return f"{asked.get_absolute_url()}#{part.anchor}"
    return part.back(parent)


def _after(request: MemberRequest, part: Part, parent: Any, record: Any) -> HttpResponse:
    """Back where one comes from; a contract opens its page."""
    if isinstance(record, Contract):
        return redirect(record)
    return redirect(_back(request, part, parent))


def adding(part: Part) -> Callable[..., HttpResponseBase]:
    """The page that adds one."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @require(can_edit_budgets)
    def view(request: MemberRequest, pk: int) -> HttpResponse:
        parent = _parent_of(request, part, pk)
        form = part.form(
            request.POST or None,
            request.FILES or None,
            parent=parent,
            membership=request.membership,
            today=timezone.localdate(),
            initial=part.initial(request, parent),
        )
        if request.method == "POST":
            made = submitted(
                form, lambda _: part.add(**{part.parent_name: parent}, **form.values())
            )
            if made is not None:
                messages.success(request, part.done)
                return _after(request, part, parent, made)
        context = _context(request, part, parent, part.add_title)
        return render_form(request, _TEMPLATE, form, **context)

    return view


def editing(part: Part) -> Callable[..., HttpResponseBase]:
    """The page that corrects one, with its history."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @require(can_edit_budgets)
    def view(request: MemberRequest, pk: int) -> HttpResponse:
        record, parent = _record_of(request, part, pk)
        form = part.form(
            request.POST or None,
            request.FILES or None,
            parent=parent,
            membership=request.membership,
            today=timezone.localdate(),
            record=record,
        )
        if request.method == "POST":
            # A fresh record: a refusal must not leave what was typed in the one shown.
            changed = submitted(
                form,
                lambda _: part.update(
                    **{part.name: get_part_for(request, part.model, pk)}, **form.values()
                ),
            )
            if changed is not None:
                messages.success(request, part.done)
                return _after(request, part, parent, changed)
        context = _context(request, part, parent, part.edit_title)
        return render_form(request, _TEMPLATE, form, **(context | {"record": record}))

    return view


def removing(part: Part) -> Callable[..., HttpResponseBase]:
    """The page that asks, then takes one away."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @require(can_edit_budgets)
    def view(request: MemberRequest, pk: int) -> HttpResponse:
        record, parent = _record_of(request, part, pk)
        refusal = ""
        if request.method == "POST":
            try:
                budgets.remove(record=get_part_for(request, part.model, pk))
            except ValidationError as error:
                refusal = " ".join(error.messages)
            else:
                messages.success(request, part.removed)
                return redirect(_back(request, part, parent))
        context = _context(request, part, parent, part.remove_title)
        status = 409 if refusal else 200
        return render(
            request,
            "work/budget/part_remove.html",
            context
            | {
                "record": record,
                "file_name": getattr(record, "file_name", ""),
                "refusal": refusal,
            },
            status=status,
        )

    return view


ADD = {name: adding(part) for name, part in PARTS.items()}
EDIT = {name: editing(part) for name, part in PARTS.items()}
REMOVE = {name: removing(part) for name, part in PARTS.items()}
