"""Stores of several sizes are built, asked and changed, and a picture is drawn of what that took."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

from eval.curves import Curve, draw
from eval.growth import BARS, curves, limits, measure, table

SVG = "{http://www.w3.org/2000/svg}"


def test_every_promise_is_measured_once_and_kept(tmp_path: Path) -> None:
    figures = measure(60, tmp_path)
    assert set(BARS) <= figures.keys()
    assert all(figures[name] > 0 for name in BARS)
    assert figures["passages"] == 60
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8")) == figures
    assert measure(60, tmp_path)["build"] == figures["build"]
    found = {60: figures, 600: {name: 2 * value for name, value in figures.items()}}
    lines = table(found)
    assert any(line.startswith("| search p95 |") and line.endswith("| 60 ms |") for line in lines)
    drawn = curves(found, limits(600, figures["store size"], tmp_path))
    assert {curve.name for curve in drawn} == set(BARS)
    assert all(len(curve.points) == 2 and curve.limit for curve in drawn)


def test_higher_values_stand_higher_and_the_bar_is_drawn() -> None:
    picture = draw(
        [Curve("zoeken", "ms", [(10, 1.0), (100, 10.0), (1000, 100.0)], 50.0, "1 < 2 & 3"), Curve("leeg", "s", [])]
    )
    root = ElementTree.fromstring(picture)
    line = next(root.iter(f"{SVG}polyline"))
    places = [tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert {"zoeken (ms)", "50", "1 < 2 & 3", "leeg (s)", "1,000"} <= set(words)
