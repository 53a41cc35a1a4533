"""The board counts what happened, and says of whom."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.surveys import board
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion, Response
from restanque.surveys.models.campaigns import InvitationState as S
from restanque.surveys.services import campaigns, invitations, review
from restanque.surveys.wall import build_wall
from restanque.territories.models import Territory
from restanque.territories.services import assign_zone, create_territory, create_zone
from tests.conftest import client_of
from tests.surveys.answering import fill, plain, send
from tests.territories.france import METROPOLE, PETR, load_pat

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    """Noon."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def pat(workspace: Workspace) -> Territory:
    """The 121 communes, with a zone for the PETR."""
    load_pat()
    pat = create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=date(2026, 1, 1),
        epci_sirens=[METROPOLE, *PETR],
    )
    zone = create_zone(territory=pat, name="Pays d’Arles")
    assign_zone(zone=zone, communes=pat.communes_at(TODAY).filter(epci__in=PETR), on=TODAY)
    return pat


@pytest.fixture
def whole(pat: Territory, version: QuestionnaireVersion, alice: Membership) -> Campaign:
    """121 invitations: 3 answers (1 validated), 1 begun, 1 refused, 1 bounced, others silent."""
    campaign = campaigns.create_campaign(
        territory=pat, version=version, name="Le pain", opens_on=date(2026, 10, 5),
        closes_on=date(2026, 12, 18), purge_on=date(2028, 12, 31), sender_name="PAT",
        reply_to="pat@example.org", purpose="Connaître le pain.",
    )  # fmt: skip
    campaign = campaigns.open_campaign(campaign=campaign)
    halls = Organisation.objects.bulk_create(
        Organisation(
            workspace=pat.workspace, kind=Kind.MAIRIE, name=f"Mairie de {commune.name}",
            name_key=commune.name_key, commune=commune, email=f"m{commune.code}@example.org",
            phone="04 90 00 00 00",
        )
        for commune in pat.communes_at(TODAY)
    )  # fmt: skip
    invitations.add_invitations(campaign=campaign, organisations=halls)
    Invitation.objects.update(sent_at=datetime(2026, 11, 1, 9, tzinfo=UTC))
    found = {i.organisation.commune_id: i for i in campaign.invitations.all()}
    for code in ("13055", "13004", "13108"):  # Marseille, Arles, Tarascon
        send(found[code], repas="100", kg="5")
    review.validate(response=found["13108"].response, by=alice.user)
    fill(found["13001"], a_cantine="oui")
    invitations.refuse(invitation=found["13036"])
    invitations.mark_bounced(invitation=found["13027"], reason="550")
    return campaign


def soup_of(campaign: Campaign, membership: Membership, query: str = "") -> BeautifulSoup:
    """The board as this member sees it."""
    page = client_of(membership).get(reverse("surveys:campaign", args=[campaign.pk]) + query)
    assert page.status_code == 200
    return BeautifulSoup(page.content.decode(), "html.parser")


def test_states_are_counted(whole: Campaign) -> None:
    counts = board.count_states(board.board_invitations(whole))

    assert counts[S.VALIDATED] == 1
    assert counts[S.SUBMITTED] == 2
    assert counts[S.STARTED] == counts[S.REFUSED] == counts[S.BOUNCED] == 1
    assert counts[S.SENT] == 115
    assert sum(counts.values()) == 121


def test_the_wall_has_a_stone_an_invitation_and_says_it(whole: Campaign, bob: Membership) -> None:
    soup = soup_of(whole, bob)

    wall = soup.select(".rq-mur svg")[0]
    assert len(wall.find_all("polygon")) == 121
    label = str(wall["aria-label"])
    assert "1 validée, 2 à valider, 1 commencée, 115 sans réponse" in label
    assert "1 adresse en erreur" in label
    assert "3 pierres posées sur 121" in plain(soup.get_text())
    first = wall.find("polygon")
    assert "rq-p-fait" in first["class"]  # type: ignore[index]


def test_the_wall_is_laid_from_the_bottom_left() -> None:
    wall = build_wall([("a", "")] * 40, width=1000, across=32)

    def corner(points: str) -> tuple[float, float]:
        x, y = points.split()[0].split(",")
        return float(x), float(y)

    (x1, y1), (x2, y2) = corner(wall.stones[0].points), corner(wall.stones[1].points)
    assert x1 < x2
    assert y1 == pytest.approx(y2, abs=3)
    assert corner(wall.stones[-1].points)[1] < y1 - 20
    assert wall == build_wall([("a", "")] * 40, width=1000, across=32)


@pytest.mark.parametrize("number", [0, 1, 31, 32, 33, 121, 1000])
def test_every_stone_is_drawn_inside(number: int) -> None:
    wall = build_wall([("a", "")] * number, width=480, across=18)

    assert len(wall.stones) == number
    for stone in wall.stones:
        for point in stone.points.split():
            x, y = (float(part) for part in point.split(","))
            assert 0 <= x <= wall.width
            assert 0 <= y <= wall.height


def test_a_rate_says_its_n_its_source_and_its_date(whole: Campaign) -> None:
    found = board.board_invitations(whole)
    rate, people, *_ = board.key_figures(whole, found, TODAY, show_small=True)

    assert (rate.value, rate.unit) == ("2", "%")
    assert plain(rate.source) == "n = 3 sur 121 invitations · campagne · 24 nov. 2026"
    assert rate.compare.startswith("+ 2")
    communes = {i.organisation.commune for i in found}
    whole_population = sum(c.population or 0 for c in communes if c)
    covered = sum(
        c.population or 0 for c in communes if c and c.code in ("13055", "13004", "13108")
    )
    assert people.value == f"{100 * covered / whole_population:.0f}"
    assert "3 communes sur 121" in plain(people.source)


def test_groups_add_up_to_the_whole(whole: Campaign) -> None:
    found = board.board_invitations(whole)
    by_epci = board.bars_by_epci(found)
    by_zone = board.bars_by_zone(whole, found)
    by_size = board.bars_by_size(found)

    for bars in (by_epci, by_zone, by_size):
        assert sum(bar.invited for bar in bars) == 121
        assert sum(bar.answered for bar in bars) == 3
    assert [bar.invited for bar in by_epci] == [92, 13, 10, 6]
    assert (by_epci[0].validated, by_epci[0].submitted) == (0, 1)
    assert [(b.label, b.invited) for b in by_zone] == [("Pays d’Arles", 29), ("Non renseigné", 92)]
    assert (by_zone[0].validated, by_zone[0].submitted) == (1, 1)
    assert plain(by_size[0].label) == "Moins de 1 000 habitants"
    assert by_zone[0].validated_width == "3.448"


def test_the_map_colours_each_commune_by_its_state(whole: Campaign) -> None:
    panel = board.map_panel(whole, board.board_invitations(whole), TODAY)

    kinds = {feature.id: feature.kind for feature in panel.features}
    assert len(kinds) == 121
    assert (kinds["13108"], kinds["13055"]) == (S.VALIDATED, S.SUBMITTED)
    assert (kinds["13001"], kinds["13027"], kinds["13036"]) == (S.STARTED, S.BOUNCED, S.REFUSED)
    assert "13055" in panel.labels


def test_the_page_asks_few_queries(whole: Campaign, bob: Membership, count_queries: Any) -> None:
    client = client_of(bob)
    url = reverse("surveys:campaign", args=[whole.pk])
    client.get(url)
    with count_queries() as queries:
        client.get(url)
    assert len(queries) <= 30


def test_the_first_five_calls_are_there(whole: Campaign, bob: Membership) -> None:
    soup = soup_of(whole, bob)

    assert len(soup.find("section", {"aria-labelledby": "t-appels"}).select("tbody tr")) == 5  # type: ignore[union-attr]
    heading = soup.find("h2", id="t-appels").get_text()  # type: ignore[union-attr]
    assert re.search(r"5 sur 11\d à faire", heading)


def test_a_reader_sees_where_it_stands_but_calls_nobody(whole: Campaign, remi: Membership) -> None:
    soup = soup_of(whole, remi)

    assert "3 pierres posées sur 121" in plain(soup.get_text())
    assert soup.find("h2", id="t-appels") is None
    text = soup.get_text()
    assert "04 90 00 00 00" not in text
    assert "Relecture" not in text


def test_the_map_is_downloaded(whole: Campaign, bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("surveys:campaign", args=[whole.pk])

    table = client.get(f"{url}?figure=carte&format=csv").content.decode("utf-8-sig")
    assert "Tarascon;Validée" in table
    assert client.get(f"{url}?figure=autre&format=csv").status_code == 404


def test_a_fictitious_campaign_says_so(whole: Campaign, bob: Membership) -> None:
    Campaign.objects.update(fictitious=True)

    soup = soup_of(whole, bob)
    assert soup.select(".rq-head-meta .rq-fictif")
    svg = client_of(bob).get(
        reverse("surveys:campaign", args=[whole.pk]) + "?figure=carte&format=svg"
    )
    assert "Données fictives" in svg.content.decode()


def test_the_table_is_filtered_sorted_and_exported(whole: Campaign, bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("surveys:invitations", args=[whole.pk])

    def rows(query: str) -> list[str]:
        page = client.get(url + query)
        soup = BeautifulSoup(page.content.decode(), "html.parser")
        return [th.get_text(strip=True) for th in soup.select("#list tbody th")]

    assert len(rows("")) == 121
    assert rows("?state=validated") == ["Mairie de Tarascon"]
    assert rows("?q=tarascon") == ["Mairie de Tarascon"]
    assert rows("?q=13004") == ["Mairie de Arles"]
    assert len(rows("?epci=241300417")) == 6
    assert rows("?size=ge50000&sort=-population")[0] == "Mairie de Marseille"
    export = client.get(f"{url}?export=csv&state=submitted").content.decode("utf-8-sig")
    assert "Mairie de Marseille" in export
    assert "à valider" in export
    assert "Tarascon" not in export


def test_invitations_never_sent_are_withdrawn_others_stay(whole: Campaign, bob: Membership) -> None:
    silent = whole.invitations.filter(response=None)[0]
    Invitation.objects.filter(pk=silent.pk).update(sent_at=None)
    answered = Response.objects.filter(status="submitted")[0].invitation_id

    client_of(bob).post(
        reverse("surveys:invitations", args=[whole.pk]),
        {"action": "withdraw", "selected": [silent.pk, answered]},
    )

    assert not Invitation.objects.filter(pk=silent.pk).exists()
    assert Invitation.objects.filter(pk=answered).exists()


def test_activity_is_the_latest_first(whole: Campaign) -> None:
    moments = board.recent_activity(whole, limit=4)

    assert [m.words for m in moments][:2] == ["adresse en erreur", "refus de répondre"]
    assert moments == sorted(moments, key=lambda m: m.at, reverse=True)
    assert moments[0].at <= timezone.now()
