"""A ground to visit, and a phone that posts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from restanque.accounts.models import Workspace
from tests.conformance.collect.client import multipart
from tests.surveys.visiting import Ground, build_ground

Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def forget_failures() -> None:
    """Each test counts its own failures."""
    cache.clear()


@pytest.fixture
def ground(workspace: Workspace, settings: Any, tmp_path: Any) -> Ground:
    """A series of visits and its visitor."""
    settings.MEDIA_ROOT = tmp_path
    return build_ground(workspace)


@pytest.fixture
def post(client: Client, ground: Ground) -> Post:
    """Post a submission over https as the visitor, or as somebody else."""

    def send(
        xml: bytes,
        files: dict[str, bytes] | None = None,
        *,
        more: bool = False,
        authorization: str | None = None,
    ) -> Any:
        kind, body = multipart(xml, files or {}, more=more)
        return client.post(
            "/odk/submission",
            body,
            content_type=kind,
            secure=True,
            headers={"Authorization": authorization or ground.authorization},
        )

    return send
