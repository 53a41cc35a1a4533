"""Free answers: tags of the team, counts, filter, export."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.surveys.models import AnswerTag, Campaign, Response, TextTag
from restanque.surveys.services import purging, texts
from tests.conftest import client_of
from tests.surveys.analysis.conftest import VILLAGES

pytestmark = pytest.mark.django_db
PATH = "/data/fin_/libre"


def response_of(campaign: Campaign, code: str) -> Response:
    return Response.objects.select_related("invitation__campaign__territory__workspace").get(
        invitation__campaign=campaign, invitation__organisation__commune=code
    )


def test_a_tag_is_one_whatever_the_accents(asked: Campaign) -> None:
    first, second = (response_of(asked, code) for code in VILLAGES[:2])

    one = texts.tag_answer(response=first, path=PATH, name=" Crèche  à voir ")
    again = texts.tag_answer(response=first, path=PATH, name="creche a voir")
    other = texts.tag_answer(response=second, path=PATH, name="CRÈCHE À VOIR")

    assert one.pk == again.pk
    assert one.tag == other.tag
    assert one.tag.name == "Crèche à voir"
    texts.untag_answer(answer_tag=one)
    assert TextTag.objects.count() == 1
    texts.untag_answer(answer_tag=other)
    assert not TextTag.objects.exists()


@pytest.mark.parametrize(("path", "name"), [("/data/fin_/rien", "mot"), (PATH, " "), (PATH, "?")])
def test_what_cannot_be_tagged_is_refused(asked: Campaign, path: str, name: str) -> None:
    with pytest.raises(ValidationError):
        texts.tag_answer(response=response_of(asked, VILLAGES[0]), path=path, name=name)


def test_texts_are_tagged_counted_filtered_and_exported(asked: Campaign, bob: Membership) -> None:
    client = client_of(bob)
    page = reverse("surveys:result", args=[asked.pk, "fin_.libre"])
    act = reverse("surveys:texts-tag", args=[asked.pk, "fin_.libre"])
    for code in VILLAGES[:2]:
        done = client.post(
            act, {"response": response_of(asked, code).pk, "path": PATH, "name": "livraison"}
        )
        assert done.status_code == 302
    tag = TextTag.objects.get()

    shown = client.get(page).content.decode()
    narrowed = client.get(page, {"mot": tag.pk, "q": "NUMERO 13901"}).content.decode()
    export = client.get(
        reverse("surveys:texts-export", args=[asked.pk, "fin_.libre", "csv"]), {"mot": tag.pk}
    )

    assert "livraison (2)" in shown
    assert "Texte numéro 1" in narrowed
    assert "Texte numéro 0" not in narrowed
    lines = export.content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 3
    assert lines[1].endswith("livraison")
    client.post(
        act,
        {"response": response_of(asked, VILLAGES[0]).pk, "path": PATH,
         "remove": AnswerTag.objects.earliest("pk").pk},
    )  # fmt: skip
    assert AnswerTag.objects.count() == 1
    forged = client.post(
        act, {"response": response_of(asked, VILLAGES[0]).pk, "path": "/data/x", "name": "m"}
    )
    assert forged.status_code == 404


def test_the_purge_takes_tags_away(asked: Campaign) -> None:
    texts.tag_answer(response=response_of(asked, VILLAGES[0]), path=PATH, name="livraison")
    purging.purge_campaign(campaign=asked)
    assert not AnswerTag.objects.exists()


def test_a_reader_neither_tags_nor_exports_texts(asked: Campaign, remi: Membership) -> None:
    client = client_of(remi)
    act = reverse("surveys:texts-tag", args=[asked.pk, "fin_.libre"])
    posted = {"response": response_of(asked, VILLAGES[0]).pk, "path": PATH, "name": "mot"}
    assert client.post(act, posted).status_code == 403
    export = reverse("surveys:texts-export", args=[asked.pk, "fin_.libre", "csv"])
    assert client.get(export).status_code == 403
