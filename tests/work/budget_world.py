"""The budgets of the world of tests: objects, arguments of addresses, acts."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.work.budget.nomenclature import Post, SubsidyKind
from restanque.work.budget.reading import BudgetReading
from restanque.work.budget.services import budgets, contracts, spending, subsidies
from restanque.work.models import Budget
from tests.questions import PDF

if TYPE_CHECKING:
    from tests.world import World

D = Decimal


def build(world: "World", things: dict[str, Any], pat: str, scot: str) -> dict[str, Any]:
    """A budget of the PAT with one of everything, another of the SCoT."""
    providers = {"budget": things["bakery"], "budget_scot": things["tarascon"]}
    marks = {"budget": pat, "budget_scot": scot}
    territories = {"budget": world.pat, "budget_scot": world.scot}
    made: dict[str, Any] = {}
    for key, mark in marks.items():
        made |= {
            name if key == "budget" else f"{name}_scot": value
            for name, value in _one(world, territories[key], providers[key], mark).items()
        }
    return made


def _one(world: "World", territory: Any, provider: Any, mark: str) -> dict[str, Any]:
    today = timezone.localdate()
    budget = budgets.create_budget(
        territory=territory,
        name=f"Budget {mark}",
        opened_in=today.year - 1,
        note=f"Note de {mark}",
        by=world.member("alice").user,
    )
    line = budgets.add_line(
        budget=budget,
        label=f"Ligne {mark}",
        post=Post.STUDIES,
        vat_rate=D(20),
        planned={today.year: D(1000)},
    )
    contract = contracts.add_contract(
        budget=budget,
        line=line,
        provider=provider,
        name=f"Marché {mark}",
        reference=f"R-{mark}",
        notified_on=today - timedelta(days=300),
        amount_ht=D(1000),
        vat_rate=D(20),
    )
    amendment = contracts.add_amendment(
        contract=contract,
        signed_on=today - timedelta(days=30),
        name=f"Avenant {mark}",
        delta_ht=D(400),
    )
    deliverable = contracts.add_deliverable(
        contract=contract,
        name=f"Livrable {mark}",
        received_on=today,
        upload=SimpleUploadedFile(f"livrable-{mark}.pdf", PDF, "application/pdf"),
    )
    commitment = spending.add_commitment(
        budget=budget,
        contract=contract,
        committed_on=today,
        name=f"Engagement {mark}",
        amount_ttc=D(1200),
    )
    invoice = spending.add_invoice(
        budget=budget,
        commitment=commitment,
        reference=f"F-{mark}",
        received_on=today - timedelta(days=60),
        amount_ttc=D(600),
    )
    subsidy = subsidies.add_subsidy(
        budget=budget,
        kind=SubsidyKind.REGION,
        funder_label=f"Financeur {mark}",
        amount=D(500),
        granted_on=today - timedelta(days=200),
        expires_on=today + timedelta(days=20),
    )
    instalment = subsidies.add_instalment(
        subsidy=subsidy, received_on=today, name=f"Acompte {mark}", amount=D(100)
    )
    staff = budgets.add_staff(
        budget=budget, year=today.year, post_label=f"Poste {mark}", fte=D("0.5"), cost=D(20000)
    )
    # What nothing rests on, to be removed.
    alone = budgets.add_line(budget=budget, label=f"Seule {mark}", post=Post.OTHER, vat_rate=D(20))
    empty = contracts.add_contract(
        budget=budget, provider=provider, name=f"Vide {mark}", amount_ht=D(1), vat_rate=D(20)
    )
    free = spending.add_commitment(
        budget=budget, line=line, committed_on=today, name=f"Libre {mark}", amount_ttc=D(1)
    )
    return {
        "budget": budget,
        "budget_line": line,
        "budget_contract": contract,
        "budget_amendment": amendment,
        "budget_deliverable": deliverable,
        "budget_commitment": commitment,
        "budget_invoice": invoice,
        "budget_subsidy": subsidy,
        "budget_instalment": instalment,
        "budget_staff": staff,
        "budget_alone": alone,
        "budget_empty": empty,
        "budget_free": free,
    }


def routes(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    words = {
        "": "budget",
        "lignes/": "budget_line",
        "marches/": "budget_contract",
        "avenants/": "budget_amendment",
        "livrables/": "budget_deliverable",
        "engagements/": "budget_commitment",
        "factures/": "budget_invoice",
        "subventions/": "budget_subsidy",
        "versements/": "budget_instalment",
        "equipe/": "budget_staff",
    }
    return {f"equipe/budget/{word}": {"pk": made[key].pk} for word, key in words.items()}


def special(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Addresses that need another object than their neighbours do: nothing rests on it."""
    return {
        "work:line-remove": {"pk": made["budget_alone"].pk},
        "work:contract-remove": {"pk": made["budget_empty"].pk},
        "work:commitment-remove": {"pk": made["budget_free"].pk},
    }


def acts(world: "World") -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    today = timezone.localdate()
    day = today.strftime("%d/%m/%Y")
    budget = Budget.objects.to_read().get(territory=world.pat)
    line = budget.lines.get(label__startswith="Ligne")
    contract = budget.contracts.get(name__startswith="Marché")
    frame = {"name": "Un budget neuf", "opened_in": str(today.year)}
    parts: dict[str, dict[str, Any]] = {
        "line": {
            "label": "Neuve", "post": "other", "section": "operating", "vat_rate": "20",
            f"year_{today.year}": "1 500,50",
        },
        "contract": {
            "name": "Neuf", "category": "services",
            # Two bakeries of the PAT have nearly the same name: the number tells which.
            "provider": f"{contract.provider.name} (n° {contract.provider_id})",
            "amount_ht": "2000", "vat_rate": "20",
        },
        "amendment": {"number": "7", "signed_on": day, "delta_ht": "-12,5"},
        "deliverable": {"name": "Neuf", "received_on": day},
        "commitment": {"line": line.pk, "committed_on": day, "amount_ttc": "12"},
        "invoice": {"line": line.pk, "received_on": day, "amount_ttc": "12"},
        "subsidy": {"kind": "state", "funder_label": "Neuf", "rate": "50"},
        "instalment": {"received_on": day, "amount": "12"},
        "staff": {"year": str(today.year), "post_label": "Neuf", "fte": "0,2"},
    }  # fmt: skip
    made: dict[str, dict[str, Any]] = {
        "work:budget-create": {**frame, "territory": world.pat.pk},
        "work:budget-edit": frame,
        "work:budget-delete": {"count": str(BudgetReading(budget, today).size)},
    }
    for name, data in parts.items():
        made[f"work:{name}-add"] = data
        made[f"work:{name}-edit"] = data
        made[f"work:{name}-remove"] = {}
    return made
