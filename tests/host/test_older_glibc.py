"""What is linked for older versions of glibc: it asks for none of the newer ones, and works."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import pytest

import older_glibc

pytestmark = pytest.mark.skipif(
    not older_glibc.is_possible(), reason="it is not known how on this platform"
)

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("older")
    (folder / "source.c").write_text(SOURCE)
    (folder / "five").write_text("bytes")
    return folder


def link(folder: Path, product: str, *options: str) -> Path:
    path = folder / product
    command = ["gcc", "-pthread", "-fno-builtin", *options, "-o", str(path)]
    subprocess.run([*command, str(folder / "source.c"), "-lm"], check=True)
    return path


def test_a_library_asks_for_no_newer_version_and_works(folder: Path) -> None:
    options = older_glibc.link_options(folder)
    library = link(folder, "older.so", "-shared", "-fPIC", *options)
    assert 0 < older_glibc.needed_version(library.read_bytes()) <= 17
    path = str(folder / "five").encode()
    assert ctypes.CDLL(str(library)).works(path, 5, ctypes.c_double(2)) == 19


def test_a_program_does_too(folder: Path) -> None:
    program = link(folder, "older", *older_glibc.link_options(folder))
    assert 0 < older_glibc.needed_version(program.read_bytes()) <= 17
    assert subprocess.run([program, folder / "five"]).returncode == 0


def test_every_stub_is_used_here(folder: Path) -> None:
    """So that none of them is wrong unnoticed."""
    program = link(folder, "plain")
    names = subprocess.run(["nm", "-D", program], capture_output=True, text=True, check=True)
    used = {line.split()[-1].partition("@")[0] for line in names.stdout.splitlines()}
    assert {*older_glibc._VERSIONS, "stat"} <= used


@pytest.mark.parametrize(
    ("names", "version"),
    [(b"", 0), (b"GLIBC_2.2.5\0GLIBC_2.17\0GLIBC_2.3", 17), (b"GLIBC_2.34 GLIBC_2.4", 34)],
)
def test_what_a_product_needs(names: bytes, version: int) -> None:
    assert older_glibc.needed_version(names) == version
