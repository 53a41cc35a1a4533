# `make run` serves Restanque with its demo territory; `make test` checks everything.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
PYTHON ?= python3.11
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: help run install test lint fix lock bench clean

help: ## Say what can be done
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.base: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Restanque needs Python 3.11 or later: make PYTHON=python3.12 …"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/base.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/.base ## Serve Restanque on http://127.0.0.1:$(PORT)/ with the demo territory
	@RESTANQUE_DEMO=1 $(BIN)/restanque start --port $(PORT)

install: $(VENV)/.dev ## Build .venv with the development tools (then: .venv/bin/restanque)

test: $(VENV)/.dev ## Check style, types, architecture, behaviour (SQLite and PostgreSQL), journeys
	$(MAKE) lint
	$(BIN)/python -m tests.run

lint: $(VENV)/.dev ## Check style, types, import contracts and migrations; change nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/restanque makemigrations --check --dry-run --verbosity 0

fix: $(VENV)/.dev ## Repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

bench: $(VENV)/.bench ## Measure speed and loss, and print the figures with the machine
	$(BIN)/python -m bench

lock: ## Pin and hash the dependencies (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group build -o requirements/base.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group bench -c requirements/dev.txt -o requirements/bench.txt

clean: ## Remove the virtual environment and the caches (var/, the data, stays)
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
