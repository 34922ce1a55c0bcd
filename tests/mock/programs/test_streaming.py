"""Programs that need no more than a block of their input at a time run on where memory is short, and slow ones take time."""

import base64
import bz2
import gzip
import lzma
import random

import pytest

from tests.shell.playing import play_in_mock

MEMORY = 6 << 20


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("base64", "16997969 "),
        ("hexdump", "58 "),
        ("xxd -p -c 4096", "25168896 "),
        ("base64 | base64 -d", "12582912 "),
        ("xxd -p -c 4096 | xxd -r -p", "12582912 "),
        ("gzip | gunzip", "12582912 "),
        ("gzip | zcat", "12582912 "),
        ("bzip2 -1 | bunzip2", "12582912 "),
        ("bzip2 -1 | zcat", "12582912 "),
    ],
)
def test_input_longer_than_the_memory_is_worked_on_as_it_comes(command: str, printed: str) -> None:
    played = play_in_mock(f"head -c 12m /dev/zero | {command} | wc -c".encode(), memory_bytes=MEMORY)
    assert (played.status, played.stderr) == (0, "")
    assert played.stdout.strip() == printed.strip()


def in_mock(script: str, memory_bytes: int = MEMORY) -> str:
    played = play_in_mock(script.encode(), memory_bytes=memory_bytes)
    assert (played.status, played.stderr) == (0, "")
    return played.stdout


def placed(data: bytes, name: str) -> str:
    """A script's line that makes a file of some bytes."""
    return f"base64 -d >{name} <<E\n{base64.encodebytes(data).decode()}E\n"


@pytest.mark.parametrize(("suffix", "command"), [("xz", "xzcat"), ("lzma", "lzcat")])
def test_what_is_only_unpacked_takes_no_more_than_its_dictionary(suffix: str, command: str) -> None:
    kind, filter_id = (lzma.FORMAT_XZ, lzma.FILTER_LZMA2) if suffix == "xz" else (lzma.FORMAT_ALONE, lzma.FILTER_LZMA1)
    packed = lzma.compress(bytes(12 << 20), kind, filters=[{"id": filter_id, "dict_size": 1 << 20}])
    assert in_mock(placed(packed, "f") + f"{command} f | wc -c") == "12582912\n"


def test_a_large_dictionary_takes_the_memory_that_it_fills() -> None:
    packed = lzma.compress(bytes(12 << 20), filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 8 << 20}])
    played = play_in_mock((placed(packed, "f") + "xzcat f | wc -c; xzcat f >/dev/null; echo $?").encode(), memory_bytes=MEMORY)
    assert played.stdout.split() != ["12582912", "0"]


@pytest.mark.parametrize("letter", ["", "z"])
def test_archives_larger_than_the_memory_are_made_and_unpacked_as_they_come(letter: str) -> None:
    script = f"""
        mkdir d; truncate -s 20m d/hole; echo end >d/last
        tar c{letter} d | tar t{letter}v | wc -l
        tar c{letter} d | tar x{letter}O d/hole | wc -c
        tar c{letter} d | tar x{letter}O d/last
        tar c{letter} d | tar x{letter} --to-command 'wc -c' | tr '\\n' ' '
    """
    assert in_mock(script).split() in (["3", "20971520", "end", *rest] for rest in (["20971520", "4"], ["4", "20971520"]))


@pytest.mark.parametrize(
    "command", ["gzip </dev/zero", "bzip2 -1 </dev/urandom", "yes | gzip | zcat", "tar c hole", "tar c hole | tar xO"]
)
def test_a_reader_that_ends_ends_what_packs_without_end(command: str) -> None:
    assert in_mock(f"truncate -s 1000g hole; {command} | head -c 3 | wc -c") == "3\n"


def test_each_member_comes_out_when_it_is_whole() -> None:
    script = "(echo one | gzip; sleep 5; echo two | gzip) | zcat | while read line; do echo $(date +%s) $line; done"
    first, second = (int(line.split()[0]) for line in in_mock(script).splitlines())
    assert second - first == 5


def test_damaged_files_give_what_came_before_in_whole_windows() -> None:
    data = random.Random(1).randbytes(100_000)
    script = placed(gzip.compress(data)[:70_000], "g") + placed(bz2.compress(data + data, 1)[:150_000], "b")
    played = play_in_mock((script + "zcat g | wc -c; bzcat b | wc -c").encode())
    assert (played.stdout, played.stderr) == ("65536\n98304\n", "zcat: unexpected end of file\nbzcat: bunzip error -3\n")


def test_find_takes_time_for_an_expression_with_references() -> None:
    name = "a" * 60
    script = (
        f"touch {name}; timeout 0.1 find . -regex './\\(a*\\)*\\(a*\\)*\\1\\2b'; echo $?; "
        f"find . -regex './\\(a*\\)*\\(a*\\)*\\1\\2b'; echo $?"
    )
    played = play_in_mock(script.encode())
    assert played.stdout == "143\n1\n"


@pytest.mark.parametrize(
    "command",
    [
        "od -w20000000 /dev/zero | head -n 1",
        "xxd -c 20000000 /dev/zero | head -n 1",
        "xxd -c 20000000 f",
        "nl -w 20000000 f",
        "expand -t 20000000 f",
    ],
)
def test_rows_wider_than_the_memory_end_the_container(command: str) -> None:
    played = play_in_mock(f"printf 'a\\tb\\n' >f; {command} >/dev/null; sleep 1; echo goes on".encode(), memory_bytes=3 << 20)
    assert (played.status, played.stdout) == (137, "")
