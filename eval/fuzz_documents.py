"""Fuzzing of reading: made and mutated documents go in, and reading must end in time, whole or with one clear error.

What holds of each: a `ReadError` or a reading; every passage and its answer is literally its span of the text; each
stretch leads back to the file's own letters; nothing takes longer than a bound that grows with the file's size.
Cases come from a seed, so that a failure can be had again: `run(cases, seed)` names it.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.documents import find_files, read_document
from index.errors import ReadError
from index.places import pack, place_of, unpack
from index.values import Passage, Place, Reading

SECONDS, SECONDS_A_MEGABYTE = 5.0, 20.0  # the stated bound, of processor time
_LONG = 1_000_000

Mutate = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that broke what must hold: its number and what it was made of, and what happened."""

    case: int
    made_of: str
    reason: str


def run(cases: int, seed: int = 1, samples: Sequence[Path] = ()) -> list[Failure]:
    """Read `cases` documents made from `seed`, by our own forms and from files in `samples`; return what failed."""
    files = [path for path in find_files(samples) if path.stat().st_size < _LONG]
    failures: list[Failure] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(cases):
            chance = random.Random(f"{seed}-{number}")
            made_of, suffix, data = _case(chance, files)
            path = Path(folder) / f"geval{suffix}"
            path.write_bytes(data)
            reason = _fault(path, len(data))
            if reason:
                failures.append(Failure(number, made_of, reason))
    return failures


def samples_here() -> list[Path]:
    """Return the real documents beside the project where they are, else the bundled samples."""
    project = Path(__file__).resolve().parent.parent
    real = [project.parent / "shared" / name for name in ("seeds", "documents")]
    return real if all(folder.is_dir() for folder in real) else [project / "index" / "samples"]


def _case(chance: random.Random, files: Sequence[Path]) -> tuple[str, str, bytes]:
    if files and chance.random() < 0.5:
        path = chance.choice(files)
        name, suffix, data = path.name, path.suffix, path.read_bytes()
    else:
        name, suffix, data = "made", ".txt", _made(chance).encode()
    steps = chance.sample(sorted(_MUTATIONS), chance.randint(0 if name == "made" else 1, 3))
    for step in steps:
        data = _MUTATIONS[step](chance, data)
    return f"{name} {' '.join(steps)}", suffix, data


def _fault(path: Path, size: int) -> str:
    """Read a file and return what must not be, or nothing."""
    started = time.process_time()
    try:
        reading = read_document(path, path.name, lambda text: len(text.split()))
    except ReadError as error:
        return "" if path.name in error.say("nl") else "an error that names no file"
    except Exception as error:  # whatever it is, it is what we look for
        return f"{type(error).__name__}: {error}"
    seconds = time.process_time() - started
    if seconds > SECONDS + SECONDS_A_MEGABYTE * size / 1e6:
        return f"{seconds:.1f} s for {size} bytes"
    return _unfaithful(reading)


def _unfaithful(reading: Reading) -> str:
    text = reading.text
    if unpack(pack(reading.places)) != reading.places:
        return "places are not kept whole"
    for passage in reading.passages:
        faults = {
            "is not its span": not passage.text or text[passage.start : passage.end] != passage.text,
            "has an answer that is not its span": not text.startswith(passage.body, passage.body_start),
            "has a note that is not in the text": not all(note in text for note in passage.notes.values()),
            "has a link that is not in the text": any(
                text[link.start : link.end] != link.text for link in passage.links
            ),
            "has an empty place": any(place.start >= place.end for place in _places(reading, passage)),
        }
        for fault in (name for name, there in faults.items() if there):
            return f"{passage.passage} {fault}"
    return ""


def _places(reading: Reading, passage: Passage) -> list[Place]:
    return place_of(reading, passage.start, passage.end)


_WORDS = (
    "Vraag Antwoord Vragen Antwoorden Mededeling Toelichting en t/m op 1 2 3 4, 10 99 1) ?1 [1] <sup>2</sup> - – « » "
    "Kamerstuk 28 638, nr. 213 Aanhangsel Handelingen, vergaderjaar 2024–2025, nr. 528 2024Z00012 zie het antwoord "
    "minister van Financiën (ontvangen 31 februari 2009). de het een bomen verte- woordigd https://voorbeeld.nl/a?b=1 "
    "# ## ** | --- • Geachte voorzitter, Hoogachtend, Tweede Kamer der Staten-Generaal ISSN 0921 - 7398 AH 12"
)
_HEADS = (
    "AH 12\n2024Z00012\nAntwoord van minister Maas (Financiën) (ontvangen 3 mei 2024)\n\n",
    "2024Z00012\n(ingezonden 3 april 2024)\nVragen van het lid Maas (BBB) aan de minister van Financiën over bomen\n\n",
    "Kamervraag 2024Z00012\n\nBomen\n\nIngediend 3 april 2024\nIndiener Maas (BBB)\n",
    "Den Haag, 3 mei 2024\nBetreft Bomen\nGeachte voorzitter,\n\n",
    "# Bomen\n\n",
    "",
)


def _made(chance: random.Random) -> str:
    lines = [_line(chance) for _ in range(chance.randint(1, 80))]
    return chance.choice(_HEADS) + "\n".join(lines)


def _line(chance: random.Random) -> str:
    form = chance.random()
    number = chance.randint(0, 30)
    if form < 0.15:
        return f"Vraag {number}"
    if form < 0.3:
        return chance.choice(
            ("Antwoord {}", "Antwoord {} en {}", "Antwoord op vraag {}:", "Antwoorden {} t/m {}")
        ).format(number, chance.randint(0, 60))
    if form < 0.45:
        return ""
    if form < 0.5:
        return f"{number}{chance.choice(('', '.', ')', 'NOS, 3 mei 2024, '))}"
    return " ".join(chance.choices(_WORDS.split(), k=chance.randint(1, 30))) + chance.choice((".", "?", "", "-"))


def _truncated(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randint(0, len(data))]


def _shuffled(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _doubled(chance: random.Random, data: bytes) -> bytes:
    """Repeat lines, headings above all."""
    lines = data.split(b"\n")
    twice = (line for line in lines for _ in range(2 if line[:2] in (b"Vr", b"An") or chance.random() < 0.1 else 1))
    return b"\n".join(twice)


def _without_line_ends(_: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", b" ")


def _long_line(chance: random.Random, data: bytes) -> bytes:
    word = chance.choice(
        (b"a", b"woord ", b"1, ", b"(", b"Vraag 1 ", b"verwijs naar vraag 1 ", b"12 345, ", b"<sup>1</sup>")
    )
    at = chance.randint(0, len(data))
    return data[:at] + word * (chance.choice((10_000, 100_000, _LONG)) // len(word)) + data[at:]


def _nested(chance: random.Random, data: bytes) -> bytes:
    depth = chance.choice((100, 3_000))
    opening, closing = chance.choice(((b"(", b")"), ("«".encode(), "»".encode()), (b"<div>", b"</div>"), (b"> ", b"")))
    return opening * depth + data + closing * depth


def _flipped(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(changed), chance.randint(1, 60))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _strange(chance: random.Random, data: bytes) -> bytes:
    """Put strange characters between: marks that join, marks of direction, lone surrogates cannot be in UTF-8."""
    signs = ("\u00ad", "\u202e", "\ufeff", "\u2028", "\x00", "e\u0301", "\U0001f333", "\u00a0", "\t", "\r", "\x0c", "ﬁ")
    for _ in range(chance.randint(1, 20)):
        at = chance.randint(0, len(data))
        data = data[:at] + chance.choice(signs).encode() + data[at:]
    return data


def _other_encoding(chance: random.Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(("utf-16", "cp1252", "utf-8-sig", "utf-32")), "replace")


_MUTATIONS: dict[str, Mutate] = {
    "truncated": _truncated,
    "shuffled": _shuffled,
    "doubled": _doubled,
    "without-line-ends": _without_line_ends,
    "long-line": _long_line,
    "nested": _nested,
    "flipped": _flipped,
    "strange": _strange,
    "other-encoding": _other_encoding,
}


def lines_of(failures: Sequence[Failure]) -> Iterator[str]:
    """Return failures for a person, one a line."""
    for failure in failures:
        yield f"case {failure.case} ({failure.made_of}): {failure.reason}"
