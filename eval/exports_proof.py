"""A report goes in; RAGAS and DeepEval, in an environment of their own, read what was exported and count the same.

The environment is built once in the work folder with pip, outside the project's own: both packages are heavy and send
telemetry, which is switched off here. `python -m eval.soak exports` runs it over the bundled samples.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import replace
from pathlib import Path

from eval.plans import build_samples, samples_plan
from eval.report.export import write_deepeval, write_ragas
from eval.report.values import Report, Section
from eval.whole import Product, evaluate
from index.store import Store
from rag.assistant import Assistant
from rag.verify import RuleJudge

# RAGAS 0.4.3 imports a module that langchain-community left out in 0.4.
PACKAGES = ("ragas==0.4.3", "langchain-community<0.4", "deepeval==4.3.1")
_QUIET = {"RAGAS_DO_NOT_TRACK": "true", "DEEPEVAL_TELEMETRY_OPT_OUT": "YES", "ANONYMIZED_TELEMETRY": "false"}

_READ = """
import json, sys
from ragas import EvaluationDataset, SingleTurnSample
from ragas.metrics import StringPresence
samples = EvaluationDataset.from_jsonl(sys.argv[1]).samples
assert all(isinstance(sample, SingleTurnSample) for sample in samples)
present = sum(StringPresence().single_turn_score(s) for s in samples if s.response and ";" not in s.reference)
from deepeval.dataset import EvaluationDataset as DeepEvalDataset
from deepeval.test_case import LLMTestCase
dataset = DeepEvalDataset()
dataset.add_test_cases_from_json_file(
    sys.argv[2], input_key_name="input", actual_output_key_name="actual_output",
    expected_output_key_name="expected_output", context_key_name="context",
    retrieval_context_key_name="retrieval_context")
cases = dataset.test_cases
assert all(isinstance(case, LLMTestCase) for case in cases)
print(json.dumps({
    "ragas": [[s.user_input, s.response, len(s.retrieved_contexts)] for s in samples],
    "present": present,
    "deepeval": [[c.input, c.actual_output, len(c.retrieval_context)] for c in cases],
}))
"""


def prove_samples(folder: Path) -> list[str]:
    """Evaluate the bundled samples and prove what is exported of that."""
    with tempfile.TemporaryDirectory(prefix="vraagbaak-eval-") as temporary:
        seconds = build_samples(Path(temporary, "store"), None)
        store = Store.open(Path(temporary, "store"))
        with store.snapshot() as snapshot, samples_plan(snapshot, seconds) as plan:
            product = Product(Assistant(store), snapshot, RuleJudge(), {}, 0)
            wanted: frozenset[Section] = frozenset({"grounding", "conversations"})
            report = evaluate(replace(plan, wanted=wanted), product)
    return prove(report, folder)


def prove(report: Report, folder: Path) -> list[str]:
    """Export `report` into `folder`, have both packages read it, and return what they saw in lines for the log.

    Raises `AssertionError` where they read something else than was written, `CalledProcessError` where they fail.
    """
    folder = folder.resolve()  # the proof runs in it
    python = _environment(folder / "environment")
    write_ragas(report, folder / "ragas.jsonl")
    write_deepeval(report, folder / "deepeval.json")
    command = [str(python), "-c", _READ, str(folder / "ragas.jsonl"), str(folder / "deepeval.json")]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **_QUIET}, check=True, stdout=subprocess.PIPE, text=True
    )
    read = json.loads(done.stdout.splitlines()[-1])
    wanted = [[r.question, " ".join(r.sentences), len(r.found)] for r in report.records]
    for name in ("ragas", "deepeval"):
        assert read[name] == wanted, name
    single = [r for r in report.records if r.sentences and len(r.facts) < 2]
    ours = sum(bool(r.facts) and r.facts[0] in " ".join(r.sentences) for r in single)
    assert read["present"] == ours, (read["present"], ours)
    return [
        f"{len(wanted)} questions, exported and read by {PACKAGES[0]} and {PACKAGES[2]}: the same questions, answers "
        f"and numbers of passages. StringPresence of RAGAS finds the fact in {read['present']:.0f} answers with one "
        f"fact, ours in {ours}."
    ]


def _environment(folder: Path) -> Path:
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (folder / "done").exists():
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        subprocess.run(install, check=True)
        (folder / "done").touch()
    return python
