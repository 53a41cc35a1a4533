"""Where a request comes from, to count what one visitor tries."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

#: A home or a firm receives a whole network of this length: its addresses are one visitor.
_IPV6_PREFIX = 64


def visitor_network(request: HttpRequest) -> str:
    """The IPv4 address, or the IPv6 /64, of the visitor; "" when it is not known.

    Behind the proxy (an https base address), the last address that it wrote; what comes before was
    written by the visitor, who may write anything.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_HTTPS:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        address = forwarded or address
    try:
        read = ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(IPv6Network((read, _IPV6_PREFIX), strict=False).network_address)
    return str(read)


def known_network(request: HttpRequest) -> str | None:
    """The same, None when it is not known: what the sign-in's lock stores."""
    return visitor_network(request) or None
