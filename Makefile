# Overread, in two commands: `make run` starts the platform, `make test` shows that it works.

.DEFAULT_GOAL := help
.PHONY: help run setup test test-python test-frontend test-browser test-servers check fix api lock clean

PYTHON := .venv/bin/python
export OVERREAD_TORCH_INDEX OVERREAD_PYTHON

help:            ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

run:             ## start the platform with its demo (ARGS=--empty: without it; ARGS="--port 8001": elsewhere)
	@sh scripts/setup.sh runtime
	@exec $(PYTHON) -m config.cli run $(ARGS)

setup:           ## install what the platform and its tests need, without starting anything
	@sh scripts/setup.sh tests

test: setup      ## run every check and every test on the embedded default, and say loudly what could not be run
	@$(PYTHON) -m scripts.run_tests embedded

test-python: setup    ## the server's tests on SQLite with the embedded broker (ARGS="tests/unit -k grid": some of them)
	@$(PYTHON) -m scripts.run_tests python -- $(ARGS)

test-frontend: setup  ## the browser application's tests
	@$(PYTHON) -m scripts.run_tests frontend

test-browser: setup   ## the tests that drive Chromium through the whole platform
	@$(PYTHON) -m scripts.run_tests browser -- $(ARGS)

test-servers: setup   ## the server's tests again on PostgreSQL with Redis, the job and fault tests on RabbitMQ
	@$(PYTHON) -m scripts.run_tests postgresql rabbitmq -- $(ARGS)

check: setup     ## style, types, import contracts, migrations, API client, locks
	@$(PYTHON) -m scripts.check

fix: setup       ## let the formatters repair what they can
	@$(PYTHON) -m ruff check --fix --quiet . ; $(PYTHON) -m ruff format --quiet . ; cd frontend && npm run --silent fix

api: setup       ## write the API's description and the browser's client from the code
	@DJANGO_SETTINGS_MODULE=config.settings.test $(PYTHON) manage.py spectacular --file frontend/src/api/schema.yaml
	@cd frontend && npm run --silent api

lock: setup      ## write this environment's exact versions into the lock files
	@$(PYTHON) -m scripts.lock

clean:           ## remove what the tools made; data stays
	@rm -rf .venv frontend/node_modules frontend/dist test-results .mypy_cache .ruff_cache .import_linter_cache .hypothesis
