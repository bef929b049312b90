"""The same question gives the same answer, to the byte, in another process with another hash seed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eval.questions import load_questions
from index.build import build_index
from index.tokens import bundled

ROOT = Path(__file__).parent.parent.parent
ASK = """
import json, sys
from pathlib import Path
from index.store import Store
from rag.answer_json import to_json
from rag.assistant import Assistant
assistant = Assistant(Store.open(Path(sys.argv[1])))
for line in sys.stdin:
    answer = to_json(assistant.ask(json.loads(line)))
    answer.pop("seconds"), [step.pop("seconds") for step in answer["trace"]]
    print(json.dumps(answer, sort_keys=True))
"""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("same") / "store"
    build_index([ROOT / "index" / "samples"], folder, None, count_tokens=bundled().count)
    return folder


def answers(store: Path, seed: str) -> str:
    data = ROOT / "eval" / "data"
    names = ("samples-questions", "answers-dev")
    asked = [question.question for name in names for question in load_questions(data / f"{name}.jsonl")][:50]
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(store)],
        input="".join(json.dumps(question) + "\n" for question in asked),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.stdout.count("\n") == len(asked) == 50
    return hashlib.sha256(done.stdout.encode()).hexdigest()


def test_fifty_questions_are_answered_alike_in_two_processes(samples: Path) -> None:
    assert answers(samples, "1") == answers(samples, "2")
