# Every target is explained by `make help`. No absolute path here: the clone may live in a folder with spaces.
PYTHON ?= python3
VENV_PYTHON := build/venv/bin/python
# Further arguments of pytest or of the demo: make test-addons ARGS="-k oauth"
export ARGS ?=
# 0: `make demo` ends after its table
export STAY ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-setup test-sandbox test-addons test-glue test-payroll test-e2e test-guest test-browser test-host lint bench stop clean

help:  ## list the targets
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

setup:  ## find or fetch all that is needed: Python environment, Odoo 19, PostgreSQL, template database
	@$(PYTHON) tools/setup.py

demo: setup  ## a company's invoices and a payroll week go from Odoo to a local Xero; STAY=0 ends after the table
	@$(VENV_PYTHON) tools/demo.py $(ARGS)

serve: setup  ## Odoo and the local Xero for development, until Ctrl-C
	@$(VENV_PYTHON) tools/serve.py

test: setup  ## every test: set-up, sandbox, add-ons, end to end, guest, browser; ARGS="-k name"
	@$(VENV_PYTHON) tools/run_tests.py

test-setup test-sandbox test-addons test-glue test-payroll test-e2e test-guest test-browser: setup
	@$(VENV_PYTHON) tools/run_tests.py $(@:test-%=%)

test-setup:  ## only the tests of set-up and tools
test-sandbox:  ## only the tests of the local Xero
test-addons:  ## only the tests inside the connector
test-glue:  ## only the tests of orders and expenses, all add-ons installed
test-payroll:  ## only the tests of payroll, all add-ons, Attendances and Work Entries installed
test-e2e:  ## only the tests with real server processes
test-guest:  ## only the tests of a good guest: Odoo's own tests, upgrade, uninstall
test-browser:  ## only the tests in a real browser

test-host: setup  ## all of Odoo's own tests of accounting, without and with our add-ons (10 to 20 minutes)
	@$(VENV_PYTHON) tools/host_suite.py $(ARGS)

lint: setup  ## ruff, pylint-odoo, XML and manifest checks
	@$(VENV_PYTHON) tools/lint.py

bench: setup  ## measure the figures of build/bench.json and compare them with their goals
	@$(VENV_PYTHON) tools/bench.py

stop:  ## stop the private PostgreSQL
	@$(PYTHON) tools/stop.py

clean:  ## stop, and remove all that was generated (build/)
	@$(PYTHON) tools/stop.py --clean
