"""The report of the demonstration: every chapter has something to say, and says no more."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from restanque.portal.demo.build import build_demo
from restanque.surveys.analysis.study import RECEIVED, Study
from restanque.surveys.models import Campaign
from restanque.surveys.report import page, pdf
from restanque.surveys.report.content import build_report
from restanque.surveys.report.parts import (
    Answers,
    Audience,
    Box,
    Bullets,
    KeyFigures,
    Paragraph,
    Report,
    Table,
)
from restanque.territories.models import Commune
from tests.territories.france import load_pat
from tests.typography import faults_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def study(django_db_setup: None, django_db_blocker: Any) -> Iterator[Study]:
    """The answers of the open campaign of the demonstration."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_pat()
        build_demo(today=timezone.localdate())
        campaign = Campaign.objects.order_by("-opens_on").first()
        assert campaign is not None
        yield Study(campaign, today=timezone.localdate(), statuses=RECEIVED)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def reports(study: Study, django_db_blocker: Any) -> dict[Audience, Report]:
    with django_db_blocker.unblock():
        return {
            audience: build_report(study, audience=audience, made_at=timezone.localtime())
            for audience in Audience
        }


def words(report: Report) -> Iterator[str]:
    """Everything that is written, outside pictures."""
    yield from (report.title, report.subtitle)
    for section in (report.opening, *report.sections):
        yield section.title
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Answers):
                for item in block.items:
                    yield from (item.question, item.answer, item.detail)
            elif isinstance(block, KeyFigures):
                for one in block.items:
                    yield from (one.value, one.unit, one.label, one.detail)
            elif isinstance(block, Table):
                yield from (block.title, block.note, *block.headers)
                for row in block.rows:
                    yield from row
            elif isinstance(block, Box):
                yield block.title
                for label, text in block.lines:
                    yield from (label, text)
            elif isinstance(block, Bullets):
                yield from block.items
            else:
                yield from (block.alternative, block.figure.caption)
    for slide in report.slides:
        yield from (slide.title, slide.source, *slide.beside)


@pytest.mark.parametrize("audience", list(Audience))
def test_every_chapter_is_there(reports: dict[Audience, Report], audience: Audience) -> None:
    keys = [section.key for section in reports[audience].sections]
    common = ["participation", "quantites", "provenance", "prix", "signes", "souhaits", "freins"]
    assert keys[:7] == common
    assert ("contacts" in keys) == (audience == Audience.TEAM)
    assert keys[-2:] == ["methode", "annexes"]
    assert len(reports[audience].slides) == 5


def test_five_questions_are_answered_first(reports: dict[Audience, Report]) -> None:
    answers = reports[Audience.TEAM].opening.blocks[0]
    assert isinstance(answers, Answers)
    assert len(answers.items) == 5
    assert "ont répondu" in answers.items[0].answer
    assert "kg par jour" in answers.items[1].answer
    assert "achètent" in answers.items[2].answer
    assert "€ HT" in answers.items[3].answer
    assert "en tête" in answers.items[4].answer


@pytest.mark.parametrize("audience", list(Audience))
def test_words_are_set_the_french_way(
    study: Study, reports: dict[Audience, Report], audience: Audience
) -> None:
    # Names are written as the registry writes them.
    official = {place.name for place in study.population.places}
    official |= {place.epci for place in study.population.places}
    said = "\n".join(words(reports[audience]))
    for name in sorted(official, key=len, reverse=True):
        said = said.replace(name, "Nom")
    faults = [str(fault) for fault in faults_of(said)]
    assert faults == []


def test_the_public_reads_no_commune_s_name(study: Study, reports: dict[Audience, Report]) -> None:
    body = page.render(reports[Audience.PUBLIC])
    silent = set(study.method.silent) | set(study.method.certain) | {"Marseille"}
    # Names of intercommunalités are made of those of communes.
    groups = {group.label for group in study.by("epci")} | {study.campaign.territory.name}
    for label in sorted(groups, key=len, reverse=True):
        body = body.replace(label, "")
    named = [
        one.name
        for one in Commune.objects.filter(pk__in=study.population.codes)
        if one.name not in silent and f">{one.name}<" in body
    ]
    assert named == []
    assert "Communes à contacter" not in body


def test_what_few_say_is_not_published(study: Study, reports: dict[Audience, Report]) -> None:
    tables = [
        block
        for section in reports[Audience.PUBLIC].sections
        for block in section.blocks
        if isinstance(block, Table) and "Part" in block.headers
    ]
    assert tables
    signs = {line.label: line.figure for line in study.shares("need.signs")}
    few = [label for label, figure in signs.items() if 0 < (figure.count or 0) < 5]
    assert few, "the demonstration has a rare sign"
    chart = next(
        picture.figure for picture in reports[Audience.PUBLIC].pictures()
        if picture.figure.name == "signes"
    )  # fmt: skip
    rows = {row[0]: row[1:] for row in chart.table[1]}
    for label in few:
        assert rows[label] == (None, None, None, None)


def test_charts_bear_the_figures_of_the_study(
    study: Study, reports: dict[Audience, Report]
) -> None:
    chart = next(
        picture.figure for picture in reports[Audience.TEAM].pictures()
        if picture.figure.name == "fournisseurs"
    )  # fmt: skip
    shown = {row[0]: row[1] for row in chart.table[1]}
    for line in study.shares("need.current_supplier_kind"):
        if line.figure.count:
            assert shown[line.label] == round(100 * (line.figure.value or 0))


def test_marseille_alone_and_silent_on_a_quantity_is_said(
    study: Study, reports: dict[Audience, Report]
) -> None:
    total = study.total("need.kg_per_day", by_population=True)
    missing = total.estimate.missing_units if total.estimate is not None else ()
    text = "\n".join(words(reports[Audience.TEAM]))
    assert ("sans Marseille" in text) == ("Marseille" in missing)


def test_the_pdf_opens_with_two_pages_that_answer(reports: dict[Audience, Report]) -> None:
    pages = PdfReader(io.BytesIO(pdf.render(reports[Audience.TEAM]))).pages
    first = " ".join((pages[0].extract_text() + pages[1].extract_text()).split())
    for asked in ("peut-on s’y fier", "Combien de pain", "À qui", "À quel prix", "en premier"):
        assert asked in first
    assert "Qui a répondu" in pages[2].extract_text()
    assert all("Données fictives" in one.extract_text() for one in pages)
