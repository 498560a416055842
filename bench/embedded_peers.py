"""The ways to run programs of others inside Python: mdvm, wasmtime, Lua, QuickJS, V8 and Monty,
each with the functions of which bench.embedding_peers takes the time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

LIMIT = 0.1  # seconds
MEMORY = 64 << 20  # bytes that a program may have
NEIGHBOURS = 8  # endless programs beside the one that is looked at
FIB = 27


class Peer:
    """One way to run programs in Python.  Each method gives what is to be measured, or None where
    there is no such thing.

    name: for the table
    idle: how many VMs are made to see what one takes
    """

    name = ""
    idle = 100

    def identity(self) -> Callable[[Any], Any]:
        """A function of a program that gives back what it is given: an int at least."""
        raise NotImplementedError

    def values(self) -> Callable[[Any], Any] | None:
        """The same for values of all kinds."""
        return self.identity()

    def start(self) -> Callable[[], object] | None:
        """What makes a new VM, with a function that has been called once."""
        return None

    def endless(self) -> Callable[[], object] | None:
        """A program without an end, with the limit of time: ends with an exception."""
        return None

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]] | None:
        """A VM's program that takes memory for ever, with the limit of MEMORY: ends with an
        exception; and what gives back a value in the same VM.
        """
        return None

    def work(self) -> Callable[[], object] | None:
        """A new VM's call of fib(FIB), which may go on beside others."""
        return None

    def neighbour(self) -> Callable[[], object] | None:
        """A new VM's program without an end, which goes on beside others."""
        return None


class Mdvm(Peer):
    name = "mdvm"
    SOURCE = """
.func identity
    RETURN       r0
.func endless
again:
    JUMP         again
.func hog
    LOAD_CONST   r1, 2
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
next:
    NEW_ARRAY    r5, r1
    ARRAY_SET    r5, r2, r0
    ARRAY_SET    r5, r3, r1
    MOVE         r0, r5
    JUMP         next
.func fib
    LOAD_CONST   r1, 2
    LT           r2, r0, r1
    JUMP_IF      r2, small
    LOAD_CONST   r3, 1
    LOAD_CONST   r4, "fib"
    SUB          r5, r0, r3
    CALL         r6, r4(r5)
    SUB          r5, r0, r1
    CALL         r7, r4(r5)
    ADD          r0, r6, r7
small:
    RETURN       r0
"""

    def __init__(self) -> None:
        import pymdvm
        from pymdvm.assembler import assemble
        from pymdvm.bytecode import write

        self.package = pymdvm
        self.content = write(assemble(self.SOURCE))
        self.program = pymdvm.loads(self.content)

    def identity(self) -> Callable[[Any], Any]:
        return self.program.function("identity")

    def start(self) -> Callable[[], object]:
        def start() -> object:
            program = self.package.VM().loads(self.content)
            program.call("identity", 1)
            return program

        return start

    def endless(self) -> Callable[[], object]:
        return lambda: self.program.call("endless", timeout=LIMIT)

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        program = self.package.VM(max_memory=MEMORY).loads(self.content)
        return lambda: program.call("hog"), program.function("identity")

    def neighbour(self) -> Callable[[], object]:
        program = self.package.VM().loads(self.content)
        return lambda: program.call("endless")

    def work(self) -> Callable[[], object]:
        program = self.package.VM().loads(self.content)
        return lambda: [program.call("fib", FIB + 5) for _ in range(4)]


class Wasmtime(Peer):
    name = "wasmtime"
    SOURCE = """(module
  (func $identity (export "identity") (param i64) (result i64) local.get 0)
  (func $endless (export "endless") (loop br 0))
  (func $hog (export "hog") (loop
    (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable)) br 0))
  (func $fib (export "fib") (param i64) (result i64)
    (if (result i64) (i64.lt_s (local.get 0) (i64.const 2)) (then (local.get 0))
      (else (i64.add
        (call $fib (i64.sub (local.get 0) (i64.const 1)))
        (call $fib (i64.sub (local.get 0) (i64.const 2)))))))
  (memory (export "memory") 1))"""

    def __init__(self) -> None:
        self.package: Any = import_module("wasmtime")
        config = self.package.Config()
        config.epoch_interruption = True
        self.engine = self.package.Engine(config)
        self.module = self.package.Module(self.engine, self.SOURCE)

    def _instance(self) -> tuple[Any, Any]:
        store = self.package.Store(self.engine)
        store.set_epoch_deadline(1)
        return store, self.package.Instance(store, self.module, []).exports(store)

    def identity(self) -> Callable[[Any], Any]:
        store, exports = self._instance()
        function = exports["identity"]
        return lambda value: function(store, value)

    def values(self) -> None:
        return None

    def start(self) -> Callable[[], object]:
        def start() -> object:
            store, exports = self._instance()
            exports["identity"](store, 1)
            return store, exports

        return start

    def endless(self) -> Callable[[], object]:
        def endless() -> object:
            store, exports = self._instance()
            threading.Timer(LIMIT, self.engine.increment_epoch).start()
            return exports["endless"](store)

        return endless

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        store, exports = self._instance()
        store.set_limits(memory_size=MEMORY)
        hog, identity = exports["hog"], exports["identity"]
        return lambda: hog(store), lambda value: identity(store, value)

    def neighbour(self) -> Callable[[], object]:
        store, exports = self._instance()
        function = exports["endless"]
        return lambda: function(store)

    def work(self) -> Callable[[], object]:
        store, exports = self._instance()
        function = exports["fib"]
        return lambda: [function(store, FIB + 5) for _ in range(4)]


class Lua(Peer):
    name = "LuaJIT (lupa)"

    def __init__(self) -> None:
        self.package: Any = import_module("lupa.luajit21")
        self.runtime = self.package.LuaRuntime()

    def identity(self) -> Callable[[Any], Any]:
        function: Callable[[Any], Any] = self.runtime.eval("function(x) return x end")
        return function

    def values(self) -> Callable[[Any], Any]:
        function = self.identity()
        make, is_table = self.runtime.table_from, self.package.lua_type

        def to_python(value: Any) -> Any:
            if is_table(value) != "table":
                return value
            entries = {key: to_python(item) for key, item in value.items()}
            return list(entries.values()) if 1 in entries or not entries else entries

        return lambda value: to_python(function(make(value, recursive=True)))

    def start(self) -> Callable[[], object]:
        def start() -> object:
            runtime = self.package.LuaRuntime()
            function = runtime.eval("function(x) return x end")
            function(1)
            return runtime, function

        return start

    def work(self) -> Callable[[], object]:
        runtime = self.package.LuaRuntime()
        runtime.execute("function fib(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end")
        fib = runtime.globals().fib
        return lambda: [fib(FIB + 5) for _ in range(4)]

    def neighbour(self) -> Callable[[], object]:
        function: Callable[[], object] = self.package.LuaRuntime().eval(
            "function() while true do end end"
        )
        return function


JAVASCRIPT = """
function identity(x) { return x }
function endless() { for (;;); }
function hog() { const all = []; for (;;) all.push([all.length, 2.5]); }
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }
"""


class QuickJs(Peer):
    name = "QuickJS"

    def __init__(self) -> None:
        self.package: Any = import_module("quickjs")
        self.context = self._context()

    def _context(self) -> Any:
        context = self.package.Context()
        context.eval(JAVASCRIPT)
        return context

    def identity(self) -> Callable[[Any], Any]:
        function: Callable[[Any], Any] = self.context.get("identity")
        return function

    def values(self) -> Callable[[Any], Any]:
        function, parse = self.identity(), self.context.parse_json
        return lambda value: json.loads(function(parse(json.dumps(value))).json())

    def start(self) -> Callable[[], object]:
        def start() -> object:
            context = self._context()
            context.get("identity")(1)
            return context

        return start

    def endless(self) -> Callable[[], object]:
        def endless() -> object:
            context = self._context()
            context.set_time_limit(LIMIT)
            return context.eval("endless()")

        return endless

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        context = self._context()
        context.set_memory_limit(MEMORY)
        return lambda: context.eval("hog()"), context.get("identity")

    def neighbour(self) -> Callable[[], object]:
        context = self._context()
        return lambda: context.eval("endless()")

    def work(self) -> Callable[[], object]:
        context = self._context()
        return lambda: context.eval(f"fib({FIB})")


class MiniRacer(Peer):
    name = "V8 (mini-racer)"

    def __init__(self) -> None:
        self.package: Any = import_module("py_mini_racer")
        self.context = self._context()

    def _context(self) -> Any:
        context = self.package.MiniRacer()
        context.eval(JAVASCRIPT)
        return context

    def identity(self) -> Callable[[Any], Any]:
        return lambda value: self.context.call("identity", value)

    def start(self) -> Callable[[], object]:
        def start() -> object:
            context = self._context()
            context.call("identity", 1)
            return context

        return start

    def endless(self) -> Callable[[], object]:
        return lambda: self.context.eval("endless()", timeout_sec=LIMIT)

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        context = self._context()
        return (
            lambda: context.eval("hog()", max_memory=MEMORY),
            lambda value: context.call("identity", value),
        )

    def neighbour(self) -> Callable[[], object]:
        context = self._context()
        return lambda: context.eval("endless()")

    def work(self) -> Callable[[], object]:
        context = self._context()
        return lambda: [context.eval(f"fib({FIB + 5})") for _ in range(4)]


class Monty(Peer):
    """Beside eight endless programs a call does not come to its turn within minutes."""

    name = "Monty"
    idle = 20  # processes
    SOURCE = """
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
"""

    def __init__(self) -> None:
        package: Any = import_module("pydantic_monty")
        self.pool = package.Monty(
            min_processes=1, max_processes=self.idle + NEIGHBOURS + 6
        ).__enter__()
        self.session = self._session()

    def _session(self, **limits: Any) -> Any:
        session = self.pool.checkout(limits=limits or None).__enter__()
        session.feed_run(self.SOURCE)
        return session

    def identity(self) -> Callable[[Any], Any]:
        return lambda value: self.session.feed_run("x", inputs={"x": value})

    def start(self) -> Callable[[], object]:
        def start() -> object:
            session = self._session()
            session.feed_run("x", inputs={"x": 1})
            return session

        return start

    def endless(self) -> Callable[[], object]:
        session = self._session(max_feed_duration_secs=LIMIT)
        return lambda: session.feed_run("while True: pass")

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        session = self._session(max_memory=MEMORY)
        return (
            lambda: session.feed_run("all = []\nwhile True: all.append([len(all), 2.5])"),
            lambda value: session.feed_run("x", inputs={"x": value}),
        )

    def work(self) -> Callable[[], object]:
        session = self._session()
        return lambda: session.feed_run(f"fib({FIB - 3})")


PEERS: tuple[type[Peer], ...] = (Mdvm, Wasmtime, Lua, QuickJs, MiniRacer, Monty)
