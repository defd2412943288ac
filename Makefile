# Every target sets up what it needs: a machine with python3 (3.11 or newer) and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test test-deep lint format compile docs pictures wheel bench constraints clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "docpact needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --upgrade pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $(READY)

demo: $(READY) ## Judge the samples, then a right and a wrong endpoint
	@echo '--- answers that keep the contract'
	$(BIN)/docpact validate samples/responses/valid
	@echo
	@echo '--- the XML sample as the page prints it, cut to two roots'
	$(BIN)/docpact validate --fragment samples/responses/printed
	@echo
	@echo '--- answers that break it (exit code 1 is the point)'
	$(BIN)/docpact validate samples/responses/broken; test $$? -eq 1

	@echo
	@echo '--- an endpoint that keeps it: the built-in mock'
	$(BIN)/docpact test --seed 1
	@echo
	@echo '--- the same with a fault (exit code 1 is the point)'
	$(BIN)/docpact test --seed 1 --mock-fault id-as-double; test $$? -eq 1

test: $(READY) ## Run the tests, each file in one process for what its tests share
	$(BIN)/pytest --numprocesses auto --dist loadfile

test-deep: $(READY) ## Run the tests with ten times the examples
	HYPOTHESIS_PROFILE=deep $(BIN)/pytest --numprocesses auto --dist loadfile

lint: $(READY) ## Check style, types, the floors, and that schemas/ is what the page compiles to
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy tests/examples/test_typed.py
	$(BIN)/lint-imports
	$(BIN)/docpact compile samples/pages/GetInstance.md --output schemas --check

format: $(READY) ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix-only

compile: $(READY) ## Compile the page into schemas/
	$(BIN)/docpact compile samples/pages/GetInstance.md --output schemas

docs: $(READY) ## Write the generated parts of the documentation again
	$(BIN)/python tests/docs/generated.py
	$(BIN)/python tests/docs/pictures.py --terminals

pictures: $(READY) ## Draw the pictures of the README again; needs Chromium and its driver
	$(BIN)/python tests/docs/pictures.py

wheel: $(READY) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --outdir dist

bench: $(READY) ## Measure, beside the peers
	$(BIN)/pip install --quiet --constraint constraints.txt --group bench
	$(BIN)/python tests/benchmarks/startup.py
	$(BIN)/python tests/benchmarks/generate.py
	$(BIN)/python tests/benchmarks/mock.py
	$(BIN)/python tests/benchmarks/plugin.py
	$(BIN)/python tests/benchmarks/endpoint.py
	$(BIN)/python tests/benchmarks/audit.py

# The whole suite would take seconds for each of some 5,000 mutants, so a module is held against the
# tests of its own name, or those named here as in pytest's -k, and against what findings say.
.PHONY: mutants
MODULES ?= $(filter-out contract contract.interpret.lexicon,$(subst /,.,\
	$(patsubst %/__init__,%,$(patsubst toolkit/docpact/%.py,%,$(wildcard $(addprefix toolkit/docpact/,\
	contract/*.py contract/constraints/*.py contract/interpret/*.py check/*.py))))))
TESTS.check := test_origins or test_failure or test_http or test_limits or test_broken_schemas or \
	test_session or test_semantics or test_echo or test_decode or test_structure
TESTS.core.violation := test_origins or test_masks or test_structure or test_session
TESTS.check.envelope := test_structure or test_failure or test_origins
TESTS.check.fast_engine := test_structure or test_failure or test_broken_schemas
TESTS.check.http := test_http or test_expectation or test_transfer or test_failure or test_decode
TESTS.check.json_body := test_json_body or test_limits or test_origins or test_decode or test_http
TESTS.check.reference_engine := test_structure or test_failure or test_xml_body or test_broken_schemas
TESTS.check.semantics := test_semantics or test_echo or test_separated
TESTS.check.decode := test_decode or test_json_body
TESTS.check.context := test_failure or test_expectation
TESTS.check.judgement := test_origins or test_session or test_structure
TESTS.check.rules := test_http or test_expectation or test_masks
TESTS.check.xml_parser := test_xml_body or test_limits
TESTS.check.structure := test_structure or test_masks or test_origins or test_xml_body
TESTS.check.xml_body := test_xml_body or test_limits or test_structure or test_http
tests_of = $(if $(filter contract%,$(1)),contract or test_semantics or test_separated or test_echo,test_wording or $(or $(TESTS.$(1)),test_$(lastword $(subst ., ,$(1)))))
mutate = PYTEST_ADDOPTS='-k "$(call tests_of,$(1))"' $(MUTMUT) run 'docpact.$(1).x[_ǁ]*'
MUTMUT := HYPOTHESIS_PROFILE=ci ../../$(BIN)/mutmut

mutants: $(READY) ## Break the code on purpose, list what no test notices; a part by MODULES=check.decode
	$(BIN)/pip install --quiet --constraint constraints.txt --group mutants
	rm -rf build/mutation && mkdir -p build/mutation
	ln -s ../../toolkit build/mutation/src
	ln -s $(addprefix ../../,pyproject.toml samples schemas tests) build/mutation
	cd build/mutation && $(foreach each,$(MODULES),($(call mutate,$(each))) | grep -v '^🎉';) \
		$(MUTMUT) results | sed '/not checked/d'

constraints: ## Pin the newest versions that fit
	rm -rf $(VENV)/pins && $(PYTHON) -m venv $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet --upgrade pip
	$(VENV)/pins/bin/pip install --quiet . --group dev --group bench
	$(VENV)/pins/bin/pip list --format freeze --exclude docpact | grep -v '^setuptools==' > constraints.txt
	rm -rf $(VENV)/pins

clean: ## Remove what the targets made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
