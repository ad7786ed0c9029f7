# `make run` shows SIPosyandu on this machine; `make test` proves it. Nothing else is needed to begin.

PYTHON ?= python3
BIN := .venv/bin
CATALOGUES := $(wildcard siposyandu/locale/*/LC_MESSAGES/*.po)

.PHONY: run test machine check bench trials words screenshots clean

run: .venv/run
	@$(BIN)/siposyandu demo .demo

# One core checks while the other waits for the browser to come.
test:
	@$(MAKE) --no-print-directory -j2 machine check
	$(BIN)/pytest -n auto --dist loadfile --durations=25

machine:
	@deploy/browser.sh
	@deploy/trials.sh

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group peers
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench; done

trials: .venv/dev
	@deploy/trials.sh
	SIPOSYANDU_TRIALS=whole $(BIN)/pytest -q -s tests/test_trial_*.py

words: .venv/dev
	$(BIN)/python deploy/words.py

screenshots: .venv/dev
	@deploy/browser.sh
	$(BIN)/python deploy/screenshots.py

clean:
	rm -rf .venv .demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/run: pyproject.toml deploy/build_hook.py $(CATALOGUES)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/dev: .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
