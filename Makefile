# Two commands: `make run` serves the page over your documents, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860
DATA ?= ../shared/data
# A folder of documents gets an index of its own, named after its absolute path.
DOCS ?= examples/documents
DOCS_PATH := $(abspath $(DOCS))
INDEX ?= $(if $(filter $(abspath examples/documents),$(DOCS_PATH)),.index,.index-$(shell printf %s "$(DOCS_PATH)" | cksum | cut -d' ' -f1))

.PHONY: run setup test soak scale check-documents check-highlights benchmarks alternatives page-benchmark squad calibration screenshots tables constraints

run: setup
	$(BIN)/assistant build "$(DOCS)" --only --index "$(INDEX)" || test $$? -eq 1
	$(BIN)/assistant serve --index "$(INDEX)" --port $(PORT)

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml .ci/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet torch==2.13.0 --constraint .ci/constraints.txt
	$(BIN)/pip install --quiet --editable . --constraint .ci/constraints.txt
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/pip install --quiet --editable ".[test]" --constraint .ci/constraints.txt
	touch $@

test: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 -rs

soak: setup
	PYTHONPATH=. $(BIN)/python benchmarks/soak.py

scale: setup
	$(BIN)/python benchmarks/scale.py --data "$(DATA)"

check-documents: setup
	$(BIN)/python benchmarks/check_documents.py --data "$(DATA)"

check-highlights: setup
	$(BIN)/python benchmarks/check_highlights.py --data "$(DATA)"

benchmarks: setup
	$(BIN)/python benchmarks/retrieval.py --data "$(DATA)"
	$(BIN)/python benchmarks/examples.py
	$(BIN)/python benchmarks/building.py --data "$(DATA)"
	$(BIN)/python benchmarks/change.py
	$(BIN)/python benchmarks/change_plot.py
	$(BIN)/python benchmarks/asking.py --data "$(DATA)"
	$(BIN)/python benchmarks/followups.py --data "$(DATA)" --gains 0 0.02 0.05 0.08 0.12

alternatives: setup
	$(BIN)/python benchmarks/alternatives.py --data "$(DATA)"

page-benchmark: $(VENV)/.tested
	$(BIN)/python benchmarks/page.py --data "$(DATA)"

squad: setup
	$(BIN)/python benchmarks/squad.py --data "$(DATA)"

calibration: setup
	$(BIN)/python benchmarks/calibrate.py --data "$(DATA)"

tables:
	$(BIN)/python benchmarks/tables.py

screenshots: $(VENV)/.tested
	$(BIN)/assistant build examples/documents --index .index
	$(BIN)/python docs/screenshots.py --index .index

constraints:
	rm -rf build/fresh && $(PYTHON) -m venv build/fresh
	build/fresh/bin/pip install --quiet torch==2.13.0
	build/fresh/bin/pip install --quiet --editable ".[test]"
	build/fresh/bin/pip freeze --exclude-editable | sed 's/^torch==2.13.0.*/torch==2.13.0/' > .ci/constraints.txt
