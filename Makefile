# make demo   the whole graph on an embedded data set: no network beyond the installation
# make study  the full study of config.yaml, then its report
# make test   lint and all tests but those on a cluster (make help)
# make help   the other targets

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Without --no-compile, pip would spend half of its time on byte code of modules that are never imported.
LOCKED := pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r
# The finished study that resources, publish, converges, verify, archive and screenshots are about.
STUDY  ?= paper
CORES  ?= $(shell nproc 2>/dev/null || echo 2)
# Trainings at once on GPUs: one for each that is visible. Without a GPU they ask for none, and the cores decide.
GPUS   ?= $(shell PYTHONPATH=workflow $(PYTHON) -m aestudy gpus --count)
# The library of this checkout, even where its environment is shared with others.
AESTUDY := PYTHONPATH=workflow $(BIN)/python -m aestudy
# One line of progress and what matters; plain `snakemake` shows all (workflow/snakemake_logger_plugin_aestudy).
RUN    := PYTHONPATH=workflow $(BIN)/snakemake --logger aestudy --cores $(CORES) --resources gpu=$(GPUS)
# $(call STUDY_AND_REPORT,name,file of its configuration): a study, its report and its verdicts.
define STUDY_AND_REPORT
@$(AESTUDY) check-config config.yaml $(2)
$(RUN) $(if $(2),--configfile $(2)) --report results/$(1)/report.html --report-after-run
@$(AESTUDY) verdicts $(1)
endef
# A target that bears the name of a file in workflow/studies; a study's own name has no hyphen.
NAMED_STUDY = $(call STUDY_AND_REPORT,$(subst -,_,$@),workflow/studies/$@.yaml)

# Many images forbid Python to keep byte code; every job would then compile torch and the other libraries anew.
export PYTHONDONTWRITEBYTECODE :=

# The first that there is of the environment's Python and the machine's: gpu-check needs torch and numpy alone, and runs
# where nothing of this project is installed.
ANY_PYTHON = $(firstword $(wildcard $(BIN)/python) $(PYTHON))

.PHONY: demo quick study former readings convergence variance precision beyond keras-example converges gpu-check findings test unit browser \
	browser-setup test-slurm test-slurm-faults test-slurm-scale soak verify lint format bench plan-times docs lock \
	schemas resources publish archive unarchive screenshots clean help

demo: $(VENV)/installed ## the whole graph on embedded digits: minutes on 2 cores
	$(NAMED_STUDY)

quick: $(VENV)/installed ## a small study on the real MNIST
	$(NAMED_STUDY)

study: $(VENV)/installed ## the full study of config.yaml, then its report
	$(call STUDY_AND_REPORT,paper)

former: $(VENV)/installed ## both reports under the reading that the project began with, then the report
	$(NAMED_STUDY)

readings: $(VENV)/installed ## what did they do? every joint reading of the reports, then the report
	$(NAMED_STUDY)

variance: $(VENV)/installed ## what makes replicates differ, then the report
	$(NAMED_STUDY)

convergence: $(VENV)/installed ## both depths of report dense, 5 to 70 epochs, then the report
	$(NAMED_STUDY)

beyond: $(VENV)/installed ## colour, other noises and networks: the extension, then its report
	$(NAMED_STUDY)

keras-example: $(VENV)/installed ## Keras's example of a convolutional autoencoder on MNIST, then its report
	$(NAMED_STUDY)

precision: $(VENV)/installed ## fp32 beside bf16, then the report
	$(NAMED_STUDY)

findings: $(VENV)/installed ## what these studies found, from their tables into docs/findings.md
	$(AESTUDY) findings

# One more than there are cores: tests often wait for processes that they have started.
AT_ONCE = --numprocesses $(shell expr $(CORES) + 1) --maxprocesses 8 --dist worksteal
# On all cores at once; then, alone, those that measure how long something takes.
test: lint ## lint and all tests but those on a cluster, which stand below
	$(BIN)/python -m pytest $(AT_ONCE) -m "not soak and not timed"
	$(BIN)/python -m pytest tests/browser -m timed

# Other moments and inputs each time, unless SEED is given.
soak: SEED := $(or $(SEED),$(shell date +%s))
soak: $(VENV)/installed ## kill the demo 31 times; 10,000 random inputs for every reader; more seeds
	@echo "make soak SEED=$(SEED)"
	AE_FUZZ_INPUTS=10000 AE_SEED=$(SEED) $(BIN)/python -m pytest $(AT_ONCE) --hypothesis-seed=$(SEED) -m "soak or fuzz"

test-slurm: $(VENV)/slurm ## the demo through a throw-away Slurm of two nodes: needs root on Debian
	$(BIN)/python -m pytest tests/slurm/test_demo.py

test-slurm-faults: $(VENV)/slurm ## killed jobs, lost nodes, too little memory and time on that Slurm
	$(BIN)/python -m pytest tests/slurm/test_faults.py

test-slurm-scale: $(VENV)/slurm ## 300 trainings on that Slurm
	$(BIN)/python -m pytest -s tests/slurm/test_scale.py

unit: $(VENV)/installed ## fast tests alone
	$(BIN)/python -m pytest tests/unit

browser: $(VENV)/installed ## the report and its pages in a headless browser
	$(BIN)/python -m pytest tests/browser

browser-setup: ## what these tests need, where it is missing: Chromium (apt-get) and axe-core (npm)
	tests/browser/setup.sh

plan-times: $(VENV)/installed ## seconds and memory of dry runs of 100 to 20,000 runs
	$(BIN)/python tests/scale/planning.py

lint: $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check --line-length 120 Snakefile workflow/rules
	$(BIN)/snakemake --lint
	$(BIN)/snakemake --lint --configfile workflow/studies/demo.yaml
	$(BIN)/snakemake --lint --configfile workflow/studies/readings.yaml

format: $(VENV)/installed ## bring the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/snakefmt --line-length 120 Snakefile workflow/rules

schemas: $(VENV)/installed ## JSON schemas from the typed models
	$(AESTUDY) schemas

docs: $(VENV)/installed ## the parts of docs/ that follow from the code: configuration reference, graph of the rules
	$(AESTUDY) documentation

# The lock pins every package with its hashes. uv installs it in less time where it is present.
$(VENV)/installed: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	if command -v uv >/dev/null; then \
		VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes -r requirements.lock; \
	else \
		$(BIN)/$(LOCKED) requirements.lock; \
	fi
	# The library of this checkout, for `python -m aestudy`.
	$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "aestudy.pth").write_text(str(pathlib.Path("workflow").resolve()))'
	touch $@

# Keras has an environment of its own: TensorFlow and torch need different versions of the same packages.
.venv-keras/installed: tests/bench/requirements-keras.lock
	$(PYTHON) -m venv .venv-keras
	.venv-keras/bin/$(LOCKED) $<
	touch $@

bench: $(VENV)/installed .venv-keras/installed ## speed beside a DataLoader loop, Keras and the limit of the machine
	$(BIN)/python tests/bench/bench.py --keras .venv-keras/bin/python

# What a cluster profile needs beside, at the versions that the project's own lock has.
$(VENV)/slurm: profiles/slurm/requirements.lock $(VENV)/installed
	$(BIN)/$(LOCKED) profiles/slurm/requirements.lock
	touch $@

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: ## requirements.lock from requirements.in, and the other locks (needs uv)
	$(LOCK) --fork-strategy fewest requirements.in -o requirements.lock
	$(LOCK) --fork-strategy fewest -c requirements.lock profiles/slurm/requirements.in -o profiles/slurm/requirements.lock
	$(LOCK) tests/bench/requirements-keras.in -o tests/bench/requirements-keras.lock

resources: $(VENV)/installed ## memory, time and batch sizes to ask a cluster for, from a finished study
	@$(AESTUDY) cluster-resources $(STUDY)

publish: $(VENV)/installed ## tables, figures and verdicts of a finished study into docs/results and README
	$(AESTUDY) publish $(STUDY)

converges: $(VENV)/installed ## compare the loss curves of a finished study with its reference
	@$(AESTUDY) converges $(STUDY)

gpu-check: ## training on the GPU of this machine: is it right, and how fast (needs torch and numpy alone)
	PYTHONPATH=workflow $(ANY_PYTHON) -m aestudy gpu-check

archive: $(VENV)/installed ## a finished study as one file that others can check and rebuild the report from
	$(AESTUDY) archive $(STUDY)

unarchive: $(VENV)/installed ## FILE=...: tables, figures and report from such a file, without training
	$(AESTUDY) unarchive $(or $(FILE),$(error name the archive: make unarchive FILE=paper.crate.zip))

screenshots: $(VENV)/installed ## pictures of a finished study's report and playground for the README (needs Chromium)
	$(AESTUDY) screenshots $(STUDY)

verify: $(VENV)/installed ## compare the files of a finished study with its checksums
	@$(AESTUDY) verify $(STUDY)

clean: ## remove results, downloads and the environment
	rm -rf results resources .snakemake $(VENV) .venv-keras

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20
