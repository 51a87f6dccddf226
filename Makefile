# Every verb sets up what it needs: a virtual environment, a MicroPython, the stubs.
PYTHON ?= python3
BIN := .venv/bin
STUBS := .stubs/.ready
KEPT := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/backstep
PYTEST := $(BIN)/python -m pytest --dist worksteal
unexport PYTHONDONTWRITEBYTECODE  # pytest compiles every test anew without what it keeps: 8 s a worker

.PHONY: help run quick test lint check bench soak heap flash boards micropython clean clean-all

help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: .venv/.ready micropython  ## two virtual pods walk uphill backward, with sways
	@$(BIN)/backstep sim

quick: .venv/.dev-ready        ## the tests that start no MicroPython: while working
	HYPOTHESIS_PROFILE=quick BACKSTEP_LINES=5000 $(PYTEST) -n 2 -m 'not vm and not recordings and not slow'

test: .venv/.dev-ready micropython ## every test
	$(PYTEST) -n 3  # on two cores: some wait for a browser or a child

lint: .venv/.dev-ready $(STUBS)    ## ruff, and types: the firmware's on MicroPython's stubs
	$(BIN)/ruff check .
	$(BIN)/mypy
	MYPYPATH=.stubs $(BIN)/mypy --config-file= --custom-typeshed-dir .stubs --check-untyped-defs \
	    --cache-dir .mypy_cache/firmware firmware/backstep firmware/main.py

check: lint test boards        ## lint, test and the board files

bench: .venv/.dev-ready micropython ## speed and memory on the 32-bit MicroPython, and what the radio costs, as tables
	$(BIN)/backstep bench --beside tests/madgwick.py
	$(BIN)/python -m host_tools.bench.bench_radio

soak: .venv/.dev-ready micropython ## hours: a day of wear, a million wrong lines, everybody recorded, properties on many examples, a stranger at the radio
	BACKSTEP_LINES=1000000 $(BIN)/python -m pytest -s tests/app/desk/test_console_garbage.py
	BACKSTEP_PEOPLE=all $(BIN)/python -m pytest tests/host_tools/evaluate
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest tests/core tests/gait
	BACKSTEP_FUZZ=100000 $(BIN)/python -m pytest -s tests/radio/test_fuzz.py tests/radio/test_crew_attacked.py
	cd tests && ../$(BIN)/python -m soak.day wrist 24
	cd tests && ../$(BIN)/python -m soak.day wrist 24 phone

heap: .venv/.ready micropython ## what each module costs of the pod's heap
	$(BIN)/python -m host_tools.bench.heap_report

boards: .venv/.ready           ## check the board files
	$(BIN)/backstep boards check

micropython: .venv/.ready      ## find or build the MicroPython of the virtual pod
	@$(BIN)/backstep micropython

flash: .venv/.ready            ## MicroPython and firmware onto a chip: BOARD=...
	$(if $(BOARD),,$(error want make flash BOARD=name [IMAGE=file] [PORT=port]))
	$(BIN)/backstep flash $(BOARD) $(if $(IMAGE),--image $(IMAGE)) $(if $(PORT),--port $(PORT))

clean:                         ## remove what make made here
	rm -rf .venv .stubs build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@echo "the MicroPython of the virtual pod stays in $(KEPT); make clean-all removes it too"

clean-all: clean               ## and what every checkout shares: MicroPython, made firmware, compiled detectors
	rm -rf "$(KEPT)"/micropython-* "$(KEPT)"/detector-* "$(KEPT)/firmware"

.venv/.ready: pyproject.toml host_tools/make_venv.py
	@$(PYTHON) host_tools/make_venv.py .venv
	@touch $@

.venv/.dev-ready: .venv/.ready
	@$(PYTHON) host_tools/make_venv.py .venv dev
	@touch $@

$(STUBS): pyproject.toml .venv/.ready
	rm -rf .stubs
	$(BIN)/pip install --quiet --target .stubs 'micropython-esp32-stubs~=1.29.0'
	@touch $@
