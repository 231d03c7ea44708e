"""What several tests of the seal begin with."""

from collections.abc import Iterator

import pytest

from certificates import pades, rendering
from tests.certificates import samples


@pytest.fixture(scope="session")
def pages() -> bytes:
    """A short certificate that waits for its seal."""
    return rendering.render_pdf(
        samples.content(items=samples.ITEMS[:1], languages=["en"]),
        samples.issuance(),
        credential="{}",
        address="https://certs.example.org/verify/K7Q2-M9XD-4TRW-8HVN/",
    )


@pytest.fixture
def fresh_seal() -> Iterator[None]:
    """The seal is built once per process; here each test has its own."""
    pades._signer.cache_clear()
    pades._trust_of.cache_clear()
    yield
    pades._signer.cache_clear()
    pades._trust_of.cache_clear()
