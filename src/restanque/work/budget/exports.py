"""A budget as a workbook: values, no formula, one sheet a thing."""

from __future__ import annotations

from restanque.kit.documents import Sheet, xlsx_bytes
from restanque.kit.text import format_date
from restanque.work.budget.reading import BudgetReading
from restanque.work.budget.reckoning import Sums

_SUMS = ("Prévu (€ TTC)", "Engagé (€ TTC)", "Facturé (€ TTC)", "Payé (€ TTC)", "Reste (€ TTC)")


def workbook(reading: BudgetReading, *, with_staff: bool) -> bytes:
    """`with_staff`: each post of the team; otherwise the totals of each year only."""
    sheets = [
        _lines(reading),
        _planned(reading),
        _years(reading),
        _contracts(reading),
        _amendments(reading),
        _deliverables(reading),
        _commitments(reading),
        _invoices(reading),
        _subsidies(reading),
        _staff(reading, with_staff),
        _alerts(reading),
    ]
    return xlsx_bytes(sheets, fictitious=reading.is_fictitious)


def _values(sums: Sums) -> tuple[object, ...]:
    return sums.planned, sums.committed, sums.invoiced, sums.paid, sums.remaining


def _lines(reading: BudgetReading) -> Sheet:
    net = reading.net
    notes = [
        ("Budget", reading.budget.name),
        ("Territoire", reading.budget.territory.name),
        ("Ce qu’il finance", reading.budget.subject_label or "non précisé"),
        ("Calculé le", format_date(reading.today)),
        ("Montants", "Toutes taxes comprises, sauf ceux marqués HT."),
        ("Reste", "Prévu moins engagé."),
        ("Prévision", "Années passées : engagé ; ensuite : le plus grand du prévu et de l’engagé."),
        *(("Coût net inconnu", words) for words in net.unknown),
    ]
    headers = ("Ligne", "Poste", "Section", "TVA (%)", *_SUMS, "Prévision (€ TTC)")
    rows: list[tuple[object, ...]] = [
        (
            row.line.label if row.line else "Sans ligne",
            row.line.get_post_display() if row.line else "",
            row.line.get_section_display() if row.line else "",
            row.line.vat_rate if row.line else None,
            *_values(row.sums),
            row.forecast,
        )
        for row in reading.line_rows
    ]
    rows.append(("Total", "", "", None, *_values(reading.total), reading.forecast))
    return Sheet("Lignes", headers, rows, notes)


def _planned(reading: BudgetReading) -> Sheet:
    rows = [
        (line.label, plan.year, plan.amount_ht, line.vat_rate)
        for line in reading.lines.values()
        for plan in line.amounts.all()
    ]
    return Sheet("Prévu par année", ("Ligne", "Année", "Prévu (€ HT)", "TVA (%)"), rows)


def _years(reading: BudgetReading) -> Sheet:
    rows = [(year, *_values(sums)) for year, sums in reading.years.items()]
    return Sheet("Années", ("Année", *_SUMS), rows)


def _contracts(reading: BudgetReading) -> Sheet:
    headers = (
        "Marché", "Référence", "Prestataire", "Nature", "Procédure de passation", "Ligne",
        "Notifié le", "Fin", "Initial (€ HT)", "Avenants (€ HT)", "Avenants (% de l’initial)",
        "Actuel (€ HT)", "TVA (%)", "Actuel (€ TTC)", "Engagé (€ TTC)", "Facturé (€ TTC)",
        "Payé (€ TTC)",
    )  # fmt: skip
    rows = [
        (
            row.contract.name,
            row.contract.reference,
            row.contract.provider.name,
            row.contract.get_category_display(),
            row.contract.awarding,
            reading.label_of_line(row.contract.line_id),
            row.contract.notified_on,
            row.value.ends_on,
            row.value.initial_ht,
            row.value.change_ht,
            None if row.value.change_percent is None else round(row.value.change_percent, 2),
            row.value.current_ht,
            row.contract.vat_rate,
            row.value.current,
            row.sums.committed,
            row.sums.invoiced,
            row.sums.paid,
        )
        for row in reading.contract_rows
    ]
    return Sheet("Marchés", headers, rows)


def _amendments(reading: BudgetReading) -> Sheet:
    headers = ("Marché", "Numéro", "Signé le", "Objet", "En plus ou en moins (€ HT)", "Fin")
    rows = [
        (str(contract), one.number, one.signed_on, one.name, one.delta_ht, one.new_end)
        for contract in reading.contracts.values()
        for one in contract.amendments.all()
    ]
    return Sheet("Avenants", headers, rows)


def _deliverables(reading: BudgetReading) -> Sheet:
    headers = ("Marché", "Phase ou livrable", "Attendu le", "Reçu le", "Accepté le", "Fichier")
    rows = [
        (str(contract), one.name, one.due_on, one.received_on, one.accepted_on, one.file_name)
        for contract in reading.contracts.values()
        for one in contract.deliverables.all()
    ]
    return Sheet("Livrables", headers, rows)


def _commitments(reading: BudgetReading) -> Sheet:
    headers = ("Date", "Objet", "Référence", "Marché", "Ligne", "Montant (€ TTC)")
    rows = [
        (
            one.on,
            reading.commitments[one.key].name,
            reading.commitments[one.key].reference,
            reading.label_of_contract(one.contract),
            reading.label_of_line(one.line),
            one.amount,
        )
        for one in reading.ledger.commitments
    ]
    return Sheet("Engagements", headers, rows)


def _invoices(reading: BudgetReading) -> Sheet:
    headers = (
        "Reçue le", "Numéro", "Objet", "Marché", "Ligne", "Montant (€ HT)", "Montant (€ TTC)",
        "À payer avant le", "Payée le", "En retard",
    )  # fmt: skip
    rows = [
        (
            one.received_on,
            reading.invoices[one.key].reference,
            reading.invoices[one.key].name,
            reading.label_of_contract(one.contract),
            reading.label_of_line(one.line),
            reading.invoices[one.key].amount_ht,
            one.amount,
            one.due_on,
            one.paid_on,
            "oui" if reading.is_late(one) else "non",
        )
        for one in reading.ledger.invoices
    ]
    notes = []
    if reading.payment is not None:
        words = f"{reading.payment.article} ; {reading.payment.evidence}"
        notes.append(("Délai de paiement", words))
    return Sheet("Factures", headers, rows, notes)


def _subsidies(reading: BudgetReading) -> Sheet:
    headers = (
        "Financeur", "Nature", "Objet", "Montant (€)", "Dépense retenue (€)", "Taux (%)",
        "Demandée le", "Accordée le", "Refusée le", "À solder avant le", "Reçu (€)",
        "Reste à demander (€)",
    )  # fmt: skip
    rows = [
        (
            row.subsidy.funder_name,
            row.subsidy.get_kind_display(),
            row.subsidy.name,
            row.value.amount,
            row.subsidy.base,
            row.subsidy.rate,
            row.subsidy.asked_on,
            row.subsidy.granted_on,
            row.subsidy.refused_on,
            row.subsidy.expires_on,
            row.value.received,
            row.value.left,
        )
        for row in reading.subsidy_rows
    ]
    return Sheet("Subventions", headers, rows)


def _staff(reading: BudgetReading, with_posts: bool) -> Sheet:
    if with_posts:
        posts = [(one.year, one.post_label, one.fte, one.cost) for one in reading.staff]
        return Sheet("Équipe", ("Année", "Poste occupé", "ETP", "Coût (€)"), posts)
    totals = [(year, fte, cost) for year, (fte, cost) in reading.staff_years.items()]
    return Sheet("Équipe", ("Année", "ETP", "Coût (€)"), totals)


def _alerts(reading: BudgetReading) -> Sheet:
    rows = [
        (one.gravity.label, one.message, one.article, one.evidence, one.consequence)
        for one in reading.alerts
    ]
    headers = ("Degré", "Constat", "Article", "État de la preuve", "Conséquence")
    return Sheet("À regarder", headers, rows)
