"""Scripts that nobody wrote, of a grammar of their own (`grammar`): run in the mock and in a real busybox of the images' version.

A long run, for which one asks (another PODLAB_RANDOM_SEED makes other scripts):

    PODLAB_RANDOM_SCRIPTS=10000 PODLAB_BUSYBOX=/path/to/busybox-1.37 pytest tests/shell/test_random_scripts.py

Each failure names one script, cut down to the tokens without which there is no difference. What is left out on purpose: racing
processes, process numbers, and what docs/fidelity.md lists as different.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.shell.grammar.scripts import PROLOGUE, data, script
from tests.shell.playing import BUSYBOX, Played, can_play_in_busybox, make_root, play_all_in_busybox, play_in_mock

COUNT = int(os.environ.get("PODLAB_RANDOM_SCRIPTS", "0"))
SEED = os.environ.get("PODLAB_RANDOM_SEED", "1")
BATCH = 100
TRIES_AT_ONCE = 40
_UNCERTAIN = re.compile(
    rb"(?<!-USR1 )(?<!kill -0 )(?<!kill )\$\$|\$!(?!;)|\$\{#?[$!]|PPID|\(kill -USR1 \$\$\)|\$\$ [^;\n]*\n|&[^&>;\n]*$",
    re.MULTILINE,
)
"""What depends on process numbers, or on who is faster."""


def _is_the_images_version() -> bool:
    return (
        can_play_in_busybox()
        and "BusyBox v1.37." in subprocess.run([BUSYBOX], capture_output=True, text=True, check=False).stdout
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root directory with the real busybox in it."""
    path = tmp_path_factory.mktemp("busybox") / "root"
    make_root(path)
    return path


def different(root: Path, scripts: list[bytes]) -> Iterator[tuple[bytes, Played]]:
    """The scripts that the mock plays differently, and what the real one does; those that never end there do not count."""
    scripts = [each for each in scripts if not _UNCERTAIN.search(each)]
    for each, real in zip(scripts, play_all_in_busybox(root, scripts), strict=True):
        if real is not None and play_in_mock(each) != real:
            yield each, real


def shrunk(root: Path, whole: bytes) -> bytes:
    """The least part of the script that is still played differently: first lines are left out, then tokens."""
    head = data(PROLOGUE)
    body = whole.removeprefix(head)
    for token in (rb"[^\n]*\n|[^\n]+", rb"\s+|\w+|[^\w\s]"):
        parts = re.findall(token, body)
        size = max(1, len(parts) // 2)
        while size:
            fewer = [b"".join(parts[:at] + parts[at + size :]) for at in range(0, len(parts), size)][:TRIES_AT_ONCE]
            found = next(different(root, [head + each for each in fewer if each != body]), None)
            if found is None:
                size //= 2
            else:
                body = found[0].removeprefix(head)
                parts = re.findall(token, body)
    return head + body


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.skipif(not COUNT or not _is_the_images_version(), reason="a long run, on request, with busybox 1.37")
@pytest.mark.parametrize("batch", range(-(-COUNT // BATCH)))
def test_random_script_does_the_same(batch: int, root: Path) -> None:
    scripts = [data(script(Random(f"{SEED}/{batch}/{number}"))) for number in range(min(BATCH, COUNT - batch * BATCH))]
    found = next(different(root, scripts), None)
    if found is not None:
        least = shrunk(root, found[0])
        assert play_in_mock(least) == play_all_in_busybox(root, [least])[0], least.decode("utf-8", "backslashreplace")


def test_grammar_makes_the_same_script_of_the_same_seed() -> None:
    assert script(Random("1")) == script(Random("1")) != script(Random("2"))
