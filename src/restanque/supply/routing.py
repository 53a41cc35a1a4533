"""Asking a routing service (OSRM or Valhalla, at one configured address) how far communes are.

Formats: OSRM `GET /table/v1/driving/…?sources=…&destinations=…&annotations=duration,distance`
(`code`, `durations` in seconds, `distances` in metres, null without a way); Valhalla
`POST /sources_to_targets` (`time` in seconds, `distance` in `units`, null without a way).

The address is the administrator's and nothing a person types reaches it: only coordinates do, as
numbers. Redirections are not followed, the machine's proxies are not used, an answer is bounded.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Longitude, latitude (degrees).
Point = tuple[float, float]
#: Places on each side of one question: under the usual limits of both services (100 places for
#: OSRM, 2,500 pairs for Valhalla).
SIDE = 45
TIMEOUT, TRIES, PAUSES = 20.0, 3, (1.0, 4.0)
MOST_BYTES = 20_000_000
KM = {"kilometers": 1.0, "km": 1.0, "miles": 1.609344, "mi": 1.609344}
SERVICES = ("osrm", "valhalla")


class RoutingError(Exception):
    """The service cannot be used; a French sentence that says what to do."""


class _TooManyPlaces(Exception):
    """The service takes fewer places at a time."""


@dataclass(frozen=True)
class Matrix:
    """Road km and minutes, origin × destination; NaN where there is no way."""

    km: np.ndarray
    minutes: np.ndarray


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A service that sends elsewhere is refused: elsewhere may be the inside of the network."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Never followed: urllib raises HTTPError with the answer's code."""
        return


@dataclass(frozen=True)
class Router:
    """One service. `sleep` is what waiting between two tries calls."""

    base_url: str
    service: str = "osrm"
    timeout: float = TIMEOUT
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise RoutingError("L’adresse du service de distances doit commencer par http(s)://.")
        if self.service not in SERVICES:
            raise RoutingError(f"« {self.service} » : les services connus sont osrm et valhalla.")

    @property
    def name(self) -> str:
        """« OSRM, calcul.exemple.fr », without what the address may hold of secret."""
        host = urllib.parse.urlsplit(self.base_url).hostname
        return f"{'OSRM' if self.service == 'osrm' else 'Valhalla'}, {host}"

    def chunks(
        self, origins: Sequence[Point], destinations: Sequence[Point]
    ) -> Iterator[tuple[slice, slice, Matrix]]:
        """The whole matrix, block by block: rows, columns, figures. Raises RoutingError."""
        for row in range(0, len(origins), SIDE):
            for column in range(0, len(destinations), SIDE):
                rows = slice(row, min(row + SIDE, len(origins)))
                columns = slice(column, min(column + SIDE, len(destinations)))
                yield rows, columns, self.block(origins[rows], destinations[columns])

    def block(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Matrix:
        """One question; cut in two as often as the service finds it too big."""
        try:
            return self._asked(origins, destinations)
        except _TooManyPlaces as error:
            if len(origins) == len(destinations) == 1:
                raise RoutingError(
                    "Le service de distances refuse même une seule paire de communes."
                ) from error
        if len(origins) >= len(destinations):
            cut = len(origins) // 2
            parts = [self.block(one, destinations) for one in (origins[:cut], origins[cut:])]
            return Matrix(
                np.vstack([part.km for part in parts]), np.vstack([part.minutes for part in parts])
            )
        cut = len(destinations) // 2
        parts = [self.block(origins, one) for one in (destinations[:cut], destinations[cut:])]
        return Matrix(
            np.hstack([part.km for part in parts]), np.hstack([part.minutes for part in parts])
        )

    def _asked(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Matrix:
        shape = (len(origins), len(destinations))
        if self.service == "osrm":
            return _osrm(self._get(_osrm_path(origins, destinations)), shape)
        sent = {
            "sources": [{"lon": lon, "lat": lat} for lon, lat in origins],
            "targets": [{"lon": lon, "lat": lat} for lon, lat in destinations],
            "costing": "auto",
            "units": "kilometers",
        }
        return _valhalla(self._get("sources_to_targets", json.dumps(sent).encode()), shape)

    def _get(self, path: str, data: bytes | None = None) -> Any:
        """The answer's JSON, trying again what may pass."""
        for left in reversed(range(TRIES)):
            try:
                return self._once(path, data)
            except _Passing as error:
                if not left:
                    raise RoutingError(
                        f"Le service de distances ({self.name}) ne répond pas : {error}. "
                        "Réessayez plus tard, ou demandez à la personne qui l’administre."
                    ) from error
                self.sleep(PAUSES[TRIES - 1 - left])
        raise AssertionError("unreachable")

    def _once(self, path: str, data: bytes | None) -> Any:
        # The scheme was checked; the rest of the address is ours.
        request = urllib.request.Request(  # noqa: S310
            f"{self.base_url.rstrip('/')}/{path}",
            data=data,
            headers={"Accept": "application/json", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        try:
            with opener.open(request, timeout=self.timeout) as response:
                body = response.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                return self._refused(error.code, error.read(100_000))
        except (OSError, ValueError) as error:  # refused, reset, too slow, not HTTP
            raise _Passing("la connexion a échoué") from error
        if len(body) > MOST_BYTES:
            raise RoutingError("Le service de distances répond plus que ce qui lui est demandé.")
        return self._json(body)

    def _refused(self, code: int, body: bytes) -> Any:
        if code == 429 or code >= 500:
            raise _Passing(f"réponse {code}")
        if 300 <= code < 400:
            raise RoutingError(
                "Le service de distances renvoie vers une autre adresse : indiquez la bonne."
            )
        if code != 400:
            raise RoutingError(
                f"Le service de distances ({self.name}) refuse la demande (réponse {code})."
            )
        return self._json(body)  # both services explain a 400

    @staticmethod
    def _json(body: bytes) -> Any:
        try:
            return json.loads(body)
        except ValueError as error:
            raise RoutingError(
                "La réponse n’est pas celle d’un service de distances : vérifiez son adresse."
            ) from error


class _Passing(Exception):
    """May work the next time."""


def _osrm_path(origins: Sequence[Point], destinations: Sequence[Point]) -> str:
    places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in (*origins, *destinations))
    first = ";".join(str(at) for at in range(len(origins)))
    then = ";".join(str(len(origins) + at) for at in range(len(destinations)))
    asked = f"sources={first}&destinations={then}&annotations=duration,distance"
    return f"table/v1/driving/{places}?{asked}"


def _osrm(answer: Any, shape: tuple[int, int]) -> Matrix:
    code = answer.get("code") if isinstance(answer, dict) else None
    if code == "TooBig":
        raise _TooManyPlaces
    if code != "Ok":
        raise RoutingError(
            f"Le service de distances répond « {str(code)[:40]} » : demande refusée."
        )
    if "distances" not in answer:
        raise RoutingError(
            "Ce service OSRM ne donne que des durées : il faut une version qui donne les distances "
            "(annotations=distance)."
        )
    return Matrix(
        _table(answer["distances"], shape) / 1000, _table(answer.get("durations"), shape) / 60
    )


def _valhalla(answer: Any, shape: tuple[int, int]) -> Matrix:
    if not isinstance(answer, dict):
        raise RoutingError("La réponse n’est pas celle d’un service Valhalla.")
    if answer.get("error_code") == 150:  # more places than the service takes
        raise _TooManyPlaces
    rows = answer.get("sources_to_targets")
    if rows is None:
        why = str(answer.get("error", "réponse inattendue"))[:120]
        raise RoutingError(f"Le service de distances refuse la demande : {why}.")
    unit = KM.get(str(answer.get("units", "kilometers")), 1.0)
    if isinstance(rows, dict):  # the concise form
        km, seconds = rows.get("distances"), rows.get("durations")
    else:
        km = [[_cell(cell, "distance") for cell in row] for row in rows]
        seconds = [[_cell(cell, "time") for cell in row] for row in rows]
    return Matrix(_table(km, shape) * unit, _table(seconds, shape) / 60)


def _cell(cell: Any, name: str) -> Any:
    return cell.get(name) if isinstance(cell, dict) else None


def _table(rows: Any, shape: tuple[int, int]) -> np.ndarray:
    """Numbers of the shape asked, NaN for null; anything else is refused."""
    try:
        made = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise RoutingError("Le service de distances répond autre chose que des nombres.") from error
    if made.shape != shape:
        raise RoutingError("Le service de distances ne répond pas pour toutes les communes.")
    if np.nanmin(made, initial=0.0) < 0 or np.isinf(made).any():
        raise RoutingError("Le service de distances répond une distance impossible.")
    return made
