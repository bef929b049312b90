"""Lines of text in, a small PDF out: the writer of the samples, of printed trials and of the pages that tests read."""

from __future__ import annotations

from collections.abc import Sequence

PLAIN, BOLD = "F1", "F2"
# Widths of Helvetica in thousandths of its size (Adobe's published metrics); all other signs are 556 wide.
_NARROW = {222: "ijl’", 278: " ftI!,.:;/", 333: "r()-", 500: "ckvsxyzJ"}
_WIDE = {667: "ABEKPSVXY", 611: "FTZ", 722: "wCDHNRU", 778: "GOQ", 833: "mM", 944: "W"}
_WIDTHS = {sign: width for table in (_NARROW, _WIDE) for width, signs in table.items() for sign in signs}


def width_of(text: str, size: float) -> float:
    """Return how many points wide a text is at this size."""
    return size * sum(_WIDTHS.get(sign, 556) for sign in text) / 1000


def line(x: float, y: float, text: str, size: float, font: str = PLAIN) -> str:
    """Return what draws a line of text at a place in points; `^` stands before a note's mark of one digit."""
    before, *raised = text.split("^")
    shown = f"BT /{font} {size} Tf {x} {y:.1f} Td ({_escaped(before)}) Tj"
    for piece in raised:  # small and raised; the line goes on after it
        shown += f" /{font} 5 Tf 3 Ts ({piece[0]}) Tj /{font} {size} Tf 0 Ts ({_escaped(piece[1:])}) Tj"
    return shown + " ET"


def pdf_file(pages: Sequence[str], size: tuple[int, int], *, rotate: int = 0) -> bytes:
    """Return a PDF of the content streams of pages as wide and high as `size` in points, turned by `rotate` degrees.

    The same pages always give the same bytes. It has fonts only that every reader has.
    """
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    turned = f" /Rotate {rotate}" if rotate else ""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (nl-NL) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {size[0]} {size[1]}]{turned} >>",
        font.format("Helvetica"),
        font.format("Helvetica-Bold"),
    ]
    fonts = f"<< /Font << /{PLAIN} 3 0 R /{BOLD} 4 0 R >> >>"
    for index, page in enumerate(pages):
        objects.append(f"<< /Type /Page /Parent 2 0 R /Resources {fonts} /Contents {6 + 2 * index} 0 R >>")
        objects.append(f"<< /Length {len(page.encode('cp1252'))} >>\nstream\n{page}\nendstream")
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    last = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{last}".encode("cp1252")


def _escaped(text: str) -> str:
    plain = text.encode("cp1252", "ignore").decode("cp1252")
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
