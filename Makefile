PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help install run test explore check lint types imports format cover bench quality golden smoke lock clean

help:  ## list what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml .constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .constraints.txt --editable '.[dev]'
	@touch $@

install: $(READY)  ## make the virtual environment with everything in it

run: $(READY)  ## do the main job on the fixtures, with the commands shown
	@$(BIN)/python fixtures/demo/run.py

test: $(READY)  ## run every test but the benchmarks
	$(BIN)/python -m pytest -q -n 2 --ignore tests/bench

check: lint types imports smoke bench  ## lint, types, import contracts, wheel, benchmarks

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

format: $(READY)  ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

explore: $(READY)  ## run the tests of properties on examples that none has seen yet
	$(BIN)/python -m pytest -q -n 2 --ignore tests/bench -m hypothesis --hypothesis-profile=new

cover: $(READY)  ## run the tests with coverage
	$(BIN)/python -m pytest -q -n 2 --ignore tests/bench --cov --cov-report term-missing:skip-covered

bench: $(READY)  ## measure speed, as ratios within one run
	$(BIN)/python -m pytest -q tests/bench -p no:randomly --benchmark-columns=min,median,max

quality: $(READY)  ## measure how letters are read, on the project's own texts
	@$(BIN)/dsr rules quality fixtures/requests/*.toml

golden: $(READY)  ## write the golden files anew, and show what changed
	DSR_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q -n 2 --ignore tests/bench
	git diff --stat tests/golden

smoke: $(READY)  ## install the wheel without its development parts, and use it
	rm -rf build/smoke && $(PYTHON) -m venv build/smoke
	build/smoke/bin/python -m pip install --quiet --disable-pip-version-check --constraint .constraints.txt .
	build/smoke/bin/dsr --version
	build/smoke/bin/dsr law list
	build/smoke/bin/dsr --db build/smoke/office.sqlite3 list

lock: $(READY)  ## write the constraints anew from what is installed
	$(BIN)/python -m pip freeze --exclude-editable --exclude dsr > .constraints.txt

clean:  ## remove what was made
	rm -rf $(VENV) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks
