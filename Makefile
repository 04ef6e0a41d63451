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

countries: env ## countries COUNTRIES=KAZ,KGZ | profiles on the site, of all without COUNTRIES=; DASK=tcp://... a cluster
	@$(STUDY) countries "$${COUNTRIES-}" $${DASK:+--cluster "$$DASK"}

clean:    ## clean | delete build/ and site/, the profiles that make countries built too
	@rm -rf build site

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
	@.venv/bin/python -I -X utf8 tests/campaigns/breakdowns.py
	@.venv/bin/python -I -X utf8 tests/campaigns/typed_errors.py

bench:    env ## bench | time the study beside other ways to run its notebooks (hours; ARGS="--rounds 1")
	@.venv/bin/python -X utf8 benchmarks/bench.py $(ARGS)
	@.venv/bin/python -X utf8 benchmarks/page.py

# uv gets a venv of its own. Pins stay unless ARGS=--upgrade (or --upgrade-package NAME).
lock:     env ## lock | write requirements.lock from pyproject.toml (ARGS=--upgrade for newer releases)
	@[ -x build/uv/bin/uv ] || { .venv/bin/python -m venv build/uv && \
	  build/uv/bin/pip install --quiet --disable-pip-version-check uv; }
	@build/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	  --no-header --fork-strategy fewest --python-version 3.11 $(ARGS) \
	  --output-file requirements.lock pyproject.toml

env:
	@command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or \
	newer (Debian: apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) environment.py "$(PYTHON)"

.PHONY: help study test lab country countries clean sync sort why verify data measure campaign bench \
  lock env
