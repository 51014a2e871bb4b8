# Skywrite's commands. Each does all its own set-up: `make up` on a fresh machine needs Python 3.11+ and make.
PYTHON ?= python3
PORT   ?= 8080
DATA   ?= ./data
HOST   ?= 127.0.0.1
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := .make
UI     := src/skywrite/_web/ui/index.html
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help up setup ui test check lint types format test-python test-ui bench wheel lock clean

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: setup ## Install what is needed and run Skywrite on http://127.0.0.1:8080 (PORT=, DATA=, HOST= change it)
	@exec $(BIN)/skywrite up --data "$(DATA)" --host "$(HOST)" --port "$(PORT)"

setup: $(STAMPS)/python $(UI) ## Install Skywrite and build its UI into this checkout

test: $(STAMPS)/python $(STAMPS)/dev $(UI) $(STAMPS)/sdks ## Install what the tests need and run them all, lint and types included
	@sh scripts/test-packages.sh
	@$(MAKE) --no-print-directory lint types test-ui test-python

check: lint types ## Lint and types only

lint: $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMPS)/dev
	$(BIN)/mypy

test-ui: $(STAMPS)/ui ## Lint, types and tests of the UI
	cd ui && $(NPM) run --silent check

test-python: $(STAMPS)/dev ## The Python and browser tests (ARGS= goes to pytest)
	$(BIN)/python -m pytest -n 2 --dist loadfile --max-worker-restart 0 $(ARGS)

format: $(STAMPS)/dev $(STAMPS)/ui ## Format the Python and the UI
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .
	cd ui && $(NPM) run --silent format

types-ui: $(STAMPS)/python $(STAMPS)/ui ## Make the UI's types from the management API's description anew
	$(BIN)/python scripts/openapi.py
	cd ui && $(NPM) run --silent types

bench: $(STAMPS)/python $(STAMPS)/dev $(UI) ## Measure, and print a table of figures beside their yardsticks
	@sh scripts/test-packages.sh bench
	$(BIN)/python -m benchmarks $(ARGS)

wheel: $(STAMPS)/python $(STAMPS)/dev $(UI) ## Build dist/skywrite-*.whl with the UI inside
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

lock: $(STAMPS)/dev ## Resolve the locked requirements anew
	sh scripts/lock.sh

clean: ## Remove what was installed and built (not the data)
	rm -rf $(VENV) $(STAMPS) dist ui/node_modules tests/flows/sdks/node_modules src/skywrite/_web

# ---- what is installed when; each stamp is older than what it was made from only when that changed ----

NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
NPM_CI := $(NPM) ci --no-audit --no-fund --loglevel=error

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Skywrite needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/python: requirements.txt pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMPS)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/node: requirements-node.txt | $(BIN)/python
	@mkdir -p $(STAMPS)
	@if node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null && npm --version >/dev/null 2>&1; \
	  then echo "Using Node $$(node --version)."; \
	  else echo "No Node 20+ here: taking it from PyPI."; \
	       $(BIN)/python -m pip install --quiet --require-hashes -r requirements-node.txt; fi
	@touch $@

$(STAMPS)/ui: ui/package-lock.json ui/package.json $(STAMPS)/node
	cd ui && $(NPM_CI)
	@touch $@

$(UI): $(STAMPS)/ui $(shell find ui/src ui/scripts ui/index.html ui/vite.config.ts -type f 2>/dev/null)
	cd ui && $(NPM) run --silent build
	@touch $@

$(STAMPS)/sdks: tests/flows/sdks/package-lock.json $(STAMPS)/node
	cd tests/flows/sdks && $(NPM_CI)
	@touch $@
