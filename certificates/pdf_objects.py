"""The parts of a finished PDF as bytes, made once.

pydyf makes the bytes of each part twice, for the file and for its identifier. Here are the same bytes with half the
work; `tests/certificates/test_quick_pages.py` compares.
"""

import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pydyf


class Part:
    """What `pydyf.PDF.write` asks an object for."""

    def __init__(self, whole: Any) -> None:
        self.number, self.generation, self.free = whole.number, whole.generation, whole.free
        self.compressible, self.reference = whole.compressible, whole.reference
        self.offset = 0
        self.data = bytes_of(whole)

    @property
    def indirect(self) -> bytes:
        return b"%d %d obj\n%b\nendobj" % (self.number, self.generation, self.data)


def write_once(pdf: Any) -> None:
    """Replace the objects of a finished `pydyf.PDF` by their bytes."""
    pdf.objects = [whole if whole.free == "f" else Part(whole) for whole in pdf.objects]


def bytes_of(item: Any) -> bytes:
    """The same as `pydyf._to_bytes`, with the most frequent kinds first."""
    if type(item) is bytes:
        return item
    writer = _writers.get(type(item))
    if writer:
        return writer(item)
    return _stream(item) if isinstance(item, pydyf.Stream) else bytes(pydyf._to_bytes(item))


def _dictionary(item: Any) -> bytes:
    return b"<<%b>>" % b"".join([b"/%b %b" % (bytes_of(key), bytes_of(value)) for key, value in item.items()])


def _array(item: Any) -> bytes:
    return b"[%b]" % b" ".join([bytes_of(child) for child in item])


def _stream(stream: Any) -> bytes:
    content = b"\n".join([part if type(part) is bytes else bytes_of(part) for part in stream.stream])
    facts = pydyf.Dictionary(stream.extra.copy())
    if stream.compress:
        facts["Filter"] = "/FlateDecode"
        content = _deflated(content)
    facts["Length"] = len(content)
    return b"%b\nstream\n%b\nendstream" % (bytes_of(facts), content)


@lru_cache(maxsize=32)
def _deflated(content: bytes) -> bytes:
    """Kept, because the legend, the colour profile and the layout's pictures are in every document."""
    return zlib.compress(content, level=9)


_writers: dict[type, Callable[[Any], bytes]] = {
    str: lambda item: item.encode("ascii"),
    int: lambda item: b"%d" % item,
    pydyf.Dictionary: _dictionary,
    pydyf.Array: _array,
}
