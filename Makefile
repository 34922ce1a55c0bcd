# podlab: `make lab` opens the course, `make test` runs every test. Both set up what they need in .venv, from nothing but Python and make.

WINDOWS := $(filter Windows_NT,$(OS))
PYTHON ?= $(if $(WINDOWS),python,python3)
VENV := .venv
BIN := $(VENV)/$(if $(WINDOWS),Scripts,bin)
READY := $(VENV)/podlab.stamp
COURSE := $(VENV)/course.stamp
INPUTS := requirements.lock pyproject.toml tools/setup_venv.py $(BIN)/python$(if $(WINDOWS),.exe)
WORKERS ?= auto

.PHONY: help lab test check format notebooks bench conformance mutants lock images clean

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1|/' | column -t -s '|'

$(READY): $(INPUTS)
	@$(PYTHON) tools/setup_venv.py --venv $(VENV)

$(COURSE): $(INPUTS)
	@$(PYTHON) tools/setup_venv.py --venv $(VENV) --course

$(BIN)/python $(BIN)/python.exe: ;

lab: $(COURSE)  ## open the course in JupyterLab, on the mock
	@$(BIN)/podlab lab $(LABFLAGS)

test: check  ## check, then run every test
	@$(BIN)/python -m pytest -n $(WORKERS) $(TESTFLAGS)

check: $(READY)  ## format, lint, types, layers, drift of what is generated
	@$(BIN)/python tools/check.py

format: $(READY)  ## put the code into its form
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

notebooks: $(READY)  ## build the course's notebooks from their sources
	@$(BIN)/python course/build.py

bench: $(READY)  ## measure, and print beside what it is measured against
	@for file in bench/bench_*.py; do $(BIN)/python $$file || exit 1; done

conformance: $(READY)  ## play the recordings and count what agrees; on the mock, or KUBECONFIG=... make conformance
	@$(BIN)/python -m tests.conformance $(if $(KUBECONFIG),--kubeconfig $(KUBECONFIG)) $(PLAYFLAGS)

mutants: $(READY)  ## change every solution in one thing after another: do the checks notice?
	@$(BIN)/python -m tests.exercises.mutation

lock: $(READY)  ## compute requirements.lock anew
	@$(BIN)/python tools/lock.py

images: $(READY)  ## draw the pictures of the documentation anew
	@$(BIN)/python tools/draw_images.py

clean:  ## remove what was made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
