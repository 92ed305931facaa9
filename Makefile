# Every target sets up what it needs: a virtual environment from the lock file, and for `interop` Debian's packages.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
STAMP  := $(VENV)/.ready
INTEROP_PACKAGES := libreoffice-writer libreoffice-calc python3-uno poppler-utils xmlsec1 openssl strace \
	unzip zip p7zip-full chromium libnss3-tools fonts-liberation fonts-crosextra-carlito fonts-crosextra-caladea \
	default-jdk-headless libapache-poi-java libxmlbeans-java libxml-security-java libbcpkix-java \
	libcommons-compress-java libcommons-collections4-java libcommons-logging-java libslf4j-java keepassxc

# Tests start hundreds of processes, which would compile every module anew where the machine forbids to keep them.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check generate templates schemas examples interop faults bench house lock looks pictures clean

$(STAMP): requirements/dev.txt pyproject.toml
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP)   ## both examples from the decision to the lessons, in build/demo/
	@$(PY) examples/demo.py

test: $(STAMP)   ## every test that needs nothing but Python
	@$(PY) -m pytest -q -n auto --dist worksteal

check: $(STAMP)  ## style, types, and whether generated files are up to date
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/mypy --follow-imports=silent tests/typed_internal_papers.py
	@$(PY) templates/make --check
	@$(PY) docs/generate.py --check
	@$(PY) -m handover validate --strict templates
	@$(PY) examples/make_examples.py --check

generate: templates schemas examples  ## write every generated file again

templates: $(STAMP)
	@$(PY) templates/make

schemas: $(STAMP)
	@$(PY) docs/generate.py

examples: $(STAMP)
	@$(PY) examples/make_examples.py

interop: $(STAMP)  ## other programs judge what we write; installs Debian's packages where missing
	@tests/interop/install.sh $(INTEROP_PACKAGES)
	@$(PY) -m pytest -q -m interop -n auto --dist loadfile

faults: $(STAMP)   ## kill, ENOSPC and EIO at a build's state-changing system calls
	@$(PY) -m pytest -q -m interop -n auto --dist worksteal tests/faults

bench: $(STAMP)    ## the figures that README and docs/performance.md quote
	@$(PY) -m benchmarks

house: $(STAMP)    ## the plan of the code in figures: rooms, lines, imports
	@$(PY) docs/house_plan.py

looks: $(STAMP)    ## every kind of project as pages in build/looks/, measured; needs what `make interop` installs
	@$(PY) tests/interop/gallery.py

pictures: $(STAMP) ## the README's page images, from the demo's bundles
	@$(PY) docs/pictures/make.py

lock: $(STAMP)     ## resolve requirements/dev.txt again from pyproject.toml
	@$(PY) -m venv build/lock && build/lock/bin/pip install --quiet uv
	@build/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
		--all-extras --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf build $(VENV)
