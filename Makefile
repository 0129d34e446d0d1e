# Two commands matter: `make run` and `make test`. Both set up what is missing first.
.PHONY: help setup run index test test-long test-clients check eval bench bench-peers clean sbom hashes

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
	@echo "make test-long  what takes minutes: load, kills, faults, generated requests; all of it with WHOLE=1"
	@echo "make test-clients  against clients that others wrote, in a browser; needs Chromium and Node.js"
	@echo "make bench-peers  how fast beside haystack-ai and txtai; brings them into .venv-peers"
	@echo "make eval   how good the answers are     make bench  how fast"
	@echo "make sbom   what is installed, and under which licences"

# Every package is held against the hashes of what its index held when it was locked, but torch,
# whose build differs from machine to machine (docs/decisions/0026). HASHES=0 goes without: where an
# index carries builds of its own, or none for this machine.
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(READY): pyproject.toml requirements.lock requirements.hashes
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed: install one, or name it with make PYTHON=..." >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
	  { echo "No .venv can be made: install python3-venv (Debian: apt install python3-venv), and run make again" >&2; exit 1; }
	$(if $(filter 0,$(HASHES)),,$(PIP) --require-hashes --no-deps --only-binary :all: -r requirements.hashes)
	$(PIP) -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
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

# By itself, and one after the other: it measures time, and starts processes of its own. WHOLE=1 does
# all that the figures in docs/ promise, which takes over an hour; without, a part of it.
test-long: setup
	WHOLE=$(WHOLE) $(BIN)/python -m pytest -q tests/long

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

# Against haystack-ai and txtai, in an environment of its own: some 20 minutes on two cores. torch comes
# first, so that what needs it takes that build.
PEERS := .venv-peers/.ready
$(PEERS): tests/peers/requirements.lock $(READY)
	@.venv-peers/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check $$(grep '^torch==' tests/peers/requirements.lock)
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r tests/peers/requirements.lock
	@touch $(PEERS)

bench-peers: $(READY) $(PEERS)
	@$(BIN)/python -m tests.peers.bench

# What makes lists of packages is none of ours, and lives apart.
TOOLS := .venv/tools
$(TOOLS)/.ready: requirements.tools $(READY)
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@

# All packages that are installed, their versions, licences and what brings them, as CycloneDX.
sbom: $(TOOLS)/.ready
	@mkdir -p dist
	@$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-format JSON --output-file dist/sbom.json $(BIN)/python
	@$(BIN)/python -m tests.licences dist/sbom.json

# After requirements.lock changed: the hashes of every file that the index has of each version.
hashes: $(TOOLS)/.ready
	@{ echo "# The hashes of everything in requirements.lock but torch. Made anew with: make hashes" && \
	  grep -v -e '^torch==' -e '^#' requirements.lock | $(TOOLS)/bin/uv pip compile --quiet --no-deps \
	  --generate-hashes --no-annotate --no-header - ; } > requirements.hashes.new
	@mv requirements.hashes.new requirements.hashes

clean:
	rm -rf .venv .venv-peers var dist
