"""Outliers found, values corrected with who did it, answers concluded."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.exceptions import ValidationError
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.core.models import OutgoingMessage
from restanque.directory.services import update_organisation
from restanque.surveys.models import Comment, Flag, Invitation, Response
from restanque.surveys.models.followup import FlagResolution
from restanque.surveys.plausibility import RULES, check
from restanque.surveys.services import answers, campaigns, flags, review
from tests.conftest import client_of
from tests.surveys.answering import plain, send

TODAY = date(2026, 11, 24)
KG, MEALS = "/data/pain/kg", "/data/cantine/repas"


def codes(*facts: tuple[str, str]) -> list[str]:
    """The rules that flag an answer made of these facts."""
    return [one.rule.code for one in check([(f, f"/data/{f}", v) for f, v in facts], TODAY)]


# Facts of an answer → the rules that flag it. The bounds themselves are not flagged.
TABLE = [
    ([("need.price_per_kg", "4.20")], []),
    ([("need.price_per_kg", "1")], []),
    ([("need.price_per_kg", "12")], []),
    ([("need.price_per_kg", "0.99")], ["price-kg"]),
    ([("need.price_per_kg", "12.01")], ["price-kg"]),
    ([("need.kg_per_day", "5"), ("need.meals_per_day", "100")], []),
    ([("need.kg_per_day", "1.5"), ("need.meals_per_day", "100")], []),
    ([("need.kg_per_day", "1.4"), ("need.meals_per_day", "100")], ["grams-meal"]),
    ([("need.kg_per_day", "15"), ("need.meals_per_day", "100")], []),
    ([("need.kg_per_day", "15.1"), ("need.meals_per_day", "100")], ["grams-meal"]),
    ([("need.kg_per_day", "5"), ("need.meals_per_day", "0")], []),
    ([("need.kg_per_day", "5")], []),
    ([("need.portion_g", "9")], ["portion"]),
    ([("need.portion_g", "151")], ["portion"]),
    ([("need.piece_weight_g", "19")], ["piece-weight"]),
    ([("need.meals_per_day", "9000"), ("canteen.site_count", "3")], ["meals-site"]),
    ([("need.days_per_year", "400")], ["days-year"]),
    (
        [("need.portion_g", "20"), ("need.kg_per_day", "6"), ("need.meals_per_day", "100")],
        ["portion-ratio"],
    ),
    ([("need.price_per_kg", "cher")], []),
    ([("need.price_per_kg", "NaN")], []),
]


@pytest.mark.parametrize(("facts", "expected"), TABLE)
def test_the_table_of_rules(facts: list[tuple[str, str]], expected: list[str]) -> None:
    assert codes(*facts) == expected


def test_every_rule_is_dated_sourced_and_bounded() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source
        assert rule.why
        assert rule.lower is not None
        assert rule.upper is not None
        assert rule.lower < rule.upper


def test_a_rule_does_not_hold_before_its_day() -> None:
    assert check([("need.price_per_kg", "/data/p", "99")], date(2025, 12, 31)) == []


def test_each_supplier_is_checked_alone() -> None:
    found = check(
        [
            ("need.price_per_kg", "/data/f[1]/prix", "4.10"),
            ("need.price_per_kg", "/data/f[2]/prix", "41"),
        ],
        TODAY,
    )
    assert [(one.path, one.value) for one in found] == [("/data/f[2]/prix", Decimal(41))]
    assert plain(found[0].message) == (
        "Prix du kilo HT : 41,00 €/kg. Attendu entre 1,00 et 12,00 €/kg. "
        "Vérifiez l’unité (pièce ou kilo), la taxe et la masse de la pièce."
    )


@pytest.fixture
def odd(invitation: Invitation) -> Response:
    """An answer of 800 g of bread a meal."""
    return send(invitation, repas="100", kg="80")


def reload(response: Response) -> Response:
    """As the database has it."""
    return Response.objects.select_related("invitation__campaign").get(pk=response.pk)


def test_a_sent_answer_is_flagged_with_its_value(odd: Response) -> None:
    flag = Flag.objects.get(response=odd)

    assert (flag.code, flag.path) == ("grams-meal", KG)
    assert plain(flag.value) == "800 g"
    assert "entre 15 et 150" in plain(flag.message)


def test_flagging_again_changes_nothing_and_keeps_conclusions(
    odd: Response, bob: Membership
) -> None:
    flag = Flag.objects.get()
    flags.resolve_flag(flag=flag, resolution=FlagResolution.CONFIRMED, by=bob.user, note="vu")

    assert flags.refresh_flags(response=reload(odd)) == 0

    flag.refresh_from_db()
    assert (flag.resolution, flag.resolved_by, flag.note) == ("confirmed", bob.user, "vu")


def test_a_correction_is_kept_with_who_and_the_former_value(odd: Response, bob: Membership) -> None:
    before = odd.revision

    assert review.correct(response=odd, values={KG: "8,0"}, by=bob.user) == [KG]

    corrected = reload(odd)
    assert corrected.flat[KG] == "8.0"
    assert corrected.status == "submitted"
    assert corrected.revision == before + 1
    last = corrected.revisions.order_by("-number")[0]
    assert last.by == bob.user
    assert "<kg>8.0</kg>" in last.instance
    assert "<kg>80</kg>" in corrected.revisions.order_by("-number")[1].instance
    remark = Comment.objects.get()
    assert (remark.by, remark.path) == (bob.user, KG)
    assert "80 → 8.0" in remark.text
    assert not Flag.objects.exists()


def test_a_correction_that_the_form_refuses_changes_nothing(odd: Response, bob: Membership) -> None:
    with pytest.raises(ValidationError, match="Entre 1 et 4"):
        review.correct(response=odd, values={MEALS: "9000"}, by=bob.user)

    assert reload(odd).flat[MEALS] == "100"
    assert not Comment.objects.exists()


def test_an_unknown_or_hidden_question_is_not_corrected(odd: Response, bob: Membership) -> None:
    assert review.correct(response=odd, values={"/data/autre": "1"}, by=bob.user) == []


def test_validating_counts_the_answer(odd: Response, bob: Membership) -> None:
    review.validate(response=odd, by=bob.user)

    done = reload(odd)
    assert (done.status, done.reviewed_by) == ("validated", bob.user)
    assert campaigns.campaign_progress(done.invitation.campaign).answered == 1


def test_setting_aside_needs_a_reason(odd: Response, bob: Membership) -> None:
    with pytest.raises(ValidationError):
        review.reject(response=odd, by=bob.user, note="  ")

    review.reject(response=odd, by=bob.user, note="Réponse de test")

    done = reload(odd)
    assert (done.status, done.review_note) == ("rejected", "Réponse de test")
    assert campaigns.campaign_progress(done.invitation.campaign).answered == 0


def test_sending_back_reopens_and_writes_to_the_town_hall(odd: Response, bob: Membership) -> None:
    OutgoingMessage.objects.all().delete()

    assert review.send_back(response=odd, by=bob.user, message="Est-ce par jour ?") == 1

    assert reload(odd).is_draft
    message = OutgoingMessage.objects.get()
    assert "Est-ce par jour ?" in message.text
    assert "⟦lien⟧" in message.text
    with pytest.raises(ValidationError, match="rouverte"):
        review.validate(response=odd, by=bob.user)
    # Corrected by its organisation, it comes back to be read again.
    answers.save_answers(invitation=odd.invitation, values={KG: "8"})
    assert answers.submit(invitation=odd.invitation).accepted
    assert not Flag.objects.filter(resolution="").exists()


def test_the_queue_shows_flagged_answers_first(
    odd: Response, other_invitation: Invitation, bob: Membership
) -> None:
    Response.objects.filter(pk=odd.pk).update(submitted_at="2026-11-20T09:00:00Z")
    send(other_invitation, repas="100", kg="5")
    Response.objects.filter(invitation=other_invitation).update(submitted_at="2026-11-10T09:00Z")

    url = reverse("surveys:review", args=[odd.invitation.campaign_id])
    text = client_of(bob).get(url).content.decode()

    assert text.index("Mairie d’Arles") < text.index("Mairie d’Tarascon")
    assert "2 à valider, dont 1 avec une valeur à vérifier" in plain(text)
    assert "Attendu entre 1,00 et 12,00 €/kg" in plain(text)


def test_validating_leads_to_the_next_answer(
    odd: Response, other_invitation: Invitation, bob: Membership
) -> None:
    send(other_invitation)
    client = client_of(bob)
    pk = odd.invitation.campaign_id

    answer = client.post(
        reverse("surveys:review-conclude", args=[pk, odd.invitation_id]),
        {"action": "validate", "anyway": "1"},
    )
    following = reverse("surveys:review-answer", args=[pk, other_invitation.pk])
    assert answer.headers["Location"] == following
    last = client.post(
        reverse("surveys:review-conclude", args=[pk, other_invitation.pk]), {"action": "validate"}
    )
    assert last.headers["Location"] == reverse("surveys:review", args=[pk])


def test_the_page_shows_values_flags_and_lets_correct(odd: Response, bob: Membership) -> None:
    client = client_of(bob)
    where = [odd.invitation.campaign_id, odd.invitation_id]

    text = plain(client.get(reverse("surveys:review-answer", args=where)).content.decode())
    assert "Pain par repas : 800 g" in text
    opened = client.get(reverse("surveys:review-answer", args=where), {"corriger": KG})
    assert 'name="value" value="80"' in opened.content.decode()
    refused = client.post(
        reverse("surveys:review-correct", args=where), {"path": MEALS, "value": "9000"}
    )
    assert refused.status_code == 422
    assert "Entre 1 et 4" in plain(refused.content.decode())
    assert 'value="9000"' in refused.content.decode()
    done = client.post(reverse("surveys:review-correct", args=where), {"path": KG, "value": "8"})
    assert done.status_code == 302
    assert reload(odd).flat[KG] == "8"


def test_several_choices_are_corrected_together(odd: Response, bob: Membership) -> None:
    client_of(bob).post(
        reverse("surveys:review-correct", args=[odd.invitation.campaign_id, odd.invitation_id]),
        {"path": "/data/cantine/publics", "value": ["maternelle", "creche"]},
    )

    assert reload(odd).flat["/data/cantine/publics"] == "maternelle creche"


def test_a_draft_is_not_reviewed(invitation: Invitation, bob: Membership) -> None:
    answers.save_answers(invitation=invitation, values={"/data/cantine/a_cantine": "oui"})

    url = reverse("surveys:review-answer", args=[invitation.campaign_id, invitation.pk])
    assert client_of(bob).get(url).status_code == 404


def test_sending_back_without_address_says_to_call(odd: Response, bob: Membership) -> None:
    update_organisation(organisation=odd.invitation.organisation, email="")
    url = reverse("surveys:review-conclude", args=[odd.invitation.campaign_id, odd.invitation_id])

    page = client_of(bob).post(url, {"action": "back", "text": "Par jour ?"}, follow=True)

    assert "prévenez la mairie par téléphone" in page.content.decode()


def test_validating_with_values_to_check_asks_once(odd: Response, bob: Membership) -> None:
    url = reverse("surveys:review-conclude", args=[odd.invitation.campaign_id, odd.invitation_id])
    client = client_of(bob)

    asked = client.post(url, {"action": "validate"})

    assert asked.status_code == 422
    text = asked.content.decode()
    assert "1 valeur reste à vérifier : valider quand même ?" in plain(text)
    assert reload(odd).status == "submitted"
    soup = BeautifulSoup(text, "html.parser")
    button = soup.find("button", string="Valider quand même")
    assert isinstance(button, Tag)
    assert button.has_attr("autofocus")
    form = button.find_parent("form")
    assert form is not None
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    done = client.post(url, {"action": "validate"} | fields)
    assert done.status_code == 302
    assert reload(odd).status == "validated"


def test_validating_asks_nothing_once_every_value_has_its_conclusion(
    odd: Response, bob: Membership
) -> None:
    flags.resolve_flag(flag=Flag.objects.get(), resolution=FlagResolution.CONFIRMED, by=bob.user)
    url = reverse("surveys:review-conclude", args=[odd.invitation.campaign_id, odd.invitation_id])

    assert client_of(bob).post(url, {"action": "validate"}).status_code == 302
    assert reload(odd).status == "validated"


def test_a_portion_is_compared_in_words() -> None:
    facts = {"need.portion_g": "20", "need.kg_per_day": "22.2", "need.meals_per_day": "100"}
    found = check([(fact, f"/data/{fact}", value) for fact, value in facts.items()], TODAY)
    message = next(one.message for one in found if one.rule.code == "portion-ratio")
    assert plain(message) == (
        "Le pain acheté vaut 11 fois la portion prévue. Attendu entre 0,4 et 2,5 fois la portion "
        "prévue. La quantité achetée et la portion prévue ne vont pas ensemble."
    )
