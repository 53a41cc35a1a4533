"""A ground to visit, an agent who reviews."""

from typing import Any

import pytest

from restanque.accounts.models import Membership, Workspace
from tests.surveys.visiting import Ground, build_ground


@pytest.fixture
def ground(workspace: Workspace, bob: Membership, settings: Any, tmp_path: Any) -> Ground:
    """A series of visits of bakeries and its visitor."""
    settings.MEDIA_ROOT = tmp_path
    return build_ground(workspace)
