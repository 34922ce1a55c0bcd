"""Finding what was handed in, in a folder in whatever state: other names, zips, zips of zips, foreign files, links.

Nothing is followed, unpacked to disk or copied. A notebook under its right name is taken as it is; else the notebook in which
most of the assignment's exercises are found. What was mended is noted.
"""

import io
import os
import stat
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from podlab.errors import PodlabError
from podlab.grading.answers import MAGIC
from podlab.grading.submission import MAX_BYTES, Submission, read, read_bytes

MAX_FILES: Final = 300
SHOWN: Final = 5
KEPT: Final = (".ipynb_checkpoints", "__MACOSX")
"""Folders of copies that nobody meant to hand in."""
MAX_DEPTH: Final = 3
MAX_UNPACKED: Final = 3 * MAX_BYTES
ZIP: Final = b"PK\x03\x04"
PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What all systems make; other ways may take gigabytes of memory to unpack a few bytes."""


def collect(folder: Path, wanted: dict[str, dict[str, str]]) -> dict[str, Submission]:
    """The submission of each notebook.

    Args:
        folder: What a student handed in for an assignment.
        wanted: The released notebooks' names, without suffix, and the exercises in each: names, and what students begin with.
    """
    found: dict[str, Submission] = {}
    notes: list[str] = []
    for name in wanted:
        exact = _exact(folder / f"{name}.ipynb", notes)
        if exact is not None:
            found[name] = exact
    missing = {name: names for name, names in wanted.items() if name not in found}
    if missing:
        candidates = sorted(_candidates(folder, notes), key=lambda pair: pair[0])
        for name, stubs in missing.items():
            found[name] = _fitting(name, stubs, candidates) or Submission(notes=[_absent(name, folder)])
    for submission in found.values():
        submission.notes += [note for note in notes if note not in submission.notes]
    return found


def _exact(path: Path, notes: list[str]) -> Submission | None:
    """The notebook under its right name; None when there is none, or it is something else."""
    try:
        with path.open("rb") if path.is_file() and not path.is_symlink() else io.BytesIO() as file:
            if file.read(4) == ZIP:
                return None
        return read(path)
    except FileNotFoundError:
        return None
    except (PodlabError, OSError) as error:
        notes.append(str(error))
        return None


def _fitting(name: str, stubs: dict[str, str], candidates: list[tuple[str, Submission]]) -> Submission | None:
    """The candidate with most of the exercises, and of these the one with most work in it.

    Of equals, one that an editor or a system did not keep for itself; the one whose name is most like it; and then the last.
    """
    best: Submission | None = None
    best_rank: tuple[int, int, bool, bool] = (0, 0, False, False)
    for path, submission in candidates:
        here, worked = _work(submission, stubs)
        rank = (here, worked, not any(part in path for part in KEPT), name.lower() in path.lower())
        if here and rank >= best_rank:
            notes = [f"there is no {name}.ipynb; {path} was graded in its place", *submission.notes]
            best, best_rank = Submission(submission.cells, notes), rank
    return best


def _work(submission: Submission, stubs: dict[str, str]) -> tuple[int, int]:
    """How many of the exercises are in a notebook, and in how many of them something was written."""
    here, worked = set(), set()
    for cell in submission.cells:
        for magic in MAGIC.finditer(cell.source):
            if magic[1] in stubs:
                here.add(magic[1])
                if cell.source[magic.end() :].strip() != stubs[magic[1]].strip():
                    worked.add(magic[1])
    return len(here), len(worked)


def _absent(name: str, folder: Path) -> str:
    """That a notebook was not handed in, and what was instead."""
    names = (_shown(str(path.relative_to(folder))) for path in files(folder))
    others = list(islice((other for other in names if other != f"{name}.ipynb"), SHOWN + 1))
    more = " and more" if len(others) > SHOWN else ""
    return f"{name}.ipynb was not handed in" + (f"; no notebook: {', '.join(others[:SHOWN])}{more}" if others else "")


def _candidates(folder: Path, notes: list[str]) -> Iterator[tuple[str, Submission]]:
    for count, path in enumerate(files(folder)):
        if count >= MAX_FILES:
            notes.append(f"more than {MAX_FILES} files were handed in; the rest was not looked at")
            return
        name = _shown(str(path.relative_to(folder)))
        try:
            info = os.lstat(path)
            if not stat.S_ISREG(info.st_mode) or not 0 < info.st_size <= MAX_BYTES:
                continue
            yield from _readable(name, path.read_bytes(), 0, [MAX_UNPACKED])
        except (OSError, PodlabError) as error:
            notes.append(f"{name}: {error}")


def files(folder: Path) -> Iterator[Path]:
    """What lies in a folder and below it, as deep as the grader looks; links are not followed."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(folders) if len(Path(place).relative_to(folder).parts) < MAX_DEPTH else []
        yield from (Path(place) / file for file in sorted(files))


def _readable(name: str, data: bytes, depth: int, budget: list[int]) -> Iterator[tuple[str, Submission]]:
    """The notebooks that a file holds, itself or in zips, within a budget of unpacked bytes."""
    if data[:4] == ZIP:
        if depth < MAX_DEPTH:
            yield from _unpacked(name, data, depth, budget)
    elif b"cell" in data or b"c\0e\0l\0l" in data:
        yield name, read_bytes(data)


def _unpacked(name: str, data: bytes, depth: int, budget: list[int]) -> Iterator[tuple[str, Submission]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[:MAX_FILES]:
                if member.is_dir():
                    continue
                if member.flag_bits & 1:
                    raise PodlabError("its zip is encrypted; it was not read.")
                if member.compress_type not in PLAIN:
                    raise PodlabError("its zip is compressed in an unusual way; it was not read.")
                with archive.open(member) as file:
                    inner = file.read(min(budget[0], MAX_BYTES) + 1)
                budget[0] -= len(inner)
                if budget[0] < 0 or len(inner) > MAX_BYTES:
                    raise PodlabError("its zip unpacks into too much; it was not read further.")
                yield from _readable(f"{name}/{_shown(member.filename)}", inner, depth + 1, budget)
    except PodlabError:
        raise
    except Exception as error:  # zipfile, and what it unpacks by, fail in a dozen ways
        raise PodlabError(f"its zip cannot be read ({type(error).__name__}).") from None


def _shown(name: str) -> str:
    """A file's name as a note may show it."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)[:120]
