"""Agreement with JavaRosa, the engine of ODK Collect, on every form that both can open.

The forms are those of pyxform's and ODK Web Forms' own tests, read in RESTANQUE_CONFORMANCE, and
our own questionnaires. JavaRosa comes from pyxform's wheel and needs a JDK.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from restanque.engine.forms import FormError, convert_xlsform, lint, parse_form
from tests.conformance.javarosa.differential import Outcome, Trial
from tests.conformance.javarosa.driver import JavaRosa, JavaRosaError, compile_oracle
from tests.engine.forms import samples

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(
    os.environ.get("RESTANQUE_CONFORMANCE", ROOT.parent / "shared" / "data" / "conformance")
)
SHIPPED = ROOT / "src" / "restanque" / "surveys" / "questionnaires"
LEDGER = Path(__file__).parent / "ledger.json"
SUFFIXES = {".xls", ".xlsx", ".md", ".csv", ".xml"}
SEEDS = (1, 2, 3, 4)

#: Forms on which the engines do not agree, each with its reason (README of engine/forms, §7).
DIFFERENT = {
    "bench9.xml": "JavaRosa fails: an absolute path in a repeat designates several nodes",
    "child_vaccination_VOL_tool_v12.xml": "a count of the repeat's own turns (README §7)",
}
#: Forms that only one of the engines opens, each with its reason.
REFUSED_BY_US: dict[str, str] = {}

#: Forms that JavaRosa does not open and that our linter accepts.
REFUSED_BY_JAVAROSA = {
    "pull_data.xlsx": "pulldata() is Collect's, not JavaRosa's",
    "nigeria_wards_external_combined.xml": "pulldata() is Collect's, not JavaRosa's",
    "eIMCI-by-D-Tree.xml": "it asks for a property of the phone that the stub does not have",
    "body-before-model.xml": "the order of the two parts is of no matter to us",
    "setgeopoint-action-bad-namespace.xml": "an action of another namespace is ignored",
    "jr-choice-name.xml": "a question of a repeat may stand outside it in the body",
}

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path, Path]]:
    """(name, XForm file, folder of its joined files) of every form that pyxform converts."""
    if not FOLDER.is_dir():
        pytest.skip(f"no forms: RESTANQUE_CONFORMANCE is not a folder ({FOLDER})")
    out = tmp_path_factory.mktemp("forms")
    found = []
    for number, path in enumerate([*sorted(FOLDER.rglob("*")), *sorted(SHIPPED.glob("*.xlsx"))]):
        if path.suffix in SUFFIXES:
            conversion = convert_xlsform(path.read_bytes(), filename=path.name)
            if conversion.xform is not None:
                xform = out / f"{number}.xml"
                xform.write_text(conversion.xform, encoding="utf-8")
                found.append((path.name, xform, path.parent))
    own = out / "canteen.xml"
    own.write_text(samples.convert(samples.CANTEEN, samples.YES_NO).xform or "", encoding="utf-8")
    found.append(("canteen", own, out))
    return found


@pytest.fixture(scope="module")
def javarosa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaRosa]:
    if shutil.which("javac") is None or shutil.which("java") is None:
        pytest.skip("no JDK: JavaRosa cannot be driven")
    classes = tmp_path_factory.mktemp("classes")
    compile_oracle(classes)
    with JavaRosa(classes) as oracle:
        yield oracle


@pytest.mark.parametrize("seed", SEEDS)
def test_both_engines_agree_on_every_form(
    seed: int, pool: list[tuple[str, Path, Path]], javarosa: JavaRosa
) -> None:
    outcomes = [
        outcome
        for name, xform, media in pool
        if (outcome := _trial(name, xform, media, javarosa, seed)) is not None
    ]
    surprises = [
        f"{o.form}: {o.status}: {o.detail}"
        for o in outcomes
        if o.status in ("differ", "JavaRosa failed") and o.form not in DIFFERENT
    ]
    assert surprises == []
    agreed = [o for o in outcomes if o.status == "agree"]
    print(  # noqa: T201  (the figures of the closing note, seen with -s)
        f"seed {seed}: {len(agreed)} forms agree, {sum(o.nodes for o in agreed)} nodes, "
        f"{sum(o.verdicts for o in agreed)} verdicts, {sum(o.choices for o in agreed)} choices; "
        f"{sum(o.partial for o in agreed)} until a count was lowered"
    )
    known = json.loads(LEDGER.read_text())
    assert len(agreed) >= known["forms that agree"]
    assert sum(o.nodes for o in agreed) >= known["nodes compared"]


def _trial(name: str, xform: Path, media: Path, javarosa: JavaRosa, seed: int) -> Outcome | None:
    """None for a form that our engine refuses."""
    try:
        form = parse_form(xform.read_text(encoding="utf-8"), media=_files(xform, media))
    except FormError:
        return None
    return Trial(name, form, xform, media, javarosa, seed).run()


def _files(xform: Path, media: Path) -> dict[str, bytes]:
    conversion = convert_xlsform(xform.read_bytes(), filename="form.xml")
    paths = [media / name for name in conversion.media]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def test_what_we_refuse_javarosa_refuses_too(
    pool: list[tuple[str, Path, Path]], javarosa: JavaRosa
) -> None:
    accepted = []
    for name, xform, media in pool:
        try:
            parse_form(xform.read_text(encoding="utf-8"), media=_files(xform, media))
        except FormError as error:
            try:
                javarosa.open(xform, media)
            except JavaRosaError:
                continue
            accepted.append(f"{name}: {error}")
    assert [line for line in accepted if line.partition(":")[0] not in REFUSED_BY_US] == []


def test_what_javarosa_refuses_is_an_error_of_the_linter(
    pool: list[tuple[str, Path, Path]], javarosa: JavaRosa
) -> None:
    accepted = []
    for name, xform, media in pool:
        conversion = convert_xlsform(xform.read_bytes(), filename="form.xml")
        if any(problem.is_error for problem in lint(conversion)):
            continue
        try:
            javarosa.open(xform, media)
        except JavaRosaError as error:
            accepted.append((name, str(error)))
    assert {name for name, _ in accepted} == set(REFUSED_BY_JAVAROSA), accepted
