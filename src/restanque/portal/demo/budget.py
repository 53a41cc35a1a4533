"""The demo's budget: what a revision might cost. Every amount, provider and funder is invented."""

from datetime import date, timedelta
from decimal import Decimal

from restanque.accounts.models import User
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.procedures.models import Procedure
from restanque.territories.models import Territory
from restanque.work.budget.nomenclature import Post, Section, SubsidyKind
from restanque.work.budget.services import budgets, contracts, spending, subsidies
from restanque.work.models import Budget, BudgetLine

D = Decimal
_VAT = D(20)
# Label, post, section, what each year plans before tax, counted from this year.
_LINES: tuple[tuple[str, Post, Section, dict[int, int]], ...] = (
    ("Études et diagnostic", Post.STUDIES, Section.INVESTMENT,
     {-3: 30000, -2: 45000, -1: 40000, 0: 35000, 1: 20000}),
    ("Concertation", Post.CONCERTATION, Section.OPERATING,
     {-3: 6000, -2: 8000, -1: 8000, 0: 9000, 1: 4000}),
    ("Communication", Post.COMMUNICATION, Section.OPERATING,
     {-2: 3000, -1: 3000, 0: 4000, 1: 3000}),
    ("Enquête publique", Post.INQUIRY, Section.OPERATING, {1: 18000}),
)  # fmt: skip


def play_budget(territory: Territory, *, by: User, today: date) -> None:
    """The budget of the SCoT's revision, with what one looks at: an overrun, a late invoice."""
    procedure = Procedure.objects.filter(
        territory=territory, kind="scot-aec-revision"
    ).order_by("pk").first()  # fmt: skip
    about = (
        {"subject_label": procedure.name, "subject_path": procedure.get_absolute_url()}
        if procedure
        else {}
    )
    budget = budgets.create_budget(
        territory=territory,
        name="Révision du SCoT valant PCAET",
        opened_in=today.year - 3,
        note="Montants inventés pour la démonstration.",
        by=by,
        fictitious=True,
        **about,
    )
    lines = {
        post: budgets.add_line(
            budget=budget,
            label=label,
            post=post,
            section=section,
            vat_rate=_VAT,
            planned={today.year + shift: D(amount) for shift, amount in planned.items()},
        )
        for label, post, section, planned in _LINES
    }
    _studies(budget, lines[Post.STUDIES], today)
    _concertation(budget, lines[Post.CONCERTATION], today)
    _communication(budget, lines[Post.COMMUNICATION], today)
    _subsidies(budget, today)
    for shift, fte, cost in ((-3, "0.60", 34000), (-2, "1.00", 58000), (-1, "1.00", 60000),
                             (0, "1.20", 73000)):  # fmt: skip
        budgets.add_staff(
            budget=budget,
            year=today.year + shift,
            post_label="Cheffe ou chef de projet SCoT",
            fte=D(fte),
            cost=D(cost),
        )


def _provider(budget: Budget, name: str) -> Organisation:
    return create_organisation(
        workspace=budget.workspace, kind=Kind.OTHER, name=name, fictitious=True
    )


def _studies(budget: Budget, line: BudgetLine, today: date) -> None:
    """A contract in three phases, with an amendment over the share that is looked at."""
    start = date(today.year - 3, 10, 2)
    contract = contracts.add_contract(
        budget=budget,
        line=line,
        provider=_provider(budget, "Bureau d’études fictif"),
        name="Diagnostic, projet et évaluation environnementale",
        reference=f"{today.year - 3}-SCOT-01",
        awarding="procédure adaptée",
        notified_on=start,
        ends_on=date(today.year + 1, 6, 30),
        amount_ht=D(118000),
        vat_rate=_VAT,
    )
    contracts.add_amendment(
        contract=contract,
        signed_on=date(today.year - 1, 3, 14),
        name="volet énergie",
        delta_ht=D(14500),
        new_end=date(today.year + 1, 12, 31),
    )
    for name, due, received, accepted in (
        ("Phase 1, diagnostic", 300, 290, 320),
        ("Phase 2, projet d’aménagement stratégique", 640, 660, 700),
        ("Phase 3, évaluation environnementale", 1100, None, None),
    ):
        contracts.add_deliverable(
            contract=contract,
            name=name,
            due_on=start + timedelta(days=due),
            received_on=start + timedelta(days=received) if received else None,
            accepted_on=start + timedelta(days=accepted) if accepted else None,
        )
    for shift, amount in ((-3, 42000), (-2, 60000), (-1, 57000)):
        year = today.year + shift
        commitment = spending.add_commitment(
            budget=budget,
            contract=contract,
            committed_on=date(year, 10, 3),
            name=f"tranche {year}",
            reference=f"EJ-{year}-12",
            amount_ttc=D(amount),
        )
        part = D(amount) / 2
        for rank, day in enumerate((date(year + 1, 2, 20), date(year + 1, 9, 12)), start=1):
            if day > today:
                continue
            spending.add_invoice(
                budget=budget,
                commitment=commitment,
                name=f"acompte {rank}",
                reference=f"F-{day:%Y}-{rank:02}",
                received_on=day,
                amount_ht=(part / D("1.2")).quantize(D("0.01")),
                amount_ttc=part,
                paid_on=None if (shift, rank) == (-1, 2) else day + timedelta(days=24),
            )


def _concertation(budget: Budget, line: BudgetLine, today: date) -> None:
    """Small purchases: committed a little beyond the plan, one invoice to pay in time."""
    for shift, amount in ((-3, 7100), (-2, 9500), (-1, 9700), (0, 16200)):
        spending.add_commitment(
            budget=budget,
            line=line,
            committed_on=date(today.year + shift, 1, 20),
            name="réunions publiques et ateliers",
            reference=f"EJ-{today.year + shift}-31",
            amount_ttc=D(amount),
        )
    for shift in (-3, -2, -1):
        day = date(today.year + shift, 6, 15)
        spending.add_invoice(
            budget=budget,
            line=line,
            name="animation d’ateliers (prestataire fictif)",
            received_on=day,
            amount_ttc=D(6900),
            paid_on=day + timedelta(days=41 if shift == -2 else 20),
        )
    spending.add_invoice(
        budget=budget,
        line=line,
        name="location de salles (prestataire fictif)",
        received_on=today - timedelta(days=9),
        amount_ttc=D("1284.60"),
    )


def _communication(budget: Budget, line: BudgetLine, today: date) -> None:
    for shift, amount in ((-2, 3400), (-1, 2900)):
        day = date(today.year + shift, 4, 8)
        spending.add_commitment(
            budget=budget, line=line, committed_on=day, name="lettre du SCoT", amount_ttc=D(amount)
        )
        spending.add_invoice(
            budget=budget,
            line=line,
            name="impression (imprimeur fictif)",
            received_on=day + timedelta(days=30),
            amount_ttc=D(amount),
            paid_on=day + timedelta(days=52),
        )


def _subsidies(budget: Budget, today: date) -> None:
    """Granted and partly paid, to claim soon, only asked."""
    granted = subsidies.add_subsidy(
        budget=budget,
        kind=SubsidyKind.DGD,
        funder_label="État (montant fictif)",
        name="dotation générale de décentralisation",
        amount=D(60000),
        asked_on=date(today.year - 3, 2, 1),
        granted_on=date(today.year - 3, 7, 1),
        expires_on=today + timedelta(days=75),
    )
    for shift, amount in ((-2, 20000), (-1, 20000)):
        subsidies.add_instalment(
            subsidy=granted,
            received_on=date(today.year + shift, 11, 5),
            name="acompte",
            amount=D(amount),
        )
    subsidies.add_subsidy(
        budget=budget,
        kind=SubsidyKind.OTHER,
        funder_label="Agence fictive de la transition",
        name="volet énergie",
        base=D(40000),
        rate=D(50),
        asked_on=today - timedelta(days=80),
    )
