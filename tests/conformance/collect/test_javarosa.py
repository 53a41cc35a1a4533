"""What JavaRosa, the engine inside ODK Collect, serialises: sent to the real server, then compared
leaf by leaf with what the server has kept. JavaRosa needs a JDK."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from restanque.accounts.services import create_workspace
from restanque.directory.nomenclature import Kind
from restanque.engine.forms import parse_form
from restanque.surveys.models import Visit
from restanque.surveys.visits import rounds, visitors
from tests.conformance.collect.client import Phone
from tests.conformance.javarosa.differential import Trial
from tests.conformance.javarosa.driver import JavaRosa, compile_oracle
from tests.surveys.visiting import Ground, build_ground, photo

pytestmark = [pytest.mark.conformance, pytest.mark.django_db(transaction=True)]
SEEDS = (1, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module")
def javarosa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaRosa]:
    if shutil.which("javac") is None or shutil.which("java") is None:
        pytest.skip("no JDK: JavaRosa cannot be driven")
    classes = tmp_path_factory.mktemp("classes")
    compile_oracle(classes)
    with JavaRosa(classes) as oracle:
        yield oracle


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    """Bakeries and canteens to visit, for one visitor."""
    ground = build_ground(create_workspace(name="PETR et Métropole"))
    canteens = rounds.create_round(
        territory=ground.territory,
        version=rounds.install_visit_form(workspace=ground.workspace, name="visite-cantine"),
        name="Cantines 2026",
        kinds=[Kind.MAIRIE],
        purpose="Connaître le pain servi.",
        purge_on=date(2028, 12, 31),
    )
    visitors.update_visitor(
        visitor=ground.visitor, display_name="Stagiaire", rounds=[ground.visits, canteens]
    )
    return ground


def leaves(xml: bytes) -> dict[str, str]:
    """Path → text of every answered leaf, turns numbered as the server does."""
    root = etree.fromstring(xml)
    found: dict[str, str] = {}

    def walk(node: Any, path: str) -> None:
        children = [child for child in node if isinstance(child.tag, str)]
        if not children and node.text:
            found[path] = node.text
        seen: dict[str, int] = {}
        for child in children:
            name = etree.QName(child).localname
            seen[name] = seen.get(name, 0) + 1
            inner = f"{path}/{name}"
            walk(child, f"{inner}[{seen[name]}]" if name in ("pain", "signe") else inner)

    walk(root, "/data")
    return found


def asked(path: str, sent: dict[str, str]) -> bool:
    """JavaRosa also sends the turns beyond a count that was lowered (README of engine/forms, §7):
    the envelope keeps them, the answer does not."""
    turn = re.search(r"/(pain|signe)\[(\d+)\]", path)
    if turn is None:
        return True
    pains = len(sent.get("/data/fabrication/pains", "").split())
    count = {"pain": pains, "signe": int(sent.get("/data/signes_page/nb_signes", "0"))}
    return int(turn[2]) <= count[turn[1]]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_javarosa_serialises_is_kept_leaf_by_leaf(
    seed: int, ground: Ground, javarosa: JavaRosa, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"
    settings.BASE_URL = live_server.url
    phone = Phone.from_code(visitors.settings_code(ground.visitor))
    compared = 0
    for listed in phone.form_list():
        got = phone.download(listed)
        folder = tmp_path / listed.form_id
        folder.mkdir()
        (folder / "form.xml").write_bytes(got.xform)
        for name, content in got.media.items():
            (folder / name).write_bytes(content)
        form = parse_form(got.xform, media=got.media)
        trial = Trial(listed.form_id, form, folder / "form.xml", folder, javarosa, seed, steps=90)
        outcome = trial.run()
        assert outcome.status == "agree", outcome.detail
        xml = javarosa.submission().encode()
        phone.send(xml, {"joint.jpg": photo()})
        identifier = re.search(rb"instanceID>([^<]+)<", xml)
        assert identifier is not None
        visit = Visit.objects.get(instance_id=identifier[1].decode())
        sent = leaves(xml)
        assert leaves(visit.received_xml.encode()) == sent
        assert visit.flat == {path: text for path, text in sent.items() if asked(path, sent)}
        compared += len(sent)
    assert compared > 20
