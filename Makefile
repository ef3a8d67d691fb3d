# Two commands matter: `make demo` audits the demonstration district, `make test` runs every check.
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test setup setup-dev lint unit bench docs lock clean

demo: setup
	@$(BIN)/govaudit demo

test: setup-dev lint unit

setup:
	@scripts/setup.sh $(VENV) run

setup-dev:
	@scripts/setup.sh $(VENV) dev

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit:
	$(BIN)/pytest -n 2 --dist loadfile

bench: setup-dev
	@$(BIN)/python -m bench

docs:
	$(BIN)/python -m audit.handbook docs

lock:
	$(BIN)/python -m uv pip compile -q pyproject.toml --no-header --no-annotate --python-version 3.11 -o requirements.lock
	$(BIN)/python -m uv pip compile -q pyproject.toml --extra dev --no-header --no-annotate --python-version 3.11 -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf var out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
