"""A page of a PDF as a picture."""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import ReadError
from index.page_image import page_png, png
from index.read.pdf import page_boxes

PDF = Path(__file__).resolve().parents[2] / "index" / "samples" / "opvang-lindelaan.pdf"


def size_of(picture: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture[16:24])
    return int(width), int(height)


def test_a_picture_holds_each_pixel_as_it_was() -> None:
    rgb = bytes(range(24))
    picture = png(4, 2, rgb)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n") and size_of(picture) == (4, 2)
    start = picture.index(b"IDAT") + 4
    rows = zlib.decompress(picture[start : picture.index(b"IEND") - 8])
    assert rows == b"\0" + rgb[:12] + b"\0" + rgb[12:]


def test_a_page_is_drawn_at_the_size_that_is_asked_for_and_has_ink_where_its_words_are() -> None:
    boxes = page_boxes(PDF.read_bytes(), "x.pdf", 1, [(0, 20)])
    width, height = size_of(page_png(PDF, 1, scale=2))
    assert abs(width - 2 * boxes.width) <= 2 and abs(height - 2 * boxes.height) <= 2
    small = page_png(PDF, 1, scale=1)
    width, height = size_of(small)
    start = small.index(b"IDAT") + 4
    rows = zlib.decompress(small[start : small.index(b"IEND") - 8])
    left, bottom, right, top = boxes.boxes[0][0]
    line = [rows[y * (3 * width + 1) + 1 :][: 3 * width] for y in range(int(height - top), int(height - bottom))]
    assert min(min(row[3 * int(left) : 3 * int(right)]) for row in line) < 128


@pytest.mark.parametrize("page", [0, 99])
def test_a_page_that_is_not_there_is_one_sentence(page: int) -> None:
    with pytest.raises(ReadError, match=str(page)):
        page_png(PDF, page)


def test_a_file_that_is_gone_or_no_pdf_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        page_png(tmp_path / "weg.pdf", 1)
    (tmp_path / "kapot.pdf").write_bytes(b"%PDF-1.7 kapot")
    with pytest.raises(ReadError):
        page_png(tmp_path / "kapot.pdf", 1)


def test_pages_drawn_by_many_threads_at_once_are_all_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: page_png(PDF, 1, scale=1), range(24)))) == 1
