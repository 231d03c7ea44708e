"""Whose address counts: never one that the visitor wrote."""

import pytest
from django.test import RequestFactory

from credpoints.http.visitors import visitor_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),  # without a proxy of ours the header is the visitor's invention
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (2, "10.9.9.9, 203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),  # it did not come through both
        (1, "nonsense", "192.0.2.1"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_address_that_our_outermost_proxy_saw(settings, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request = RequestFactory().get("/verify/", headers=headers, REMOTE_ADDR="192.0.2.1")

    assert visitor_address(request) == expected
