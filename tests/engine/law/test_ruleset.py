"""The shipped law is whole, honest about its evidence, and can be overridden with a trace."""

from datetime import date

import pytest

from restanque.engine.deadlines import kinds
from restanque.engine.law import (
    AFTER,
    BEFORE,
    CONDITIONS,
    NEW_PLU,
    OLD_PLU,
    PLU_COMPATIBILITY,
    PROCEDURE,
    Candidate,
    Confidence,
    Criterion,
    Effect,
    Evidence,
    LawError,
    Override,
    Period,
    Rule,
    RuleSet,
    Start,
    Status,
    Unit,
    UnknownRuleError,
    Use,
    changed_rules,
    check,
    consultees,
    merge,
    prefect_objections,
    shipped,
    to_verify,
)
from tests.typography import faults_of

LAW = shipped()
CHECKED = date(2026, 11, 24)
# What planning.md § 6 asks a person to verify, by article.
MUST_BE_VERIFIED = (
    "urb-L143-28@10-ans",
    "urb-L143-17",
    "urb-L143-18",
    "urb-L143-21",
    "urb-L143-23",
    "urb-R143-14",
    "urb-R143-15",
    "urb-R104-25",
    "env-R229-54",
    "urb-L131-3",
    "urb-L131-7",
    "urb-R153-4",
    "urb-L153-40",
    "commerce-L752-4",
    "commerce-L752-14",
    "cch-R302-9",
    "transports-L1214-15",
    "cgct-L4251-6",
    "env-L515-3",
    "urb-L141-17",
    "loi-2021-1104-194",
)


def override(**changes: object) -> Override:
    return Override("rules", "scot.avis-arret", changes, "arrêté du préfet", date(2026, 12, 1))


def test_the_shipped_set_has_no_dangling_identifier() -> None:
    assert check(LAW) == []


def test_every_rule_is_complete() -> None:
    for rule in LAW.rules.values():
        assert rule.title, rule.id
        assert rule.consequence, rule.id
        timed = rule.period is not None or bool(rule.candidates)
        assert timed == (rule.effect is not Effect.DUTY), rule.id
        assert bool(rule.starts_from) == timed, rule.id
        assert (rule.effect is Effect.SILENCE) <= bool(rule.silence), rule.id


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("scot.avis-arret", Start.TRANSMISSION),
        ("plu.avis-arret", Start.TRANSMISSION),
        ("scot.executoire", Start.TRANSMISSION),
        ("pcaet.reponse-information", Start.RECEIPT),
        ("enquete.avis", Start.PUBLICATION),
        ("scot.affichage-arret", Start.POSTING),
        ("seance.convocation", Start.DISPATCH),
        ("scot.debat-pas", Start.FACT),
    ],
)
def test_a_rule_says_which_moment_starts_its_clock(rule: str, start: Start) -> None:
    assert LAW.rule(rule).start is start


def test_what_nobody_read_is_never_dated_and_always_to_verify() -> None:
    for one in (*LAW.articles.values(), *LAW.rules.values(), *LAW.regimes.values()):
        assert (one.evidence.checked_on is None) == (one.evidence.status is Status.MEMORY), one.id
        assert one.evidence.to_verify or one.evidence.status is not Status.MEMORY, one.id


def test_a_rule_is_never_better_proven_than_the_best_of_its_articles() -> None:
    for rule in LAW.rules.values():
        best = max(LAW.articles[name].evidence.strength for name in rule.articles)
        assert rule.evidence.strength <= best, rule.id


@pytest.mark.parametrize("article", MUST_BE_VERIFIED)
def test_what_the_reference_file_asks_to_verify_is_marked(article: str) -> None:
    assert LAW.articles[article].evidence.to_verify


def test_the_list_to_verify_starts_with_the_weakest_evidence() -> None:
    found = to_verify(LAW)
    assert [one.evidence.strength for one in found] == sorted(
        one.evidence.strength for one in found
    )
    names = {one.id for one in found}
    assert {"carrieres.avis", "pcaet.avis-projet", "zan.scot", "scot.analyse@10-ans"} <= names
    assert "scot.avis-arret" not in names


def test_the_land_sobriety_dates_say_to_check_the_law() -> None:
    for name, day in (("scot", (2027, 2, 22)), ("plu", (2028, 2, 22)), ("sraddet", (2024, 11, 22))):
        parameter = LAW.parameter(f"zan.{name}")
        assert parameter.value == date(*day)
        assert parameter.to_verify
        assert parameter.note.startswith("Vérifier l’état du droit")


def test_french_words_are_typeset() -> None:
    words = [
        *(article.wording for article in LAW.articles.values()),
        *(f"{r.title}. {r.consequence} {r.note} {r.silence}" for r in LAW.rules.values()),
        *(f"{regime.label} {regime.note}" for regime in LAW.regimes.values()),
        *(f"{one.title} {one.note} {one.consequence}" for one in LAW.parameters.values()),
        *CONDITIONS.values(),
        *(f"{one.label} {one.note}" for one in LAW.consultees),
        *(f"{s.label} {s.proof} {s.actor} {k.label}" for k in kinds() for s in k.steps),
    ]
    assert [str(fault) for text in words for fault in faults_of(text)] == []


@pytest.mark.parametrize(
    ("family", "day", "regime"),
    [
        (PROCEDURE, date(2023, 6, 20), BEFORE),
        (PROCEDURE, date(2026, 5, 25), BEFORE),
        (PROCEDURE, date(2026, 5, 26), AFTER),
        (PLU_COMPATIBILITY, date(2021, 3, 31), OLD_PLU),
        (PLU_COMPATIBILITY, date(2021, 4, 1), NEW_PLU),
    ],
)
def test_a_regime_follows_the_launching_act(family: str, day: date, regime: str) -> None:
    assert LAW.regime_on(family, day).id == regime


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(UnknownRuleError, match="autre"):
        LAW.regime_on("autre", date(2026, 1, 1))


def test_the_disputed_period_is_prudent_for_each_use() -> None:
    rule = LAW.rule("pcaet.avis-projet")
    assert rule.period is None
    assert rule.period_for(Use.ACT) == Period(2, Unit.MONTHS)
    assert rule.period_for(Use.WAIT) == Period(3, Unit.MONTHS)
    assert rule.to_verify


def test_articles_of_a_code_are_cited_together() -> None:
    cited = LAW.cite(LAW.rule("scot.avis-agricole").articles)
    assert cited == (
        "art. L112-3 du code rural et de la pêche maritime ; art. R143-5 du code de l’urbanisme"
    ).replace(" ;", "\u202f;")
    assert LAW.cite(["urb-L143-20", "urb-R143-4"]) == (
        "art. L143-20 et R143-4 du code de l’urbanisme"
    )


def test_the_version_depends_on_the_content_only() -> None:
    shuffled = RuleSet(
        dict(reversed(LAW.articles.items())),
        dict(reversed(LAW.rules.items())),
        LAW.regimes,
        LAW.parameters,
        tuple(reversed(LAW.consultees)),
        LAW.dated,
        pieces=tuple(reversed(LAW.pieces)),
    )
    assert shuffled.version == LAW.version
    assert LAW.version.startswith("2026-11-24+")


def test_an_override_changes_its_rule_and_nothing_else() -> None:
    ours = merge(LAW, [override(period=Period(4, Unit.MONTHS))])
    assert ours.rule("scot.avis-arret").period == Period(4, Unit.MONTHS)
    assert LAW.rule("scot.avis-arret").period == Period(3, Unit.MONTHS)
    assert ours.version != LAW.version
    assert ours.dated == date(2026, 12, 1)
    assert changed_rules(LAW, ours) == {"scot.avis-arret"}
    assert [one.reason for one in ours.overrides] == ["arrêté du préfet"]


def test_the_later_override_wins() -> None:
    ours = merge(LAW, [override(note="un"), override(note="deux")])
    assert ours.rule("scot.avis-arret").note == "deux"


def test_merging_nothing_keeps_the_version() -> None:
    assert merge(LAW, []).version == LAW.version


def test_an_article_read_again_changes_the_rules_that_rest_on_it() -> None:
    known = Evidence(Status.TEXT, Confidence.HIGH, "Légifrance", date(2026, 12, 2))
    ours = merge(
        LAW,
        [Override("articles", "urb-L143-18", {"evidence": known}, "lu", date(2026, 12, 2))],
    )
    assert changed_rules(LAW, ours) == {"scot.debat-pas"}


def test_moving_the_reform_moves_the_regimes() -> None:
    ours = merge(
        LAW,
        [
            Override("regimes", BEFORE, {"valid_to": date(2026, 6, 30)}, "décret", CHECKED),
            Override("regimes", AFTER, {"valid_from": date(2026, 7, 1)}, "décret", CHECKED),
        ],
    )
    assert ours.regime_on(PROCEDURE, date(2026, 6, 1)).id == BEFORE


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Override("rules", "inconnue", {}, "x", CHECKED), "inconnue"),
        (Override("tables", "x", {}, "x", CHECKED), "tables"),
        (Override("rules", "scot.avis-arret", {"note": "x"}, " ", CHECKED), "pourquoi"),
        (override(effect=Effect.DUTY), "effect"),
        (override(period=3), "period"),
        (override(period=None), "garde un délai"),
        (override(note=3), "note"),
        (
            override(
                candidates=(
                    Candidate(
                        Period(1, Unit.DAYS), Evidence(Status.MEMORY, Confidence.LOW, "", None)
                    ),
                )
            ),
            "pas les deux",
        ),
        (override(valid_from=date(2027, 1, 1), valid_to=date(2026, 1, 1)), "validité"),
        (
            Override("parameters", "zan.scot", {"value": 3}, "x", CHECKED),
            "autre type",
        ),
    ],
)
def test_a_senseless_override_is_refused_in_words(wrong: Override, message: str) -> None:
    with pytest.raises(LawError, match=message):
        merge(LAW, [wrong])


def test_a_rule_may_be_chosen_by_its_starting_fact() -> None:
    changes = {"criterion": Criterion.FACT, "valid_to": date(2026, 6, 30)}
    ours = merge(LAW, [override(**changes)])
    launch = date(2023, 6, 20)
    for fact, holds in ((date(2026, 6, 30), True), (date(2026, 7, 1), False)):
        found = ours.choose("scot.avis-arret", regime=None, launch=launch, fact=fact)
        assert (found is not None) == holds


@pytest.mark.parametrize("amount", [0, -1, 1.5, True])
def test_a_period_is_a_positive_whole_number(amount: object) -> None:
    with pytest.raises(LawError, match="délai"):
        Period(amount, Unit.DAYS)  # type: ignore[arg-type]


def test_versions_of_a_key_do_not_overlap_on_a_criterion() -> None:
    """Two versions of one rule never both hold on one day, nor under one regime."""
    days = [date(2021, 3, 31), date(2021, 4, 1), date(2026, 5, 25), date(2026, 5, 26)]
    for key in {rule.key for rule in LAW.rules.values()}:
        versions: tuple[Rule, ...] = LAW.versions(key)
        regimes = [rule.regime for rule in versions if rule.regime]
        assert len(regimes) == len(set(regimes)), key
        free = [rule for rule in versions if rule.regime is None]
        assert all(sum(rule.holds_on(day) for rule in free) <= 1 for day in days), key


def test_consultees_belong_to_steps_that_exist() -> None:
    steps = {kind.id: set(kind.by_id) for kind in kinds()}
    for one in LAW.consultees:
        assert one.condition == "" or one.condition in CONDITIONS, one.id
        for kind in one.kinds:
            assert one.step in steps[kind], one.id


def test_the_prefects_objections_are_a_list_to_check() -> None:
    found = prefect_objections(LAW)
    assert {rule.id.removeprefix("objection.") for rule in found} == {
        "littoral",
        "montagne",
        "dta",
        "principes",
        "pig",
        "consommation",
        "continuites",
    }
    assert {rule.articles for rule in found} == {("urb-L143-25",)}


def test_a_scot_draft_is_sent_to_everyone_the_file_names() -> None:
    found = {one.id for one in consultees(LAW, kind="scot-aec-revision")}
    wanted = "ppa membres cdpenaf chambre-agriculture inao cnpf prefet-region mrae massif hlm"
    assert {f"scot.{name}" for name in wanted.split()} <= found
    farming = consultees(LAW, kind="scot-aec-revision", step="saisine-agricole")
    assert {one.rule for one in farming} == {"scot.avis-agricole"}
    assert {one.condition for one in farming} == {"reduit-espaces"}


def test_who_is_told_is_not_asked_and_who_must_answer_has_its_rule() -> None:
    told = {one.id: one for one in LAW.consultees if one.told}
    assert {one.step for one in told.values()} == {"notification-prescription", "information-pcaet"}
    timed = {name for name, one in told.items() if one.rule == "pcaet.reponse-information"}
    assert timed == {
        "scot.information-prefet",
        "scot.information-prefet-region",
        "scot.information-region",
    }
    # R143-6 was read, but the reference file does not say what the maritime prefect gives.
    assert LAW.rule("scot.prefet-maritime").to_verify
