"""The update that carries a seal, written behind the pages of one of our own files.

pyHanko reads the whole file for it: three hundred objects, of which two are needed. Files of another form are left to
pyHanko. `tests/certificates/test_sealing.py` holds the two ways against each other.
"""

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

ENDS = re.compile(rb"\nstartxref\n(\d+)\n%%EOF\n\Z")
STREAM = re.compile(rb"(\d+) 0 obj\n(<<.*?>>)\nstream\n", re.S)
PLAIN_REASON = re.compile(r"[A-Z0-9-]*")
ROOM_FOR_RANGE = 60
# ETSI signatures in PDF 1.7; elliptic curves need one more line and the version that has them.
EXTENSIONS = b"/ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 1>>"
ELLIPTIC = (
    b"/ISO_[<</Type/DeveloperExtensions/BaseVersion/2.0/ExtensionLevel 32002"
    b"/URL(https://www.iso.org/standard/45875.html)/ExtensionRevision(:2022)>>]"
)


class AnotherForm(Exception):
    """The file is not one of ours, or has something where the seal's own parts go."""


@dataclass
class Update:
    """New objects behind a file, and where each of them begins."""

    begins_at: int
    content: bytearray = field(default_factory=bytearray)
    places: dict[int, int] = field(default_factory=dict)

    def add(self, number: int, body: bytes) -> int:
        """Write one object; returns where its body begins in the whole file."""
        self.places[number] = self.begins_at + len(self.content)
        self.content += b"%d 0 obj\n" % number
        begins = self.begins_at + len(self.content)
        self.content += body + b"\nendobj\n"
        return begins


def seal(
    pdf: bytes, *, field_name: str, reason: str, elliptic: bool, room: int, sign: Callable[[bytes], bytes]
) -> bytes:
    """Add an invisible seal that allows no change. `sign` signs a digest in at most `room` hexadecimal digits."""
    trailer, catalog_number, catalog, page_number, page = _known_parts(pdf)
    if not PLAIN_REASON.fullmatch(reason):
        raise AnotherForm("this reason needs to be escaped")
    free = _number(rb"/Size (\d+)", trailer)
    form, widget, signature = free, free + 1, free + 2
    extensions = EXTENSIONS + (ELLIPTIC if elliptic else b"")
    more = b"/AcroForm %d 0 R/Extensions<<%b>>/Perms<</DocMDP %d 0 R>>" % (form, extensions, signature)
    update = Update(len(pdf))
    update.add(catalog_number, _with(catalog, more + (b"/Version/2.0" if elliptic else b"")))
    update.add(page_number, _with(page, b"/Annots[%d 0 R]" % widget))
    update.add(form, b"<</Fields[%d 0 R]/SigFlags 3>>" % widget)
    update.add(
        widget,
        b"<</FT/Sig/T(%b)/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]/P %d 0 R/V %d 0 R>>"
        % (field_name.encode(), page_number, signature),
    )
    before = b"<</Contents "
    opens = update.add(signature, before + b"<%b>" % (b"0" * room) + _facts(reason)) + len(before)
    closes = opens + room + 2
    _close(update, trailer, _number(ENDS, pdf))
    return _filled(pdf + bytes(update.content), opens, closes, sign)


def _filled(whole: bytes, opens: int, closes: int, sign: Callable[[bytes], bytes]) -> bytes:
    """Name the two ranges that are signed, sign them, and fill the gap between them."""
    ranges = b"[0 %d %d %d]" % (opens, closes, len(whole) - closes)
    head, tail = whole[:opens], whole[closes:].replace(b" " * ROOM_FOR_RANGE, ranges.ljust(ROOM_FOR_RANGE), 1)
    digits = sign(hashlib.sha256(head + tail).digest()).hex().encode()
    room = closes - opens - 2
    if len(digits) > room:
        raise ValueError("the signature is longer than the room for it")
    return b"%b<%b>%b" % (head, digits.ljust(room, b"0"), tail)


def _facts(reason: str) -> bytes:
    moment = datetime.now().astimezone().strftime("%Y%m%d%H%M%S%z")
    return (
        b"/ByteRange %b/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:%b'%b')/Reason(%b)"
        b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 1>>>>]>>"
        % (b" " * ROOM_FOR_RANGE, moment[:-2].encode(), moment[-2:].encode(), reason.encode())
    )


def _close(update: Update, trailer: bytes, previous: int) -> None:
    """The table of the new objects, and where it is."""
    number = max(update.places) + 1
    begins = update.begins_at + len(update.content)
    places = {**update.places, number: begins}
    index = b" ".join(b"%d 1" % one for one in sorted(places))
    rows = zlib.compress(b"".join(b"\1" + places[one].to_bytes(8, "big") + b"\0\0" for one in sorted(places)))
    kept = b"".join(re.findall(rb"/(?:Root|Info) \d+ 0 R", trailer))
    # The first identifier stays with the file, the second changes with each update.
    first = b"".join(re.findall(rb"/ID ?\[ ?([(<][0-9a-f]+[)>])", trailer))
    kept += b"/ID[%b<%b>]" % (first, hashlib.sha256(update.content).hexdigest()[:32].encode()) if first else b""
    update.content += b"%d 0 obj\n<</W[1 8 2]/Type/XRef/Filter/FlateDecode/Size %d%b/Prev %d/Index[%b]/Length %d>>" % (
        number, number + 1, kept, previous, index, len(rows),
    )  # fmt: skip
    update.content += b"\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (rows, begins)


def _with(dictionary: bytes, more: bytes) -> bytes:
    return dictionary[:-2] + more + b">>"


def _known_parts(pdf: bytes) -> tuple[bytes, int, bytes, int, bytes]:
    """The trailer, and number and bytes of the catalog and of the first page, as pydyf writes them."""
    trailer, rows = _stream_at(pdf, _number(ENDS, pdf))
    widths = re.search(rb"/W ?\[1 (\d+) (\d+)\]", trailer)
    if not widths or b"/Prev" in trailer:
        raise AnotherForm("no table of one piece")
    middle, last = int(widths[1]), int(widths[2])
    size = 1 + middle + last

    def row(number: int) -> tuple[int, int]:
        line = rows[number * size : (number + 1) * size]
        return line[0], int.from_bytes(line[1 : 1 + middle], "big")

    root = _number(rb"/Root (\d+) 0 R", trailer)
    kind, holder = row(root)
    if kind != 2:
        raise AnotherForm("the catalog is not compressed")
    objects = _objects_in(*_stream_at(pdf, row(holder)[1]))
    catalog = _dictionary(objects, root, rb"/AcroForm|/Extensions|/Perms|/Version")
    pages = _dictionary(objects, _number(rb"/Pages (\d+) 0 R", catalog), rb"\0")
    first = _number(rb"/Kids ?\[(\d+) 0 R", pages)
    return trailer, root, catalog, first, _dictionary(objects, first, rb"/Annots")


def _stream_at(pdf: bytes, place: int) -> tuple[bytes, bytes]:
    found = STREAM.match(pdf, place)
    if not found or b"/FlateDecode" not in found[2]:
        raise AnotherForm("no stream where one is named")
    length = _number(rb"/Length (\d+)", found[2])
    try:
        return found[2], zlib.decompress(pdf[found.end() : found.end() + length])
    except zlib.error as error:
        raise AnotherForm("a stream cannot be read") from error


def _objects_in(facts: bytes, content: bytes) -> dict[int, bytes]:
    """The objects of a stream of objects by their numbers."""
    if b"/ObjStm" not in facts:
        raise AnotherForm("no objects where they should be")
    first = _number(rb"/First (\d+)", facts)
    heads = [int(word) for word in content[:first].split()]
    numbers, begins = heads[::2], [first + place for place in heads[1::2]]
    ends = [*begins[1:], len(content)]
    return {number: content[begin:end].strip() for number, begin, end in zip(numbers, begins, ends, strict=True)}


def _dictionary(objects: dict[int, bytes], number: int, without: bytes) -> bytes:
    found = objects.get(number, b"")
    if not found.startswith(b"<<") or not found.endswith(b">>") or re.search(without, found):
        raise AnotherForm(f"object {number} is not what the seal needs")
    return found


def _number(pattern: bytes | re.Pattern[bytes], text: bytes) -> int:
    found = re.search(pattern, text)
    if not found:
        raise AnotherForm(f"nothing fits {pattern!r}")
    return int(found[1])
