"""Write small PDFs by hand, sound and broken ones."""

import zlib
from collections.abc import Sequence

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf_of_objects(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from 1, of which the first is its catalogue."""
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (size, table, end)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def pdf(pages: Sequence[Sequence[str]], *, title: str | None = None) -> bytes:
    """Return a PDF with these lines on each of its pages, and its title in its metadata where one is given."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    objects = [CATALOGUE, b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages)), FONT]
    for at, lines in enumerate(pages):
        resources = b"/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(b"<< /Type /Page /Parent 2 0 R %b /Contents %d 0 R >>" % (resources, 5 + 2 * at))
        written = b"".join(b"(%b) Tj T*\n" % _literal(line) for line in lines)
        objects.append(stream(b"BT /F1 11 Tf 72 740 Td 14 TL\n" + written + b"ET"))
    if title is None:
        return pdf_of_objects(objects)
    objects.append(b"<< /Title (%b) >>" % _literal(title))
    return pdf_of_objects(objects, trailer=b"/Info %d 0 R" % len(objects))


def bomb(unpacked_bytes: int) -> bytes:
    """Return a PDF of one page whose content unpacks to so much."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    packed = zlib.compress(b"0 " * (unpacked_bytes // 2), 9)
    return pdf_of_objects(
        [CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream(packed, b"/Filter /FlateDecode")]
    )


def many_pages(count: int) -> bytes:
    """Return a PDF that shows one empty page so many times."""
    kids = b"3 0 R " * count
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return pdf_of_objects([CATALOGUE, b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count), page])


def cyclic_pages() -> bytes:
    """Return a PDF whose tree of pages holds itself."""
    return pdf_of_objects([CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def cyclic_table() -> bytes:
    """Return a PDF whose cross-reference table names itself as the one before it, and has no page."""
    sound = pdf_of_objects([CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"])
    return sound.replace(b"trailer << ", b"trailer << /Prev %d " % sound.index(b"xref\n"))


def _literal(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
