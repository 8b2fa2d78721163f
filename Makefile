# Everything a checkout needs. `make` alone tells what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export PYTHON ?= $(shell command -v python3.11 || echo python3)
HOST ?= 127.0.0.1
PORT ?= 8000
# The slowest first, so that no worker is left alone with them at the end.
TESTS ?= tests/e2e tests/cli tests/docs tests

VENV := .venv
BIN := $(VENV)/bin
BUILT := undying/web/static/built
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
INSTALL := $(BIN)/python -m pip install --quiet --no-input --require-hashes --no-deps

# A target's help is what follows the two hashes.

.PHONY: help
help:  ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

.PHONY: run
run: setup  ## open the archive at http://127.0.0.1:8000 (HOST= and PORT= change it); Ctrl-C closes it
	@exec $(BIN)/undying serve --demo --host $(HOST) --port $(PORT) --parent $$PPID

run: export UNDYING_HOME ?= $(CURDIR)/data

.PHONY: setup
setup: $(VENV)/.command $(BUILT)/prosemirror.js  ## set up what running needs: virtual environment, packages, fonts

.PHONY: setup-dev
setup-dev: setup $(VENV)/.dev  ## set up what developing needs as well

.PHONY: test
test: setup-dev  ## run all tests (TESTS=tests/web runs some)
	@tools/need chromium java mariadb
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

.PHONY: fast
fast: setup-dev  ## run the tests that need no database
	@$(BIN)/python -m pytest tests/manuscript tests/formats tests/meta -m "not slow"

.PHONY: explore
explore: setup-dev  ## ask the property tests with examples that nobody asked yet (TESTS=tests/formats some of them)
	@tools/need chromium java mariadb
	@$(BIN)/python -m pytest -n 2 --dist loadfile --hypothesis-profile=explore -m hypothesis $(TESTS)

.PHONY: test-postgres
test-postgres: setup-dev  ## run the tests on PostgreSQL: at DATABASE_URL, else on a server of their own
	@tools/need chromium java mariadb
	@tools/with-postgres $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not e2e" $(TESTS)

.PHONY: test-opensearch
test-opensearch: setup-dev  ## run the search tests on OpenSearch: at OPENSEARCH_URL, else on a node of their own
	@tools/with-opensearch $(BIN)/python -m pytest tests/finding -m opensearch

.PHONY: check
check: setup-dev  ## look for faults without running anything: format, lint, layers, types, templates, docs
	@tools/check

.PHONY: format
format: setup-dev  ## put code and templates into the house's format
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/djlint --quiet --reformat undying/web/templates || true

.PHONY: docs
docs: setup-dev  ## write the parts of the docs that are made from the code
	@tools/docs

.PHONY: bench
bench: setup-dev  ## measure against calibre, nh3 and nginx; writes docs/benchmarks.md
	@tools/need calibre nginx wrk mariadb
	@$(BIN)/python -m bench.run

.PHONY: bench-rescue
bench-rescue: setup-dev  ## rescue an archive that never was (SIZE=small, mid or large) and say what that costs
	@tools/need mariadb
	@$(BIN)/python -m bench.rescue $(SIZE)

bench-rescue: SIZE ?= mid

.PHONY: bench-finding
bench-finding: setup-dev  ## find things in an archive that never was (SIZE=100k, 1m or 10m), beside SQLite and PostgreSQL
	@tools/with-postgres $(BIN)/python -m bench.finding $(SIZE)

bench-finding: SIZE ?= 100k

.PHONY: screenshots
screenshots: setup-dev  ## take the README's pictures anew
	@tools/need chromium
	@$(BIN)/python tools/screenshots.py

.PHONY: lock
lock: setup-dev  ## lock the newest packages that pyproject.toml allows
	@tools/lock

.PHONY: clean
clean:  ## delete what setting up made; the archive in data/ stays
	rm -rf $(VENV) node_modules $(BUILT) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache bench/out

$(VENV)/.made:
	@tools/need venv
	@echo "Making the virtual environment …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/.made
	@echo "Installing packages …"
	@$(INSTALL) -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.runtime
	@echo "Installing what developing needs …"
	@$(INSTALL) -r $<
	@touch $@

# The checkout is put on the path instead of being installed: that would need packages which running does not.
$(VENV)/.command: tools/link.py | $(VENV)/.runtime
	@$(BIN)/python tools/link.py
	@touch $@

$(BUILT)/prosemirror.js: package-lock.json tools/build_static.py tools/prosemirror.js tools/front | $(VENV)/.made
	@echo "Fetching fonts, htmx and the editor …"
	@tools/front $(BIN)/python
