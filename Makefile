# make test       installs what the tests need, and runs everything
# make test-deps  only installs: PostgreSQL's binaries, and a Python environment with DuckDB and pyarrow in .venv
# make check      what CI asks for before the tests: formatting and lints
# make bench      the benchmarks of the hot pieces

PYTHON ?= python3
# An existing PostgreSQL is used where there is one: on PATH, where Debian keeps it, or as a server's URL.
POSTGRES := $(shell command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: test test-deps check bench postgres

test: test-deps
	@if cargo nextest --version >/dev/null 2>&1; then \
	    cargo nextest run --no-fail-fast && cargo test --doc; \
	else \
	    cargo test --no-fail-fast; \
	fi

test-deps: .venv/installed postgres

.venv/installed: tests/readers/requirements.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r tests/readers/requirements.txt
	touch $@

postgres:
ifeq ($(POSTGRES)$(DATAGEN_TEST_DATABASE_URL),)
	$(SUDO) apt-get update -qq </dev/null
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y postgresql </dev/null
endif

check:
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

bench:
	cargo bench
