# Every target sets up what it needs: a machine with python3 (3.11 or newer) and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test test-deep lint format compile docs wheel bench constraints clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "docpact needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --upgrade pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $(READY)

demo: $(READY) ## Validate the samples: clean ones clean, broken ones with the page's lines
	@echo '--- answers that keep the contract'
	$(BIN)/docpact validate samples/responses/valid
	@echo
	@echo '--- the XML sample as the page prints it, cut to two roots'
	$(BIN)/docpact validate --fragment samples/responses/printed
	@echo
	@echo '--- answers that break it (exit code 1 is the point)'
	$(BIN)/docpact validate samples/responses/broken; test $$? -eq 1

test: $(READY) ## Run the tests
	$(BIN)/pytest --numprocesses auto --dist loadgroup

test-deep: $(READY) ## Run the tests with ten times the examples
	HYPOTHESIS_PROFILE=deep $(BIN)/pytest --numprocesses auto --dist loadgroup

lint: $(READY) ## Check style, types, the floors, and that schemas/ is what the page compiles to
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/docpact compile samples/pages/GetInstance.md --output schemas --check

format: $(READY) ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix-only

compile: $(READY) ## Compile the page into schemas/
	$(BIN)/docpact compile samples/pages/GetInstance.md --output schemas

docs: $(READY) ## Write the generated parts of the documentation again
	$(BIN)/python tests/docs/generated.py

wheel: $(READY) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --outdir dist

bench: $(READY) ## Measure, beside the peers
	$(BIN)/pip install --quiet --constraint constraints.txt --group bench
	$(BIN)/python tests/benchmarks/startup.py
	$(BIN)/python tests/benchmarks/generate.py

constraints: ## Pin the newest versions that fit
	rm -rf $(VENV)/pins && $(PYTHON) -m venv $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet --upgrade pip
	$(VENV)/pins/bin/pip install --quiet . --group dev --group bench
	$(VENV)/pins/bin/pip list --format freeze --exclude docpact | grep -v '^setuptools==' > constraints.txt
	rm -rf $(VENV)/pins

clean: ## Remove what the targets made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
