# The one entry point for building, running and testing mdvm. `make help` lists what there is.
#
# Settings, each as `make NAME=value`:
#   PROG               the program for `make run`: a .mdbc file, or a .mdasm file, which is assembled first
#   PYTHON             the Python 3 (3.9 or later) that runs the tools; default python3
#   PYTHON2            the Python 2.7 that runs RPython; default: found or fetched
#   RPYTHON            rpython/bin/rpython of a PyPy source tree to use instead of the fetched RPython
#   TRANSLATE_OPTIONS  further options for RPython, such as --lldebug
#   STOCK              1: leave out the corrections of RPython that are for speed only
#   PYTEST_OPTIONS     further options for pytest, such as "-k loop"
#   ONLY, FAST, KEEP   for the benchmarks: which ones, a quick look, write docs/performance.md

PYTHON ?= python3
PROG ?=
RPYTHON ?=
TRANSLATE_OPTIONS ?=
STOCK ?=
PYTEST_OPTIONS ?=
ONLY ?=
FAST ?=
KEEP ?=
BENCH_OPTIONS = $(if $(ONLY),--only $(ONLY)) $(if $(FAST),--fast) $(if $(KEEP),--keep)
export RPYTHON TRANSLATE_OPTIONS STOCK PYTEST_OPTIONS

PRODUCTS := mdvm-c libmdvm.so
CALLERS := pymdvm/engines/_callers.abi3.so
CALLERS_SOURCES := $(wildcard pymdvm/engines/callers.c)
SOURCES := targetmdvm.py $(shell find mdvm translation -name '*.py' -o -name '*.c' -o -name '*.h')
RUN_TESTS := $(PYTHON) tools/run_tests.py

.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
.PHONY: all callers run test quick test-unit test-unit2 test-jit test-opcodes test-binary test-differential test-host test-compiler \
        test-commands test-api test-fuzz test-limits test-packaging test-toolchain conformance lint docs docs-site bench bench-readme bench-targets bench-sweep \
        bench-peers wheel sdist clean distclean help FORCE

all: $(PRODUCTS) $(if $(CALLERS_SOURCES),build/callers)  ## build ./mdvm-c and ./libmdvm.so (the default)

# Other options than those of the last build, when given, ask for a new build. Not giving any is not a change: a plain
# `make test` must not undo a build made with options.
SETTINGS := $(RPYTHON) $(TRANSLATE_OPTIONS) $(STOCK)
ifneq ($(strip $(SETTINGS)),)
ifneq ($(SETTINGS),$(file < build/settings))
$(PRODUCTS): FORCE
endif
endif

$(PRODUCTS) &: $(SOURCES)
	$(PYTHON) tools/translate.py

# Tried once for each of its sources, since it is not there everywhere.
build/callers: $(CALLERS_SOURCES) tools/callers.py mdvm/embedding/embedding.h mdvm/embedding/protocol.py
	@$(MAKE) --no-print-directory callers
	@mkdir -p build && touch build/callers

callers:  ## build the module in C that makes calls from Python fast, where there is Python.h or it can be fetched
	@$(PYTHON) tools/callers.py --fetch

run: all  ## run a program: make run PROG=examples/fibonacci.mdasm
	@$(if $(PROG),,echo "say which program: make run PROG=file.mdbc (or file.mdasm)" >&2; exit 2)
	@case '$(PROG)' in \
	  *.mdasm) mkdir -p build/programs && \
	    program='build/programs/$(basename $(notdir $(PROG))).mdbc' && \
	    $(PYTHON) -m pymdvm.assembler '$(PROG)' -o "$$program" && ./mdvm-c "$$program" ;; \
	  *) ./mdvm-c '$(PROG)' ;; \
	esac

test: all  ## build, then run every suite; the last line is "N passed, N failed"
	@$(RUN_TESTS)

quick: all  ## unit, lint and a sample of the rest: two minutes
	@$(RUN_TESTS) unit lint sample

test-unit:  ## the VM's modules, untranslated, under Python 3
	@$(RUN_TESTS) unit

test-unit2:  ## the same tests under Python 2.7 with the real RPython
	@$(RUN_TESTS) unit2

test-jit:  ## annotation, rtyping and traces, under Python 2.7
	@$(RUN_TESTS) jit

test-opcodes: all  ## what each instruction does, on every engine and the published VM
	@$(RUN_TESTS) opcodes

test-binary: all  ## the built ./mdvm-c
	@$(RUN_TESTS) binary

test-differential: all  ## ./mdvm-c against the published VM
	@$(RUN_TESTS) differential

test-host: all  ## the Python 3 side and the tools
	@$(RUN_TESTS) host

test-compiler: all  ## the compiler and the REPL
	@$(RUN_TESTS) compiler

test-commands: all  ## the command mdvm, on both engines
	@$(RUN_TESTS) commands commands-python

test-api: all  ## pymdvm, on both engines
	@$(RUN_TESTS) api api-ctypes api-python drop-in

test-fuzz: all  ## random programs and damaged files for some minutes; python3 -m tests.fuzz goes on
	@$(RUN_TESTS) fuzz

test-limits: all  ## programs that try to escape the limits; python3 tests/limits/measure.py holds them to the bar
	@$(RUN_TESTS) limits

test-packaging: all  ## the wheels, in clean environments
	@$(RUN_TESTS) packaging

test-toolchain:  ## build with the RPython that MDVM_RPYTHON_TREE names, and run suites on that
	@$(RUN_TESTS) toolchain

conformance: all  ## the conformance cases, where ../shared/conformance exists
	@$(RUN_TESTS) conformance

lint:  ## ruff and mypy
	@$(RUN_TESTS) lint

docs:  ## write docs/bytecode.md and docs/command-line.md anew from the opcode table and the commands
	$(PYTHON) tools/make_docs.py

docs-site:  ## build a site of the documentation with a search, build/site, and check its links
	$(PYTHON) tools/docs_site.py

bench: all  ## run the benchmarks; ONLY="fib sieve", FAST=1 for a quick look, KEEP=1 to write docs/performance.md
	$(PYTHON) -m bench $(BENCH_OPTIONS)

bench-targets: all  ## run the benchmarks and tell which targets of speed are met
	$(PYTHON) -m bench --targets $(BENCH_OPTIONS)

bench-readme: all  ## only the two tables of README.md
	$(PYTHON) -m bench --readme

bench-sweep: all  ## try parameters of the JIT and of the garbage collector; takes long
	$(PYTHON) -m bench.sweep $(BENCH_OPTIONS)

bench-peers:  ## install the languages that the benchmarks compare with, as far as Debian has them
	@$(PYTHON) -m bench.peers_of_debian

wheel: all  ## build dist/*.whl with the VM for this platform, dist/pure/*.whl without it, and the source package
	$(PYTHON) tools/make_wheels.py

sdist:  ## build only the source package, dist/*.tar.gz, which builds the VM from itself
	$(PYTHON) tools/make_wheels.py --sdist

clean:  ## remove what was built
	rm -rf build dist *.egg-info $(PRODUCTS) $(CALLERS) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name .toolchain -prune -o -name .git -prune -o \
	  \( -name __pycache__ -o -name '*.pyc' \) -prune -exec rm -rf {} +

distclean: clean  ## remove the fetched toolchain too
	rm -rf .toolchain

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@sed -n '/^# Settings/,/^$$/ s/^# \{0,1\}//p' Makefile
