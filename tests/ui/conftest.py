"""A small desk for the tests of the page: one letter and one answer, and an assistant that quotes them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.store import Store
from index.store.write import Writer
from index.values import Asker, Document, Official, Passage, Reading
from rag.values import Answer, Citation, Sentence, Step, Suggestion
from ui.desk import Desk
from ui.settings import Settings

if TYPE_CHECKING:
    import uvicorn

QUESTION = "Vraag 5\nWanneer is het onderzoek naar de fietsbrug klaar?"
ANSWER = (
    "Antwoord 5\nHet onderzoek naar de fietsbrug is in het najaar van 2024 klaar. "
    "Daarna beslist het college over het vervolg."
)
HEAD = "Antwoord van het college op vragen over de fietsbrug.".ljust(99) + "\n"
NEXT = "Vraag 6\nWie betaalt de fietsbrug?\nAntwoord 6\nDe provincie betaalt de helft van de fietsbrug."


def passage_of(text: str = f"{QUESTION}\n{ANSWER}", start: int = 100, **fields: object) -> Passage:
    """A passage that stands at `start` in its document."""
    values: dict[str, object] = {
        "passage": "doc-1#5",
        "document": "doc-1",
        "label": "vraag 5",
        "text": text,
        "start": start,
        "end": start + len(text),
        "numbers": (5,),
        "question": QUESTION.partition("\n")[2],
        "answer": ANSWER if ANSWER in text else None,
        "answer_start": start + text.index(ANSWER) if ANSWER in text else None,
    }
    return Passage(**(values | fields))  # type: ignore[arg-type]


def document_of(**fields: object) -> Document:
    """An answered question with everything filled in."""
    values: dict[str, object] = {
        "document": "ah-tk-20222023-1751",
        "kind": "answer",
        "title": "Antwoord op vragen over de fietsbrug",
        "source": "brug.txt",
        "number": "1751",
        "date": date(2023, 3, 6),
        "askers": (Asker("een raadslid", "Partij A"),),
        "answered_by": (Official("de wethouder", "Verkeer"),),
        "url": "https://zoek.officielebekendmakingen.nl/ah-tk-20222023-1751.html",
    }
    return Document(**(values | fields))  # type: ignore[arg-type]


def cite(number: int, quote: str, passage: Passage | None = None, document: Document | None = None) -> Citation:
    """A citation of the words `quote` in `passage`."""
    passage = passage or passage_of()
    start = passage.start + passage.text.index(quote)
    return Citation(number, passage, document or document_of(), quote, start, start + len(quote))


def whole_answer(question: str = "Wanneer is het klaar?") -> Answer:
    """A finished answer of two sentences, each with a quote of its own."""
    first = "Het onderzoek naar de fietsbrug is in het najaar van 2024 klaar."
    second = "Daarna beslist het college over het vervolg."
    return Answer(
        id="a1",
        question=question,
        status="answered",
        sentences=(Sentence(first, (1,), "verbatim"), Sentence(second, (2,), "verbatim")),
        citations=(cite(1, first), cite(2, second)),
        model="extractive",
        generation=3,
        seconds=0.042,
        trace=(Step("retrieve", 0.012, "2 passages"), Step("compose", 0.03, "2 sentences")),
    )


class SmallAssistant:
    """Answers every question with the same two sentences, one by one; "niets" finds nothing, "fout" fails."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause

    def stream(self, question: str, *_: object, **__: object) -> Iterator[Answer]:
        """Yield growing answers."""
        if "fout" in question:
            raise RuntimeError("secret detail")
        if "niets" in question:
            near = (Suggestion(passage_of(), document_of()),)
            yield Answer(id="a2", question=question, status="unanswerable", suggestions=near)
            return
        whole = whole_answer(question)
        for count in range(len(whole.sentences) + 1):
            time.sleep(self.pause)
            yield replace(whole, sentences=whole.sentences[:count], citations=whole.citations[:count], trace=())
        yield whole


def small_store(folder: Path) -> Store:
    """A store with the one test document: question 5, which the assistant quotes, and question 6."""
    body = f"{QUESTION}\n{ANSWER}\n"
    start = len(HEAD) + len(body)
    asked, answered = NEXT.index("Wie"), NEXT.index("Antwoord 6")
    after = Passage(
        passage="doc-1#6",
        document="ah-tk-20222023-1751",
        label="vraag 6",
        text=NEXT,
        start=start,
        end=start + len(NEXT),
        numbers=(6,),
        question=NEXT[asked : answered - 1],
        answer=NEXT[answered:],
        answer_start=start + answered,
    )
    store = Store.create(folder)
    with Writer(folder) as writer:
        reading = Reading(document_of(), HEAD + body + NEXT, (passage_of(document="ah-tk-20222023-1751"), after))
        writer.put(reading, "brug.txt")
        writer.commit()
    return store


def small_desk(pause: float = 0.0, **fields: object) -> Desk:
    """A desk over the test document, which `store` holds."""
    values: dict[str, object] = {
        "assistant": SmallAssistant(pause),
        "model_name": "extractive",
        "store_label": "de proefverzameling",
        "has_samples": False,
        "documents": lambda: [document_of()],
        "text": lambda _: "",
    }
    return Desk(**(values | fields))  # type: ignore[arg-type]


@contextmanager
def run(server: uvicorn.Server) -> Iterator[str]:
    """Let a server listen on a free port of this machine, in a thread; give its address, and stop it."""
    from ui.server import listen

    listening = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def run_server() -> Callable[[uvicorn.Server], AbstractContextManager[str]]:
    """Run a server: `with run_server(server) as address`."""
    return run


def served(desk: Desk, settings: Settings | None = None) -> AbstractContextManager[str]:
    """Serve `desk` by the server that `serve` runs."""
    from ui.server import make_server

    return run(make_server(desk, settings or Settings(questions_per_minute=1_000_000)))


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[str]]:
    """Serve a desk: `with serving(desk, settings) as address`."""
    return served


@pytest.fixture
def whole() -> Answer:
    """A finished answer."""
    return whole_answer()


@pytest.fixture(name="cite", scope="session")
def cite_fixture() -> Callable[..., Citation]:
    """Make a citation: `cite(number, quote, passage, document)`."""
    return cite


@pytest.fixture(name="passage_of", scope="session")
def passage_of_fixture() -> Callable[..., Passage]:
    """Make a passage: `passage_of(text, start, **fields)`."""
    return passage_of


@pytest.fixture(name="small_desk", scope="session")
def small_desk_fixture(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Desk]:
    """Make a desk: `small_desk(pause, **fields)`."""
    return partial(small_desk, store=small_store(tmp_path_factory.mktemp("klein") / "opslag"))


@pytest.fixture(name="document_of", scope="session")
def document_of_fixture() -> Callable[..., Document]:
    """Make a document: `document_of(**fields)`."""
    return document_of
