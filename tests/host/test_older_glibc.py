"""What is linked for older versions of glibc: it asks for none of the newer ones, and works."""

from __future__ import annotations

import ctypes
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

import older_glibc
from platforms import AARCH64
from tests.toolchain.installed import installed

# Uses every function that has a stub.
SOURCE = """
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

static pthread_key_t key;
static sem_t semaphore;

static void *work(void *argument)
{
    pthread_setspecific(key, argument);
    sem_post(&semaphore);
    return argument;
}

/* How many of the functions did what they should. */
int works(const char *path, long size, double two)
{
    pthread_attr_t attributes;
    pthread_condattr_t condition;
    pthread_t thread;
    sigset_t signals;
    struct stat status;
    struct timespec soon;
    void *result = NULL;
    int value = -1, count = 0;
    count += fabs(log(exp(two)) - 2.0) < 1e-12;
    count += pow(two, 10.0) == 1024.0;
    count += stat(path, &status) == 0 && status.st_size == size && S_ISREG(status.st_mode);
    count += stat("/nowhere/at/all", &status) == -1 && errno == ENOENT;
    pthread_attr_init(&attributes);
    count += pthread_attr_setstacksize(&attributes, 1 << 20) == 0;
    pthread_condattr_init(&condition);
    count += pthread_condattr_setclock(&condition, CLOCK_MONOTONIC) == 0;
    count += pthread_key_create(&key, NULL) == 0;
    count += sem_init(&semaphore, 0, 0) == 0;
    count += sem_trywait(&semaphore) == -1 && errno == EAGAIN;
    count += pthread_create(&thread, &attributes, work, &count) == 0;
    count += sem_wait(&semaphore) == 0;
    count += pthread_join(thread, &result) == 0 && result == &count;
    count += sem_getvalue(&semaphore, &value) == 0 && value == 0;
    clock_gettime(CLOCK_REALTIME, &soon);
    count += sem_timedwait(&semaphore, &soon) == -1 && errno == ETIMEDOUT;
    count += pthread_create(&thread, NULL, work, NULL) == 0 && pthread_detach(thread) == 0;
    sem_wait(&semaphore);
    count += sem_destroy(&semaphore) == 0;
    count += pthread_key_delete(key) == 0;
    sigemptyset(&signals);
    count += pthread_sigmask(SIG_BLOCK, &signals, NULL) == 0;
    count += pthread_kill(pthread_self(), 0) == 0;
    return count;
}

int main(int count, char **arguments)
{
    return works(arguments[1], 5, count) != 19;
}
"""


@dataclass(frozen=True)
class Tools:
    """compiler, emulator: their commands, the latter empty for what runs here."""

    processor: str
    compiler: tuple[str, ...]
    emulator: tuple[str, ...]
    folder: Path

    def link(self, product: str, *options: str) -> Path:
        path = self.folder / product
        command = [*self.compiler, "-pthread", "-fno-builtin", *options, "-o", str(path)]
        subprocess.run([*command, str(self.folder / "source.c"), "-lm"], check=True)
        return path

    def older(self) -> list[str]:
        return older_glibc.link_options(self.folder, self.processor)


@pytest.fixture(scope="module", params=["here", "aarch64"])
def tools(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tools:
    folder = tmp_path_factory.mktemp("older")
    (folder / "source.c").write_text(SOURCE)
    (folder / "five").write_text("bytes")
    here = older_glibc.processor_here()
    if request.param == "here":
        if not here:
            pytest.skip("it is not known how on this platform")
        return Tools(here, ("gcc",), (), folder)
    if here == "aarch64":
        pytest.skip("this processor is an aarch64")
    emulator = (installed(*AARCH64.emulators), "-L", AARCH64.system)
    return Tools("aarch64", (installed(AARCH64.compiler),), emulator, folder)


def test_a_library_asks_for_no_newer_version_and_works(tools: Tools) -> None:
    library = tools.link("older.so", "-shared", "-fPIC", *tools.older())
    assert 0 < older_glibc.needed_version(library.read_bytes()) <= 17
    if tools.emulator:
        return
    path = str(tools.folder / "five").encode()
    assert ctypes.CDLL(str(library)).works(path, 5, ctypes.c_double(2)) == 19


def test_a_program_does_too(tools: Tools) -> None:
    program = tools.link("older", *tools.older())
    assert 0 < older_glibc.needed_version(program.read_bytes()) <= 17
    assert subprocess.run([*tools.emulator, program, tools.folder / "five"]).returncode == 0


def test_every_stub_is_used_here(tools: Tools) -> None:
    """So that none of them is wrong unnoticed."""
    program = tools.link("plain")
    names = subprocess.run(["nm", "-D", program], capture_output=True, text=True, check=True)
    used = {line.split()[-1].partition("@")[0] for line in names.stdout.splitlines()}
    assert {*older_glibc._FUNCTIONS, "stat"} <= used


@pytest.mark.parametrize(
    ("newest", "tag"),
    [(17, "manylinux_2_17_aarch64.manylinux2014_aarch64"), (18, ""), (0, "")],
)
def test_what_pip_calls_the_platforms(newest: int, tag: str) -> None:
    assert older_glibc.many_platforms("aarch64", newest) == tag
    assert older_glibc.many_platforms("", newest) == ""


@pytest.mark.parametrize(
    ("names", "version"),
    [(b"", 0), (b"GLIBC_2.2.5\0GLIBC_2.17\0GLIBC_2.3", 17), (b"GLIBC_2.34 GLIBC_2.4", 34)],
)
def test_what_a_product_needs(names: bytes, version: int) -> None:
    assert older_glibc.needed_version(names) == version
