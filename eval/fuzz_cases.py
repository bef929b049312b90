"""Cases for fuzzing: a seed and a number go in, a document made to break reading comes out, always the same one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.fuzz_hostile import HIDDEN, HOSTILE, SECRET

_MILLION = 1_000_000
_LARGEST_SAMPLE = _MILLION

Mutate = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """A document to be read: what it was made of, the end of its name, its bytes, and what may be in no reading."""

    made_of: str
    suffix: str
    data: bytes
    forbidden: tuple[str, ...] = (SECRET,)


def make_case(seed: int, number: int, samples: Sequence[Path]) -> Case:
    """Return case `number` of `seed`: a sample that was changed, a text of our own, or a file that means harm."""
    chance = random.Random(f"{seed}-{number}")
    form = chance.random()
    files = [path for path in samples if path.stat().st_size < _LARGEST_SAMPLE]
    if form < 0.12:
        name = chance.choice(sorted(HOSTILE))
        case = Case(name, *HOSTILE[name](chance))
        steps = chance.sample(sorted(_MUTATIONS), chance.choice((0, 0, 0, 1)))
    elif files and form < 0.6:
        path = chance.choice(files)
        case = Case(path.name, path.suffix, path.read_bytes())
        steps = chance.sample(sorted(_MUTATIONS), chance.randint(1, 3))
    else:
        case = Case("made", ".txt", _made(chance).encode())
        steps = chance.sample(sorted(_MUTATIONS), chance.randint(0, 3))
    data = case.data
    for step in steps:
        data = _MUTATIONS[step](chance, data)
    forbidden = (SECRET,) if steps else (SECRET, HIDDEN)  # of a page whose tags were broken anything may be seen
    return Case(" ".join((case.made_of, *steps)), case.suffix, data, forbidden)


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
# Repeated over and over on one line: what an expression may look back over in vain.
_REPEATED = (
    *(
        "a",
        "woord ",
        "1, ",
        "(",
        "1 ",
        "Vraag 1 ",
        "verwijs naar vraag 1 ",
        "12 345, ",
        "<sup>1</sup>",
        "*",
        ". ",
        "\t",
    ),
    *("Vragen van het lid Maas (BBB) aan de minister van A over ", "Antwoord van minister Maas (A) (ontvangen "),
    *("Op 3 mei jl. hebben de leden Maas (A) vragen gesteld over ", "mede namens de minister van A en van B "),
    *(
        "Kamerstuk 28 638 en 34 193, nr. 1, 2, ",
        "Aanhangsel Handelingen, vergaderjaar 2024–2025, ",
        "a-\n",
        "\n\n",
        "| ",
    ),
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
        heading = chance.choice(("Antwoord {}", "Antwoord {} en {}", "Antwoord op vraag {}:", "Antwoorden {} t/m {}"))
        return heading.format(number, chance.randint(0, 60))
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
    word = chance.choice(_REPEATED).encode()
    at = chance.randint(0, len(data))
    return data[:at] + word * (chance.choice((10_000, 10_000, 100_000, 100_000, _MILLION)) // len(word)) + data[at:]


def _nested(chance: random.Random, data: bytes) -> bytes:
    depth = chance.choice((100, 3_000, 100_000))
    opening, closing = chance.choice(
        ((b"(", b")"), ("«".encode(), "»".encode()), (b"<div>", b"</div>"), (b"> ", b""), (b"[", b"]"), (b"{", b"}"))
    )
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
