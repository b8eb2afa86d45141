# make test       installs what the tests need, and runs everything
# make test-deps  only installs: the binaries of PostgreSQL and MariaDB, and a Python environment with DuckDB and pyarrow in .venv
# make check      what CI asks for before the tests: formatting and lints
# make bench      datagen beside other generators, which it installs in .venv-bench; writes docs/BENCHMARKS.md. Takes most of an hour,
#                 and wants a machine that does nothing else. BENCH="--only Parquet --runs 3" and the like are passed on
# make bench-quick  the same, small and once, to see that it works; writes nothing
# make bench-micro  the benchmarks of the hot pieces

PYTHON ?= python3
# An existing PostgreSQL is used where there is one: on PATH, where Debian keeps it, or as a server's URL.
POSTGRES := $(shell command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)
MARIADB := $(shell PATH=$$PATH:/usr/sbin command -v mariadbd)
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: test test-deps check bench bench-quick bench-micro postgres mariadb

test: test-deps
	@if cargo nextest --version >/dev/null 2>&1; then \
	    cargo nextest run --no-fail-fast && cargo test --doc; \
	else \
	    cargo test --no-fail-fast; \
	fi

test-deps: .venv/installed postgres mariadb

.venv/installed: tests/readers/requirements.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r tests/readers/requirements.txt
	touch $@

postgres:
ifeq ($(POSTGRES)$(DATAGEN_TEST_DATABASE_URL),)
	$(SUDO) apt-get update -qq </dev/null
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y postgresql </dev/null
endif

# Its programs alone, without a service that would start.
mariadb:
ifeq ($(MARIADB),)
	$(SUDO) apt-get update -qq </dev/null
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	    mariadb-server-core mariadb-client-core </dev/null
endif

check:
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

bench bench-quick: .venv-bench/installed
	cargo build --release
	.venv-bench/bin/python benches/compare/compare.py $(if $(filter bench-quick,$@),--quick) $(BENCH)

.venv-bench/installed: benches/compare/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

bench-micro:
	cargo bench
