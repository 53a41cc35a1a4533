"""One visitor, one key: through the proxy, and whatever address of its network it takes."""

from typing import Any

import pytest
from django.test import RequestFactory

from restanque.kit.network import visitor_network


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxied", "network"),
    [
        ("192.0.2.7", "", False, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", False, "192.0.2.7"),  # nobody may forge it without a proxy
        ("127.0.0.1", "10.0.0.1, 203.0.113.9", True, "203.0.113.9"),
        ("127.0.0.1", "", True, "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", False, "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "", False, "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "", False, "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", "", False, "192.0.2.7"),
        ("", "", False, ""),
        ("127.0.0.1", "unknown", True, ""),
    ],
)
def test_a_visitor_is_known_by_its_network(
    settings: Any, remote: str, forwarded: str, proxied: bool, network: str
) -> None:
    settings.BEHIND_HTTPS = proxied
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    assert visitor_network(request) == network
