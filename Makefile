PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CATALOGUES := $(wildcard aoj_survey/translations/*/LC_MESSAGES/*.po)

.PHONY: run demo-reset venv browser test test-k test-tools test-long lint types bench bench-bundle bench-opening lock

run: venv  ## The demonstration: web, worker and mailbox, until Ctrl-C
	@exec $(BIN)/aoj demo serve

demo-reset: venv  ## Throw the demonstration away and start over
	@$(BIN)/aoj demo reset

venv: $(VENV)/run.stamp $(CATALOGUES:.po=.mo)

browser: $(VENV)/test.stamp  ## Find a Chromium for the tests in a real browser, or fetch one
	@$(BIN)/python -m tests.browser.chromium

test: lint types browser $(VENV)/test.stamp $(CATALOGUES:.po=.mo)  ## Everything CI runs
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long"

test-long: browser $(VENV)/test.stamp $(CATALOGUES:.po=.mo)  ## Many kills, large numbers
	$(BIN)/python -m pytest -n auto -m long --timeout=3600

test-k: .venv-k/stamp $(VENV)/test.stamp  ## The k of our data by another program, in an environment of its own
	$(BIN)/python -m pytest tests/datasets/test_independent_k.py

test-tools: .venv-tools/stamp $(VENV)/test.stamp  ## What we hand out, by DuckDB, frictionless, pandas and a validator of OpenAPI
	$(BIN)/python -m pytest tests/exports/test_tools.py

.venv-%/stamp: requirements/%.lock
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp
	$(BIN)/basedpyright

bench: $(VENV)/test.stamp $(CATALOGUES:.po=.mo)
	$(BIN)/python -m bench

bench-mail: $(VENV)/test.stamp $(CATALOGUES:.po=.mo)  ## Ten thousand mails through a mail server on loopback
	$(BIN)/python -m bench.mail

bench-scale: $(VENV)/test.stamp  ## A million invitations on PostgreSQL; takes many minutes
	$(BIN)/python -m bench.scale

bench-opening: $(VENV)/test.stamp  ## A box of 100,000 sealed responses, opened
	$(BIN)/python -m bench.opening

bench-bundle: $(VENV)/test.stamp  ## A million responses to CSV and Parquet: minutes, and 2 GiB of memory
	$(BIN)/python -m bench.bundle

# The environment comes from a lock file with hashes, so everybody runs the same code.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.lock setup.cfg | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/run.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements/test.lock $(VENV)/run.stamp
	$(PIP) install --require-hashes -r requirements/test.lock
	@touch $@

%.mo: %.po | $(VENV)/run.stamp
	$(BIN)/pybabel -q compile --input-file=$< --output-file=$@

UV_COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 --no-annotate
lock: $(VENV)/test.stamp  ## Renew the lock files from setup.cfg
	$(UV_COMPILE) --upgrade setup.cfg requirements/build.in --extra demo --extra export --extra postgres --output-file requirements/run.lock
	$(UV_COMPILE) setup.cfg requirements/build.in --extra demo --extra export --extra postgres --extra test --constraint requirements/run.lock --output-file requirements/test.lock
	$(UV_COMPILE) --upgrade requirements/k.in --output-file requirements/k.lock
	$(UV_COMPILE) --upgrade requirements/tools.in --output-file requirements/tools.lock
