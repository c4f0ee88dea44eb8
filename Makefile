# Every recipe works in the checkout's own virtual environment; `make setup` fills it, and the others call that first.
# Paths below are relative, so the checkout may live in a folder with spaces in its name.

SHELL := /bin/bash
# nbgrader calls `alembic`, and Jupyter its kernels, by name: the environment's programs come first.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# One BLAS thread a process: two workers with two threads each are slower than one.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

# Three workers for two cores: many tests wait, for a kernel to start or for a limit of time to be over. A file stays with
# one worker, which makes its class, its server or its line of kernels once; the longest files begin (tests/conftest.py).
JOBS ?= 3
PYTEST := .venv/bin/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
LOCK = .venv/bin/uv pip compile pyproject.toml --universal --fork-strategy fewest --python-version 3.11 $(UPGRADE) \
	--no-emit-index-url --annotation-style line --custom-compile-command "make lock" --quiet

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests docs demo test test-long speed lint format wheel lock solved outputs picture clean

help:  ## list what make can do here
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## */\1|/' | while IFS='|' read -r name what; do \
		printf '  make %-12s %s\n' "$$name" "$$what"; done

setup: .venv/.ready  ## make the virtual environment .venv, and install bubblewrap where that is possible

.venv/.ready: requirements.txt pyproject.toml tools/setup.sh tools/install.sh tools/system_packages.sh
	@tools/setup.sh
	@touch .venv/.ready

setup-tests: .venv/.ready-tests  ## also install what only tests need: a browser, and optax to compare with

.venv/.ready-tests: .venv/.ready requirements-oracle.txt
	@tools/system_packages.sh --tests
	@tools/install.sh -r requirements-oracle.txt
	@touch .venv/.ready-tests

demo: setup  ## release homework 1, grade a class of 24, write feedback and a report; prints where to look
	@.venv/bin/grader demo

test: setup-tests  ## run the tests (twenty-five to thirty-five minutes on 2 cores)
	@$(PYTEST) -m "not long"

test-long: setup-tests  ## run the tests that take minutes each (forty to sixty on 2 cores)
	@$(PYTEST) -m long; status=$$?; \
	if [ $$status -eq 5 ]; then echo "no long tests yet"; status=0; fi; exit $$status

speed: setup  ## measure what a person waits for, beside the recorded figures (two minutes)
	@.venv/bin/python -m benchmarks.quick

lint: setup  ## check style and types
	@.venv/bin/ruff check && .venv/bin/ruff format --check
	@.venv/bin/mypy

format: setup  ## put the code into the project's style
	@.venv/bin/ruff check --fix && .venv/bin/ruff format

wheel: setup  ## build the package a student's notebook installs, into dist/
	@.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . && ls dist

lock: setup  ## bring requirements*.txt up to date with pyproject.toml; `make lock UPGRADE=--upgrade` takes new versions
	@$(LOCK) --extra instructor --extra scale --extra dev --extra docs -o requirements.txt
	@$(LOCK) --extra oracle -c requirements.txt -o requirements-oracle.txt

solved: setup  ## build the solved notebooks into build/solved
	@.venv/bin/python -m tools.solved

outputs: setup  ## record the public cases of checks; run the solved notebooks and store what they print
	@.venv/bin/python -m tools.records
	@.venv/bin/python -m tools.solved --record

picture: setup-tests  ## take the pictures of the report and of Formgrader anew, after `make demo`
	@.venv/bin/python -m tools.picture
	@.venv/bin/python -m tools.formgrader

docs: setup  ## build the documentation as a site into build/docs/site, and check its links
	@.venv/bin/python -m tools.site

clean:  ## remove what was built here, and the caches; keeps .venv
	@rm -rf build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name .venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -print0 | xargs -0 rm -rf
