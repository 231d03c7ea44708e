"""From which address a request comes, for brakes that count per visitor. It is never stored."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def visitor_address(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies has seen; an IPv6 address counts as its network of 64 bits.

    Every proxy adds the address it was asked from at the end of X-Forwarded-For. `settings.TRUSTED_PROXIES` says how
    many of them are ours; whatever stands further left was written by the visitor and may be invented.
    """
    asked_by = str(request.META.get("REMOTE_ADDR", ""))
    count = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if count and len(forwarded) >= count:
        return _counted(forwarded[-count]) or _counted(asked_by)
    return _counted(asked_by)


def _counted(written: str) -> str:
    """One household has a whole network of IPv6 addresses, so single ones would each get a brake of their own."""
    try:
        address = ip_address(written)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network(f"{address}/64", strict=False))
