# Needs python3 (3.11 or newer, with venv) and make; everything else goes into .venv.
PYTHON = python3
STUDY  = .venv/bin/python -I -X utf8 -m digital_diplomacy

help:     ## help | this list
	@awk -F '## | [|] ' '/^# For /{print "\n" substr($$0, 3) ":"} \
	  /^[a-z]+:.*## /{printf "  make %-31s %s\n", $$2, $$3}' Makefile

# For a reader

study:    env ## study | run the notebooks; write figures/, paper/ and site/
	@$(STUDY) study

test:     env ## test | check code, tables and notebooks, some minutes (ARGS= goes to pytest)
	@$(STUDY) test $(ARGS)

lab:      env ## lab | open the notebooks in JupyterLab
	@$(STUDY) lab $(ARGS)

country:  env ## country COUNTRY=KGZ YEAR=2024 | a country's profile, HTML and PDF, in build/country/
	@$(STUDY) country "$${COUNTRY-}" $${YEAR+"$$YEAR"}

# For a reviser

sync:     env ## sync | write this run's numbers into the prose of the notebooks
	@$(STUDY) sync

sort:     env ## sort | put the rows of the tables in the order of their keys
	@$(STUDY) sort

why:      env ## why | say which steps make study would run, and why
	@$(STUDY) why

verify:   env ## verify | build everything in a clean folder and compare it with paper/manifest.sha256
	@$(STUDY) verify

# For a maintainer

data:     env ## data RAW=folder | make the tables of data/ again from the raw files
	@$(STUDY) data "$${RAW-}"

measure:  env ## measure | count pages, figures, tables, words and long sentences, as printed last
	@$(STUDY) measure

campaign: env ## campaign | slow tests, comparison with the first edition, paper/results/ anew (half an hour)
	@$(STUDY) study
	@$(STUDY) test -m slow
	@.venv/bin/python -I -X utf8 tests/campaigns/same_results.py
	@.venv/bin/python -I -X utf8 tests/campaigns/validation.py
	@.venv/bin/python -I -X utf8 tests/campaigns/power.py
	@.venv/bin/python -I -X utf8 tests/campaigns/typed_errors.py

# uv gets a venv of its own. Pins stay unless ARGS=--upgrade (or --upgrade-package NAME).
lock:     env ## lock | write requirements.lock from pyproject.toml (ARGS=--upgrade for newer releases)
	@[ -x build/uv/bin/uv ] || { .venv/bin/python -m venv build/uv && \
	  build/uv/bin/pip install --quiet --disable-pip-version-check uv; }
	@build/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	  --no-header --fork-strategy fewest --python-version 3.11 $(ARGS) \
	  --output-file requirements.lock pyproject.toml

# The environment is ready when .venv holds two stamps, each written last: one named after the
# lock, the Python and this folder (a moved .venv is broken), one after pyproject.toml.
# Wheels only: a source build would fail late and obscurely on a machine without compilers.
# While pip works, its last line is shown: moving on a terminal, every 30 s in a log.
env:
	@stop() { echo "$$*" >&2; exit 1; }; \
	version=$$($(PYTHON) -VV 2>&1) || \
	  stop "There is no $(PYTHON)." "Install Python 3.11 or newer (Debian: apt install python3 python3-venv)."; \
	ready=.venv/.lock-$$({ cat requirements.lock; echo "$$version"; pwd; } | cksum | tr ' ' -); \
	package=.venv/.package-$$(cksum < pyproject.toml | tr ' ' -); \
	if [ -e "$$ready" ] && [ -e "$$package" ] && [ -x .venv/bin/python ]; then exit 0; fi; \
	mkdir -p build; \
	if ! [ -e "$$ready" ] || ! [ -x .venv/bin/python ]; then \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    stop "$(PYTHON) is $${version%%(*}: too old." "Install Python 3.11 or newer, or name it: make PYTHON=python3.12 study"; \
	  base=$$($(PYTHON) -c 'import sys; print(getattr(sys, "_base_executable", "") or sys.executable)'); \
	  "$$base" -c 'import venv, ensurepip' 2> /dev/null || \
	    stop "$(PYTHON) cannot make a virtual environment: its module venv or ensurepip is missing." "Mend: apt install python3-venv (Debian, Ubuntu), then make again."; \
	  echo "Making .venv from requirements.lock: once, a minute or more."; \
	  rm -rf .venv; "$$base" -m venv .venv || stop "Mend: read the lines above, then make again."; \
	  : > build/pip.log; \
	  ( s=0; while sleep 1 && kill -0 $$$$ 2> /dev/null; do s=$$((s + 1)); \
	    line="$$s s  $$(tail -n 1 build/pip.log | cut -c 1-66)"; \
	    if [ -t 1 ]; then printf '\r\033[K%s' "$$line"; \
	    elif [ $$((s % 30)) -eq 0 ]; then echo "$$line"; fi; done ) & life=$$!; \
	  still() { kill $$life 2> /dev/null; [ -t 1 ] && printf '\r\033[K'; true; }; \
	  PIP_USER=0 .venv/bin/python -I -m pip install --disable-pip-version-check --no-compile \
	    --only-binary :all: --require-hashes -r requirements.lock > build/pip.log 2>&1 || { still; \
	    grep '^ERROR' build/pip.log | tail -n 2 >&2; \
	    if grep -qE 'connection broken|Connection(Error|Pool)|Failed to establish|name resolution|Timeout' build/pip.log; then \
	      stop "The package index cannot be reached." "Check the network (or the proxy, or pip config), then make again."; \
	    elif grep -q 'No matching distribution' build/pip.log; then \
	      stop "requirements.lock has no wheel for this Python ($${version%%\(*})." "Use another one, such as make PYTHON=python3.12 study"; \
	    else stop "Mend: read build/pip.log, then make again."; fi; }; \
	  still; : > "$$ready"; \
	fi; \
	PIP_USER=0 .venv/bin/python -I -m pip install --disable-pip-version-check --quiet \
	  --no-deps --no-build-isolation -e . > build/pip-own.log 2>&1 || { \
	  tail -n 3 build/pip-own.log >&2; stop "Mend: read build/pip-own.log, then make again."; }; \
	if [ -e .git ] && command -v git > /dev/null; then \
	  git config filter.nbstripout.clean '.venv/bin/python -m nbstripout --keep-id --extra-keys "metadata.language_info metadata.papermill cell.metadata.papermill cell.metadata.execution cell.metadata.jupyter"'; \
	  git config filter.nbstripout.smudge cat; git config filter.nbstripout.required true; \
	fi; \
	rm -f .venv/.package-*; : > "$$package"

.PHONY: help study test lab country sync sort why verify data measure campaign lock env
