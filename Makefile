# Two commands matter: `make run` and `make test`. The rest is for developers.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
PYTEST := $(PY) -m pytest --dist loadfile --no-loadscope-reorder
# Each process collects everything and makes its own databases: one more than there are cores pays only where tests wait.
TWO := --numprocesses 2
THREE := --numprocesses 3
# Each of the processes of a test run would compile everything anew: 10 CPU seconds instead of 4.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run install test test-rest mutation durations both-databases programs compiled check format translations rooms addresses snapshots screenshots bench bench-web bench-storm bench-roster bench-faults bench-latency walks audit lock

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: ## start the web server and the worker (HOST, PORT, DATA_DIR, DEMO … see .env.example)
	@scripts/install.sh run
	@exec $(PY) serve.py

install: ## make .venv, development tools included
	@scripts/install.sh dev

ifdef ROOM
test: install
	@rooms=$$($(PY) -m scripts.room_tests $(ROOM)) && set -x && $(PYTEST) $(TWO) -m "rest or not rest" $$rooms $(ARGS)
else
test: programs ## each rule, service, page and call, and the first of most files of stories; one room, whole: ROOM=roster/draft
	$(PYTEST) $(TWO) --ignore tests/boundaries $(ARGS)
endif

test-rest: programs ## all other stories, every journey on PostgreSQL, every page in a browser in both languages
	@scripts/fetch_libreoffice.sh
	$(PYTEST) $(THREE) -m rest $(ARGS)
	$(PY) -m scripts.mutation --check

mutation: install ## change the pure rules that changed one operator at a time: does a test fail? (ARGS=--all, ARGS='FILE…')
	$(PY) -m scripts.mutation $(ARGS)

durations: programs ## run the tests and write down which files last longest: they begin first
	$(PYTEST) $(THREE) -m "rest or not rest" -p tests.support.cpu_time --keep-durations $(ARGS)

both-databases: install ## run the tests of both databases that give a reason, and write down what raw SQL and locks they run
	$(PYTEST) $(THREE) -m both_dbs -p tests.support.both_databases $(ARGS)

programs: install compiled
	@scripts/fetch_browser.sh
	@scripts/fetch_calendar_client.sh
	@scripts/fetch_alertmanager.sh
	@scripts/fetch_dovecot.sh

compiled: install # one process compiles the tests of a fresh clone, not each process
	@compgen -G 'tests/__pycache__/conftest.*-pytest-*.pyc' >/dev/null || $(PY) -m pytest --collect-only -q -n 0 >/dev/null || true

check: install ## formatting, lint, types, dead code, layers, boundaries, migrations, translations
	$(PY) -m scripts.check

format: install ## format and fix what can be fixed
	$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

translations: install ## bring messages.po up to date with the code and compile it
	$(PY) -m scripts.check_translations --update

rooms: install ## write docs/rooms.md anew: each room with the sentence that it says of itself
	$(PY) -m scripts.rooms

addresses: install ## which view answers where, all of them or one (ARGS=/roster/campaigns/3/edits)
	@$(PY) -m scripts.addresses $(ARGS)

snapshots: install ## write tests/snapshots anew: what a change of files alone must leave as it is
	$(PY) -m scripts.snapshots

screenshots: install ## every screen on phone and laptop, vi and en, light and dark, into screenshots/ (ARGS='--only desk')
	@scripts/fetch_browser.sh
	$(PY) -m scripts.screenshots $(ARGS)

audit: install ## Lighthouse on the pages that count at night, as a telephone on slow 4G (needs Node.js; ARGS='--only desk')
	@scripts/fetch_browser.sh
	npm ci --prefix scripts/lighthouse --ignore-scripts --no-audit --no-fund --silent
	$(PY) -m scripts.audit_pages $(ARGS)

bench: install ## the most frequent requests against a bare Flask page; every page on a province, what grew; documents
	$(PY) -m benchmarks.web.requests
	$(PY) -m benchmarks.web.pages
	$(PY) -m benchmarks.web.papers

bench-web: install ## feeds and who is on duty beside linkedin/oncall (needs mariadb-server, libldap-dev, libsasl2-dev; ARGS='--quick')
	$(PY) -m benchmarks.web.peers $(ARGS)

bench-storm: install ## hundreds of readers who leave, a monitor that hangs up meanwhile (ARGS='--quick')
	$(PY) -m benchmarks.web.storm $(ARGS)

bench-roster: ## rosters: published instances (CURTOIS=DIR), made Tết rosters, rotations; results, tables and plots
	@scripts/install.sh bench
	$(PY) -m benchmarks.roster.run $(if $(CURTOIS),--curtois $(CURTOIS)) $(ARGS)
	$(PY) -m benchmarks.roster.report

bench-faults: install ## break things and count what was lost (ARGS='--quick', ARGS='kills_hard --db sqlite')
	$(PY) -m benchmarks.faults.run $(ARGS)

bench-latency: install ## how soon people are called; intake and lists beside Alerta (ARGS='--quick')
	$(PY) -m benchmarks.latency.run $(ARGS)

walks: install ## files that five calls walk through, and how often they come back to one (ARGS='--files grid-edit')
	$(PY) -m benchmarks.web.walks $(ARGS)

lock: ## compile the three locks from requirements*.in (needs uv: pip install uv)
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header -o requirements.txt requirements.in
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header -o requirements-dev.txt requirements-dev.in
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header -o requirements-bench.txt requirements-bench.in
