# Two commands matter: `make run` and `make test`. Both set up what is missing first.
.PHONY: help setup run index test test-long test-clients check eval bench clean

PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
# The model comes from a package; nothing is ever fetched from a model hub.
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1

help:
	@echo "make run    set up, build the index, talk to the assistant on a local page"
	@echo "make test   set up and run the tests"
	@echo "make check  format, lint, types, import rules, texts, then the tests"
	@echo "make test-long  what takes minutes: digests through kills, and a thousand at once"
	@echo "make test-clients  against clients that others wrote, in a browser; needs Chromium and Node.js"
	@echo "make eval   how good the answers are     make bench  how fast"

$(READY): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed: install one, or name it with make PYTHON=..." >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
	  { echo "No .venv can be made: install python3-venv (Debian: apt install python3-venv), and run make again" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

setup: $(READY) index

index: $(READY)
	@$(BIN)/outcomes index

run: setup
	@$(BIN)/outcomes serve

# One thread a worker: more would only share the same cores. What measures time runs by itself.
TESTS = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --dist loadgroup --no-loadscope-reorder \
  -m "not alone" && $(BIN)/python -m pytest -q -m alone tests/test_platforms.py

test: setup
	$(TESTS)

# By itself, and one after the other: it measures time, and starts processes of its own.
test-long: setup
	$(BIN)/python -m pytest -q tests/long

# Against programs that others wrote; brings what it needs or says what is missing. WRITE=1 renews
# the README's table of abilities and the pictures.
test-clients: setup
	@$(BIN)/python -m tests.clients.needs
	$(BIN)/python -m pytest -q tests/clients --docs=$(if $(WRITE),write,check)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m knowledge check
	$(TESTS)

eval: setup
	@$(BIN)/outcomes eval

bench: setup
	@$(BIN)/outcomes bench

clean:
	rm -rf .venv var dist
