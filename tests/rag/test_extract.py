"""Of the ranked sentences the fewest are given that answer, with the reason that stands beside them."""

from __future__ import annotations

from index.values import Document, Hit, Passage
from rag.evidence import gather
from rag.extract import MOST_WORDS, choose_lines
from rag.need import needs_of
from rag.rank import rank_lines

QUESTION = "Waarom sluit de brug?"
REASON = "De pijlers zijn versleten."


class _NoReferences:
    """A snapshot of which no passage is asked for: the passages of these tests refer to none."""


def _given(*texts: str) -> list[tuple[str, str]]:
    """Return the passage and the words of each sentence that is given for `QUESTION`."""
    hits = [
        Hit(1.0 - n / 10, Passage(f"a#{n}", "a", str(n), text, 0, len(text)), Document("a", "page", "", "a"))
        for n, text in enumerate(texts)
    ]
    need = needs_of(QUESTION)[0]
    sources = gather(_NoReferences(), hits).sources  # type: ignore[arg-type]
    return [(s.passage.passage, s.lines[i].text) for s, i in choose_lines(need, rank_lines(need, sources))]


def test_the_reason_beside_the_best_sentence_is_given_though_it_holds_no_word_of_the_question() -> None:
    assert ("a#0", REASON) in _given(f"De brug sluit omdat dat nodig is. {REASON}")


def test_the_passage_of_the_best_sentence_goes_before_all_others() -> None:
    others = [f"Ook brug {name} sluit omdat brug {name} oud is." for name in "ABCDEFGHIJKLMNOPQRST"]
    assert ("a#0", REASON) in _given(f"De brug sluit omdat de brug oud is. {REASON}", *others)


def test_a_long_passage_is_not_given_whole() -> None:
    filler = " ".join(f"Het werk in straat {n} duurt tot het einde van de maand juni." for n in range(40))
    given = _given(f"De brug sluit omdat dat nodig is. {filler}")
    assert sum(len(text.split()) for _, text in given) <= MOST_WORDS
