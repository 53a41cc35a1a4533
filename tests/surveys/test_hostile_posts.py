"""Whatever is posted, a page answers, keeps its promises and writes only what it showed."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.services import answers
from restanque.surveys.sessions import session_of

pytestmark = pytest.mark.django_db
PATHS = (
    "/data/cantine/a_cantine",
    "/data/cantine/repas",
    "/data/cantine/publics",
    "/data/cantine/double",
    "/data/pain/kg",
    "/data/pain/fin",
    "/data/pain/heure",
    "/data/pain/code",
    "/data/pain/facture",
    "/data/pain/ordre",
    "/data/pain/ordre.rank.prix",
    "/data/pain/four[1]/nom",
    "/data/pain/four[2]/nom",
    "/data/pain/four[0]/nom",
    "/data/pain/four",
    "/data/fin_/libre",
    "/data/fin_/accord",
    "/data/fin_/mel",
    "/data/meta/instanceID",
    "/data",
)
SUFFIXES = ("", ".present", ".conflict", ".choice", ".remove")
names = st.one_of(
    st.builds(
        lambda path, suffix: path + suffix, st.sampled_from(PATHS), st.sampled_from(SUFFIXES)
    ),
    st.text(max_size=30),
)
values = st.one_of(
    st.sampled_from(
        ["oui", "non", "OK", "1", "-3", "1 200,5", "mine", "theirs", "2026-13-45", "prix"]
    ),
    st.text(max_size=60),
    st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=0x20), max_size=8),
)
actions = st.one_of(
    st.sampled_from(
        [
            "next",
            "prev",
            "save",
            "refresh",
            "autosave",
            "review",
            "goto:pain",
            "add:/data/pain/four",
        ]
    ),
    st.builds(lambda path: f"add:{path}", st.sampled_from(PATHS)),
    st.builds(lambda path: f"remove:{path}", st.sampled_from(PATHS)),
    st.text(max_size=20),
)
SHOWN = {
    "cantine": ("/data/cantine/",),
    "pain": ("/data/pain/",),
    "fin_": ("/data/fin_/",),
}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    posts=st.lists(
        st.tuples(
            st.sampled_from(["cantine", "pain", "fin_"]),
            st.dictionaries(names, st.lists(values, min_size=1, max_size=3), max_size=8),
            actions,
            st.one_of(st.just("0"), st.just("1"), st.just("7"), st.text(max_size=6)),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_post_crashes_nor_writes_what_its_page_does_not_show(
    invitation: Invitation, posts: list[tuple[str, dict[str, list[str]], str, str]]
) -> None:
    client = Client()
    Response.objects.filter(invitation=invitation).delete()
    answers.save_answers(invitation=invitation, values={"/data/cantine/a_cantine": "oui"})
    for page, fields, action, revision in posts:
        before = session_of(Response.objects.get()).flat()
        response = client.post(
            f"{links.personal_path(invitation)}page/{page}/",
            {**fields, "action": action, "revision": revision},
        )
        assert response.status_code in (200, 302, 409, 422, 429)
        after = session_of(Response.objects.get()).flat()
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        # Computed values follow; hidden ones come and go with the answer that rules them.
        ruled = {"/data/cantine/double"}
        if "/data/cantine/a_cantine" in changed:
            ruled |= {path for path in changed if path.startswith("/data/pain/")}
            ruled |= {"/data/cantine/repas", "/data/cantine/publics"}
        if "/data/fin_/accord" in changed:
            ruled.add("/data/fin_/mel")
        assert {p for p in changed - ruled if not p.startswith(SHOWN[page])} == set()
        assert after.get("/data/pain/code") is None
        assert after["/data/meta/instanceID"] == before["/data/meta/instanceID"]
