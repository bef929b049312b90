# The handful of things one does with the project. `make chat` and `make test` set up all they need.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary

.PHONY: setup chat test lint gate bench soak clean

setup: $(VENV)/.installed

chat: setup
	$(BIN)/vraagbaak demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

gate: $(VENV)/.installed-dev
	$(BIN)/vraagbaak eval gate

bench: $(VENV)/.installed-dev
	$(BIN)/vraagbaak eval performance
	$(BIN)/python -m eval.change_cost
	$(BIN)/python -m eval.by_hand
	$(BIN)/python -m eval.growth 10000 100000

soak: $(VENV)/.installed-dev
	$(BIN)/python -m eval.soak

clean:
	rm -rf $(VENV) build dist

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) --constraint constraints.txt --editable '.[dev]'
	touch $@
