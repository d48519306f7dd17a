# make lab    opens JupyterLab on a sample story (make lab STORY=path opens yours)
# make test   passes all tests: style, types, unit, notebooks, browser (in two processes; make test WORKERS=4 for more)
# make bench  prints timings; make peers before it installs what they are compared with
# make soak   lets faults strike the worker pool for some minutes (make soak ROUNDS=500 for longer)
# make soak-store   kills, power cuts and damage against the workspace of a story (SCALE=0.1 for a look)
# make soak-telemetry   edits, jobs and faults, and what the metrics file says of them (MINUTES=1 for a short one)
# make soak-languages   random stories in every language: verdicts against a naive walk's (SEED=2 for others, MINUTES=1 for a short one)
# All set everything up first; the second time that takes no network.

PYTHON ?= python3
STORY ?= data/lighthouse.twee
ROUNDS ?= 60
SCALE ?= 1
WORKERS ?= 2
MINUTES ?= 20
SEED ?= 1
# as it was typed, and read by no shell: a file may be called anything
override export STORY := $(value STORY)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location -c constraints.txt
SOURCES := pyproject.toml constraints.txt Makefile $(wildcard gamebook_lab/widgets/*.js gamebook_lab/widgets/*.css \
	gamebook_lab/widgets/*.mjs gamebook_lab/widgets/*.json gamebook_lab/widgets/hatch_build.py gamebook_lab/widgets/shared/*) \
	$(wildcard gamebook_lab/lab/share/* gamebook_lab/lab/share/*/* gamebook_lab/lab/share/*/*/*)

.PHONY: lab test lint unit browser bench peers soak soak-store soak-telemetry soak-languages chromium clean
.DELETE_ON_ERROR:

lab: $(VENV)/.lab
	@$(BIN)/gamebook lab -- "$$STORY"

test: lint unit

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(VENV)/.test chromium
	$(BIN)/python -m pytest -n $(WORKERS)

browser: $(VENV)/.test chromium
	$(BIN)/python -m pytest tests/browser

# What benchmarks compare with: libraries from PyPI, inkjs from npm, Debian's SPIN. Each that is missing is left out with a reason.
peers: $(VENV)/.test
	@for peer in graphillion igraph networkx rustworkx stormpy; do $(PIP) $$peer || echo "$$peer is left out"; done
	-@npm install --silent --no-audit --no-fund --prefix $(VENV)/peers inkjs@2.4.0
	-@command -v spin >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends spin gcc >/dev/null; }

bench: $(VENV)/.test chromium
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("GameBook Lab needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "Installing Debian's python3-venv"; apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; \
	  $(PYTHON) -m venv $(VENV); }
	@$(PIP) pip

# Compiled once and kept beside the source: the lab, the tests and their workers all find it there.
define compile
	@echo "Compiling what explores stories (once)"
	@$(BIN)/python -m compileall -q -x node_modules gamebook_lab
	@$(BIN)/gamebook explore data/small/loop.twee >/dev/null
	@$(BIN)/gamebook paths data/small/gated.twee --max-choices 4 --sample 1 >/dev/null
	@$(BIN)/gamebook paths data/small/gated.twee --simple --number 0 >/dev/null
endef

$(VENV)/.lab: $(VENV)/bin/python $(SOURCES)
	@echo "Installing GameBook Lab into $(VENV) (some minutes the first time)"
	@$(PIP) --build-constraint constraints.txt -e .
	$(compile)
	@touch $@

# all in one go: installing the lab first would build its scripts twice
$(VENV)/.test: $(VENV)/bin/python $(SOURCES)
	@echo "Installing GameBook Lab and the test tools into $(VENV)"
	@$(PIP) --build-constraint constraints.txt -e '.[test]'
	$(compile)
	@touch $(VENV)/.lab $@

soak: $(VENV)/.test
	$(BIN)/python -m tests.parallel.soak --rounds $(ROUNDS)

soak-store: $(VENV)/.test
	$(BIN)/python -m tests.store.soak --scale $(SCALE)

soak-telemetry: $(VENV)/.test
	$(BIN)/python -m tests.telemetry.soak --minutes $(MINUTES)

soak-languages: $(VENV)/.test
	$(BIN)/python -m tests.engine.soak --minutes $(MINUTES) --seed $(SEED)

# Browser tests need a Chromium; where there is none and apt can be used, Debian's is installed.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    echo "Installing Debian's Chromium"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	  else echo "No Chromium found: the browser tests will be skipped"; fi; }

clean:
	rm -rf $(VENV) build dist gamebook_lab/widgets/node_modules gamebook_lab/widgets/static .mypy_cache .ruff_cache .pytest_cache .hypothesis
