# make setup   the environment in .venv, exactly as requirements.lock says
# make demo    fetch the embedded sample, train a small model on it, ask it three questions
# make test    layout, lint, types and tests, but for those marked slow
# make test-all the slow ones, too: a cluster, a wiki in three languages, every kind of fault
# make format  lay the code out as make test wants it
# make extras  what the chat page, exports and other extras need, too
# make soak    every fault again and again, in half an hour: docs/reliability.md says what was lost
# make fuzz    an hour of fuzzing (FUZZ_SECONDS=… for less)
# make audit   ask PyPI for known weaknesses of the pinned packages

SHELL := /bin/sh
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(if $(shell $(name) -c \
	'import sys; sys.version_info >= (3, 11) and print("fits")' 2>/dev/null),$(name))) python3)
BIN := .venv/bin

.PHONY: setup extras demo test test-all format soak fuzz audit clean
.DEFAULT_GOAL := setup

setup: .venv/installed

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("error: AskWiki needs Python 3.11 or newer, and $(PYTHON) is " \
		+ sys.version.split()[0] + "; install one, or name it: make setup PYTHON=/path/to/python3")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@

extras: .venv/extras

.venv/extras: .venv/installed requirements-extras.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock --requirement requirements-extras.lock
	@touch $@

# The run is of these pages and this code; when either has changed, it is made anew, else it goes on where it was.
demo: setup
	$(BIN)/python -m pipeline.fetch --source sample --cache cache/demo
	@made_of="$$(cat cache/demo/pairs.jsonl $$(git -c core.quotePath=false ls-files -- train.py pipeline model 2>/dev/null || find train.py pipeline model -name "*.py") | cksum)"; \
	if [ "$$made_of" != "$$(cat cache/demo/made-of 2>/dev/null)" ]; then rm -rf runs/demo; echo "$$made_of" > cache/demo/made-of; fi
	$(BIN)/python train.py --cache cache/demo --out runs/demo $$([ ! -d runs/demo/checkpoints ] || echo --resume)
	@for question in "Who was Ada Lovelace?" "What is an axolotl?" "tell me about the battle of hastings"; do \
		printf '\n%s\n' "$$question"; $(BIN)/python generate.py --run runs/demo --prompt "$$question" || exit; done
	@printf '\nnext, ask your own:    $(BIN)/python generate.py --run runs/demo --chat\n'
	@printf 'or read real pages:    $(BIN)/python -m pipeline.fetch --n 500 && $(BIN)/python train.py\n'

CHOSEN_TESTS := -m "not slow"
test-all: CHOSEN_TESTS :=
test test-all: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto --dist worksteal $(CHOSEN_TESTS)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Seconds count here as in the world: leave the machine alone meanwhile.
soak: extras
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults.mediawiki
	$(BIN)/python -m tests.faults.day

# The fuzzer is no part of the locks: it has no wheels for every Python that AskWiki runs on.
FUZZ_SECONDS ?= 3600
fuzz: extras
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target build/atheris atheris==3.0.0
	FUZZ_SECONDS=$(FUZZ_SECONDS) PYTHONPATH=build/atheris $(BIN)/python -m tests.fuzz

# Strict: a package that the advisories do not know, or a service out of reach, is no success.
audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	build/audit/bin/pip-audit --strict --no-deps --disable-pip --requirement requirements.lock --requirement requirements-extras.lock

clean:  # all but what was fetched and trained
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
