# Two commands from a fresh clone: `make demo` and `make test`. Needs make and Python 3.11 or later, nothing else.

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --quiet --quiet --disable-pip-version-check

# Runs one named step: its last line on success, everything it said on failure.
STEP := sh -c 'name=$$1; shift; if said=$$("$$@" 2>&1); then \
	printf "%-12s %s\n" "$$name" "$$(printf "%s\n" "$$said" | sed "/^$$/d" | tail -n 1)"; \
	else printf "%s\n\n%s: failed\n" "$$said" "$$name" >&2; exit 1; fi' step

.PHONY: demo test bench faults fuzz fmt lock clean
.DEFAULT_GOAL := test

demo: $(VENV)/demo.done
	@$(BIN)/zx demo

test: $(VENV)/test.done
	@$(STEP) "ruff check" $(BIN)/ruff check .
	@$(STEP) "ruff format" $(BIN)/ruff format --check .
	@$(STEP) "mypy" $(BIN)/mypy
	@$(STEP) "imports" $(BIN)/lint-imports --no-logo
	@$(PY) -m pytest --numprocesses auto --dist worksteal

# The fault programme: stories of a simulated world, every end of a push in it, then kills and disk errors at every
# effect of real processes. About an hour on two cores; SEEDS=500 makes it shorter. SEED=17 tells one story again.
faults: $(VENV)/test.done
	@$(PY) -m tests.world
	@if [ -z "$$SEED$$STOP_AT" ]; then ZX_FAULTS=1 $(PY) -m pytest tests/cli/test_struck.py; fi

# The task of bench/ by rules and by other means, side by side; writes docs/performance.md. Some two minutes.
bench: $(VENV)/demo.done
	@$(PY) bench/run.py --write docs/performance.md

# Damaged rule files, 100,000 of them: some 20 minutes. FROM=… begins at another seed.
fuzz: $(VENV)/test.done
	@$(PY) -m tests.language.fuzz 100000 $(FROM)

fmt: $(VENV)/test.done
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

# After a change of dependencies in pyproject.toml: exact versions and hashes for every Python and platform at once.
lock: $(VENV)/test.done
	@$(PIP) install uv
	@$(BIN)/uv $(LOCK) --output-file requirements.lock
	@$(BIN)/uv $(LOCK) --extra dev --output-file requirements-dev.lock
LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--upgrade --group build pyproject.toml

clean:
	@rm -rf $(VENV) .zx reports build dist engine/*.egg-info .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	@find engine grammar rules tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/demo.done: requirements.lock pyproject.toml | $(PY)
	@echo "installing zx into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PY) -m compileall -q engine/zx
	@touch $@

$(VENV)/test.done: requirements-dev.lock pyproject.toml | $(PY)
	@echo "installing zx and its development tools into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PY) -m compileall -q engine/zx
	@touch $@ $(VENV)/demo.done

# The first Python that is new enough; PYTHON=... on the command line comes before all.
$(PY):
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			"$$python" -m venv $(VENV) && exit 0; \
			rm -rf $(VENV); \
			echo "$$python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
		fi; \
	done; \
	echo "zx needs Python 3.11 or later, and none was found. Install it, or say where it is: make demo PYTHON=/path/to/python3" >&2; \
	exit 1
