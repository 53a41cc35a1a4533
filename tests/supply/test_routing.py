"""Asking a routing service, against a local one that answers as OSRM and Valhalla document it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from django.test import Client

from restanque.accounts.models import Membership
from restanque.core.jobs.services import perform
from restanque.core.models import Job, JobStatus
from restanque.supply.building import build
from restanque.supply.models import Distance, DistanceTable
from restanque.supply.routing import Router, RoutingError
from restanque.supply.services import distances, needs, offers, scenarios
from restanque.supply.services.offers import Proposed
from restanque.territories.models import Territory
from tests.supply.conftest import TODAY

HERE, THERE = [(4.63, 43.68), (4.66, 43.80)], [(5.0, 43.5), (5.1, 43.6), (5.2, 43.7)]


class Service(ThreadingHTTPServer):
    """What was asked, and what to answer instead of a matrix."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, Any]] = []
        self.most_places = 1_000
        self.failures: list[int] = []
        self.unreachable: set[tuple[int, int]] = set()
        self.raw: bytes | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, *_: Any) -> None:
        """Silent."""

    def do_GET(self) -> None:
        """OSRM: /table/v1/driving/lon,lat;…?sources=…&destinations=…&annotations=…"""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        places = parts.path.removeprefix("/table/v1/driving/").split(";")
        self.server.asked.append((parts.path, asked))
        if len(places) > self.server.most_places:
            self._send(400, {"code": "TooBig", "message": "Too many table coordinates"})
            return
        rows = [int(at) for at in asked["sources"].split(";")]
        columns = [int(at) for at in asked["destinations"].split(";")]
        assert max(rows + columns) < len(places)
        km = self._matrix(len(rows), len(columns))
        self._send(
            200,
            {
                "code": "Ok",
                "distances": [[v if v is None else v * 1000 for v in row] for row in km],
                "durations": [[v if v is None else v * 60 for v in row] for row in km],
                "sources": [],
                "destinations": [],
            },
        )

    def do_POST(self) -> None:
        """Valhalla: /sources_to_targets with sources, targets, costing, units."""
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, sent))
        count = len(sent["sources"]), len(sent["targets"])
        if sum(count) > self.server.most_places:
            self._send(400, {"error_code": 150, "error": "Exceeded max locations"})
            return
        cells = [
            [
                {"from_index": i, "to_index": j, "time": v and v * 60, "distance": v}
                for j, v in enumerate(row)
            ]
            for i, row in enumerate(self._matrix(*count))
        ]
        self._send(200, {"sources_to_targets": cells, "units": "kilometers"})

    def _matrix(self, rows: int, columns: int) -> list[list[float | None]]:
        out = self.server.unreachable
        return [
            [None if (i, j) in out else 10.0 * (i + 1) + j for j in range(columns)]
            for i in range(rows)
        ]

    def _send(self, code: int, answer: Any) -> None:
        if self.server.failures:
            code = self.server.failures.pop(0)
        body = json.dumps(answer).encode() if self.server.raw is None else self.server.raw
        self.send_response(code)
        if 300 <= code < 400:
            self.send_header("Location", "http://127.0.0.1:9/secret")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service() -> Iterator[Service]:
    """A service on the loopback, stopped at the end."""
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def router(service: Service, kind: str = "osrm") -> Router:
    return Router(service.url, kind, timeout=5, sleep=lambda _: None)


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
class TestBothServices:
    def test_km_and_minutes_are_read_and_no_way_is_unknown(
        self, service: Service, kind: str
    ) -> None:
        service.unreachable = {(1, 2)}
        found = router(service, kind).block(HERE, THERE)
        assert found.km.tolist()[0] == [10.0, 11.0, 12.0]
        assert found.minutes.tolist()[1][:2] == [20.0, 21.0]
        assert np.isnan(found.km[1, 2])
        assert np.isnan(found.minutes[1, 2])

    def test_a_question_too_big_is_cut_and_put_together(self, service: Service, kind: str) -> None:
        service.most_places = 3
        found = router(service, kind).block(HERE, THERE)
        assert found.km.shape == (2, 3)
        assert not np.isnan(found.km).any()
        assert len(service.asked) > 2

    def test_a_large_matrix_is_asked_block_by_block(self, service: Service, kind: str) -> None:
        places = [(4.0 + i / 100, 43.5) for i in range(100)]
        blocks = list(router(service, kind).chunks(places, places[:10]))
        assert [(rows.start, rows.stop) for rows, _, _ in blocks] == [(0, 45), (45, 90), (90, 100)]
        assert blocks[2][2].km.shape == (10, 10)

    def test_what_may_pass_is_tried_again(self, service: Service, kind: str) -> None:
        service.failures = [503, 429]
        assert router(service, kind).block(HERE, THERE).km.shape == (2, 3)

    def test_a_service_that_stays_down_is_said(self, service: Service, kind: str) -> None:
        service.failures = [500, 500, 500]
        with pytest.raises(RoutingError, match="ne répond pas"):
            router(service, kind).block(HERE, THERE)

    def test_a_redirection_is_never_followed(self, service: Service, kind: str) -> None:
        service.failures = [302]
        with pytest.raises(RoutingError, match="autre adresse"):
            router(service, kind).block(HERE, THERE)
        assert len(service.asked) == 1

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (b"<html>accueil</html>", "vérifiez son adresse"),
            (b"[1, 2]", "service"),
            (b'{"code": "Ok", "distances": [[1]], "durations": [[1]]}', "pour toutes|refuse"),
            (b'{"code": "NoTable"}', "NoTable|refuse"),
            (b'{"code": "Ok", "distances": [[-1,1,1],[1,1,1]], "durations": [[1,1,1],[1,1,1]], '
             b'"sources_to_targets": {"distances": [[-1,1,1],[1,1,1]], '
             b'"durations": [[1,1,1],[1,1,1]]}}', "impossible"),
            (b'{"code": "Ok", "distances": "x", "sources_to_targets": {"distances": "x", '
             b'"durations": "x"}}', "autre chose"),
        ],
    )  # fmt: skip
    def test_an_answer_that_is_not_a_matrix_is_refused_in_words(
        self, service: Service, kind: str, raw: bytes, words: str
    ) -> None:
        service.raw = raw
        with pytest.raises(RoutingError, match=words):
            router(service, kind).block(HERE, THERE)


def test_valhalla_s_concise_form_and_miles_are_read(service: Service) -> None:
    service.raw = json.dumps(
        {
            "units": "miles",
            "sources_to_targets": {"distances": [[1, 2, None]], "durations": [[60, 120, None]]},
        }
    ).encode()
    found = router(service, "valhalla").block(HERE[:1], THERE)
    assert found.km[0, :2] == pytest.approx([1.609344, 3.218688])
    assert found.minutes[0, :2].tolist() == [1.0, 2.0]
    assert np.isnan(found.km[0, 2])


def test_osrm_without_distances_is_said(service: Service) -> None:
    service.raw = b'{"code": "Ok", "durations": [[1,1,1],[1,1,1]]}'
    with pytest.raises(RoutingError, match="que des durées"):
        router(service).block(HERE, THERE)


def test_only_the_configured_host_is_ever_asked(service: Service) -> None:
    router(service).block(HERE, THERE)
    ((path, asked),) = service.asked
    assert path == "/table/v1/driving/4.630000,43.680000;4.660000,43.800000;5.000000,43.500000;" \
        "5.100000,43.600000;5.200000,43.700000"  # fmt: skip
    assert asked == {"sources": "0;1", "destinations": "2;3;4", "annotations": "duration,distance"}


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x", "localhost:5000", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(RoutingError, match="http"):
        Router(address)


def test_a_closed_port_is_a_service_that_does_not_answer() -> None:
    with pytest.raises(RoutingError, match="ne répond pas"):
        Router("http://127.0.0.1:9", timeout=1, sleep=lambda _: None).block(HERE, THERE)


class TestTheJob:
    @pytest.fixture(autouse=True)
    def known(self, territory: Territory, bakery: Any) -> None:
        """Two bakeries and a canteen in three communes."""
        from restanque.directory.services import canteen_for_whole_commune
        from tests.supply.conftest import mairie_of

        for name, code in (("Fournil A", "13108"), ("Fournil B", "13036")):
            offers.save_bakery(
                territory=territory,
                organisation=bakery(name, code),
                prices=[Proposed("courant")],  # type: ignore[arg-type]
                today=TODAY,
            )
        needs.create_need(
            territory=territory,
            canteen=canteen_for_whole_commune(organisation=mairie_of(territory.workspace, "13100")),
            today=TODAY,
            bread_class="courant",
            kg_per_day=10,  # type: ignore[typeddict-item]
        )

    def test_the_page_starts_it_and_scenarios_read_what_it_measured(
        self, service: Service, settings: Any, territory: Territory, alice: Membership
    ) -> None:
        settings.ROUTER_URL, settings.ROUTER = service.url, "osrm"
        browser = Client()
        browser.force_login(alice.user)
        page = browser.get(f"/approvisionnement/{territory.pk}/distances/")
        assert "OSRM, 127.0.0.1" in page.content.decode()
        browser.post(f"/approvisionnement/{territory.pk}/distances/mesurer/")
        work = Job.objects.get(kind="supply-distances")
        perform(work.pk)
        work.refresh_from_db()
        assert work.status == JobStatus.DONE, work.error
        table = DistanceTable.objects.get()
        assert table.source.startswith("OSRM, 127.0.0.1, interrogé le")
        assert {(d.origin_id, d.destination_id, d.km, d.minutes) for d in table.rows.all()} == {
            ("13036", "13100", 10.0, 10.0),
            ("13108", "13100", 20.0, 20.0),
        }
        built = build(scenarios.create_scenario(territory=territory, name="Par la route"))
        assert set(built.problem.arcs.km.tolist()) == {10.0, 20.0}
        assert any("OSRM" in sentence for sentence in built.assumed)

    def test_a_refusal_fails_the_job_in_french_and_keeps_the_table_before(
        self, service: Service, settings: Any, territory: Territory
    ) -> None:
        settings.ROUTER_URL, settings.ROUTER = service.url, "valhalla"
        distances.replace_table(
            territory=territory,
            name="Avant",
            source="essai",
            today=TODAY,
            pairs=[("13036", "13100", 9.0, None)],
        )
        service.raw = b'{"error_code": 171, "error": "No suitable edges near location"}'
        work = distances.start_routing(territory=territory)
        perform(work.pk)
        work.refresh_from_db()
        assert work.status == JobStatus.FAILED
        assert "No suitable edges" in work.error
        assert Distance.objects.get().km == 9.0

    def test_a_job_stopped_by_hand_keeps_nothing(
        self, service: Service, settings: Any, territory: Territory, monkeypatch: Any
    ) -> None:
        settings.ROUTER_URL, settings.ROUTER = service.url, "osrm"
        work = distances.start_routing(territory=territory)
        Job.objects.filter(pk=work.pk).update(cancel_requested=True)
        monkeypatch.setattr("restanque.core.jobs.progress.WRITE_EVERY", 0.0)
        perform(work.pk)
        work.refresh_from_db()
        assert work.status == JobStatus.CANCELLED
        assert not DistanceTable.objects.exists()

    def test_without_a_service_the_page_says_what_to_do(
        self, territory: Territory, alice: Membership
    ) -> None:
        browser = Client()
        browser.force_login(alice.user)
        page = browser.get(f"/approvisionnement/{territory.pk}/distances/").content.decode()
        assert "Aucun service" in page
        answer = browser.post(f"/approvisionnement/{territory.pk}/distances/mesurer/")
        assert answer.status_code == 404
