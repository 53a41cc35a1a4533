"""Which forms and lists a visitor gets, and what stays out of them."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import etree

from restanque.accounts.models import Workspace
from restanque.surveys.services import questionnaires
from restanque.surveys.services.media import join_media
from restanque.surveys.visits import rounds, visitors
from tests.surveys.visiting import Ground, basic, build_ground

pytestmark = pytest.mark.django_db
LIST = "{http://openrosa.org/xforms/xformsList}"


def get(client: Client, url: str, authorization: str) -> Any:
    return client.get(url, secure=True, headers={"Authorization": authorization})


def listed(client: Client, ground: Ground, query: str = "") -> list[dict[str, str]]:
    root = etree.fromstring(get(client, f"/odk/formList{query}", ground.authorization).content)
    return [{child.tag.removeprefix(LIST): child.text or "" for child in one} for one in root]


def test_the_fingerprint_is_of_the_bytes_served(client: Client, ground: Ground) -> None:
    (form,) = listed(client, ground)
    served = get(client, form["downloadUrl"], ground.authorization)
    assert served.content == ground.visits.version.xform.encode()
    digest = hashlib.md5(served.content, usedforsecurity=False).hexdigest()
    assert form["hash"] == f"md5:{digest}"


def test_older_versions_are_listed_on_demand_only(client: Client, ground: Ground) -> None:
    old = ground.visits.version
    newer = questionnaires.add_version(
        questionnaire=old.questionnaire, data=bytes(old.source), filename="bis.xlsx"
    )
    type(newer).objects.filter(pk=newer.pk).update(form_version="2099010101")
    newer.refresh_from_db()
    questionnaires.publish_version(version=newer)
    rounds.update_round(visits=ground.visits, version=newer)
    assert [one["version"] for one in listed(client, ground)] == ["2099010101"]
    every = listed(client, ground, "?listAllVersions=true")
    assert [one["version"] for one in every] == ["2099010101", old.form_version]
    for one in every:
        assert get(client, one["manifestUrl"], ground.authorization).status_code == 200


def test_a_closed_series_is_no_longer_offered(client: Client, ground: Ground) -> None:
    (form,) = listed(client, ground)
    rounds.close_round(visits=ground.visits)
    assert listed(client, ground) == []
    assert get(client, form["downloadUrl"], ground.authorization).status_code == 404


def test_a_visitor_sees_only_its_own_series(
    client: Client, ground: Ground, other_workspace: Workspace
) -> None:
    elsewhere = build_ground(other_workspace)
    unasked = visitors.create_visitor(territory=ground.territory, display_name="Sans visite")
    (form,) = listed(client, ground)
    for visitor in (elsewhere.visitor, unasked):
        for url in (form["downloadUrl"], form["manifestUrl"]):
            assert get(client, url, basic(visitor)).status_code == 404
    assert get(client, "/odk/formList", basic(unasked)).content.count(b"formID") == 0


def test_the_manifest_holds_the_version_s_own_files_too(
    client: Client, workspace: Workspace, ground: Ground
) -> None:
    old = ground.visits.version
    source = bytes(old.source)
    questionnaire = questionnaires.create_questionnaire(workspace=workspace, title="Le même")
    version = questionnaires.add_version(
        questionnaire=questionnaire, data=source, filename="bis.xlsx"
    )
    # Whoever joins lists of their own gets those of the series all the same.
    for name in ("communes.csv", "organisations.csv"):
        join_media(version=version, upload=SimpleUploadedFile(name, b"name,label\nx,Ailleurs\n"))
    questionnaires.publish_version(version=version)
    rounds.update_round(visits=ground.visits, version=version)
    url = f"/odk/forms/{ground.visits.pk}/{version.number}"
    lists = get(client, f"{url}/media/communes.csv", ground.authorization)
    assert lists["Content-Type"].startswith("text/csv")
    assert lists.content.decode().splitlines() == [
        "name,label",
        "13004,Arles",
        "13036,Eyragues",
        "13108,Tarascon",
    ]
    assert get(client, f"{url}/media/autre.csv", ground.authorization).status_code == 404


def test_a_name_that_begins_like_a_formula_stays_a_name(
    client: Client, workspace: Workspace, ground: Ground
) -> None:
    from restanque.directory.services import update_organisation

    update_organisation(organisation=ground.organisations["arles"], name='Pain, "du" Roi')
    url = f"/odk/forms/{ground.visits.pk}/{ground.visits.version.number}/media/organisations.csv"
    content = get(client, url, ground.authorization).content.decode()
    assert '"Pain, ""du"" Roi",13004' in content
