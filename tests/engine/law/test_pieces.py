"""The pieces of the file: no better proven than their articles, due at steps that exist."""

import pytest

from restanque.engine.deadlines import kind_named, kinds
from restanque.engine.law import (
    DEPOSIT,
    PARTS,
    Need,
    Override,
    RuleSet,
    Status,
    check,
    merge,
    pieces,
    shipped,
)
from restanque.engine.law.tables.evidence import CHECKED_ON
from tests.typography import faults_of


@pytest.fixture
def law() -> RuleSet:
    return shipped()


def test_each_piece_is_due_at_a_step_of_its_kind(law: RuleSet) -> None:
    for piece in law.pieces:
        assert piece.part in PARTS
        for kind, step in piece.due:
            assert step in kind_named(kind).by_id, (piece.id, kind, step)


def test_identifiers_are_said_once_and_articles_exist(law: RuleSet) -> None:
    assert len({piece.id for piece in law.pieces}) == len(law.pieces)
    assert check(law) == []


def test_no_piece_is_better_proven_than_the_best_of_its_articles(law: RuleSet) -> None:
    for piece in law.pieces:
        best = max((law.articles[name].evidence.strength for name in piece.articles), default=None)
        if best is not None:
            assert piece.evidence.strength <= best, piece.id
        else:
            assert piece.evidence.status is not Status.TEXT, piece.id


def test_a_scot_aec_holds_the_scot_and_the_climate_plan(law: RuleSet) -> None:
    named = {piece.id: piece for piece in pieces(law, "scot-aec-revision")}
    assert {"pas", "doo", "daacl", "rapport-environnemental", "plan-actions"} <= set(named)
    assert "strategie-pcaet" not in named  # the PAS holds it
    assert named["daacl"].need is Need.UNSETTLED
    assert named["doo"].articles == ()
    assert named["doo"].evidence.to_verify
    assert named["pas"].due_at("scot-aec-revision") == "arret"
    with pytest.raises(KeyError):
        named["pas"].due_at("pcaet")


def test_every_document_of_the_deposit_is_fed_in_both_kinds(law: RuleSet) -> None:
    asked = {document.id for document in DEPOSIT}
    for kind in ("scot-aec-revision", "pcaet"):
        assert {piece.deposit for piece in pieces(law, kind)} - {""} == asked
    required = {document.id for document in DEPOSIT if document.required}
    assert required == {"diagnostic", "strategie", "plan-actions", "suivi"}


def test_where_the_base_gives_no_piece_there_is_none(law: RuleSet) -> None:
    known = {"scot-aec-revision", "pcaet"}
    assert {kind.id for kind in kinds() if pieces(law, kind.id)} == known


def test_pieces_count_in_the_version_and_follow_a_merge(law: RuleSet) -> None:
    bare = RuleSet(law.articles, law.rules, law.regimes, law.parameters, law.consultees, law.dated)
    assert bare.version != law.version
    change = Override("articles", "urb-R141-11", {"wording": "Autrement."}, "essai", CHECKED_ON)
    assert merge(law, [change]).pieces == law.pieces


def test_french_words_are_typeset(law: RuleSet) -> None:
    words = [
        *(f"{one.label} {one.note} {' '.join(one.contents)}" for one in law.pieces),
        *(f"{one.label} {one.note}" for one in DEPOSIT),
        *PARTS.values(),
    ]
    assert [str(fault) for text in words for fault in faults_of(text)] == []


def test_a_climate_plan_alone_does_not_borrow_the_text_read_for_a_scot(law: RuleSet) -> None:
    alone = [one for one in pieces(law, "pcaet") if one.part == "pcaet"]
    assert alone
    assert all("urb-R141-11" not in one.articles for one in alone)
    assert all(one.evidence.status is not Status.TEXT for one in alone)
