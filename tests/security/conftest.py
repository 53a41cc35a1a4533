"""The surveys' own small world serves here too."""

from tests.surveys.conftest import (
    campaign,
    communes,
    invitation,
    organisations,
    territory,
    version,
)

__all__ = ["campaign", "communes", "invitation", "organisations", "territory", "version"]
