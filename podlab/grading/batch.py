"""Grading away from home: one index of a Job grades its share of the submissions and prints what it finds.

    python -m podlab.grading.batch FILE

FILE is a packed share (see `pack`). What is printed are lines `podlab-result NAME PART/PARTS DATA`, which a log can hold whatever
is written around them; `remote` puts them together again.
"""

import base64
import io
import json
import os
import stat
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from podlab.errors import PodlabError
from podlab.grading.collecting import MAX_FILES, MAX_UNPACKED, files
from podlab.grading.pool import Pool
from podlab.grading.submission import MAX_BYTES

MARK: Final = "podlab-result"
LINE: Final = 12_000
"""Characters of data in a line of the log; a container runtime splits longer ones than 16 KiB."""
FOLDERS: Final = ("source", "release")
LARGE: Final = "grade it here, without --on."


def pack(source: Path, release: Path, submitted: Mapping[str, Path]) -> bytes:
    """A share: the assignment and some students' submissions, as a compressed tar of plain files.

    Raises:
        PodlabError: A submission is too large to be sent.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:xz", format=tarfile.PAX_FORMAT) as archive:
        for name, folder in (("source", source), ("release", release)):
            _add(archive, name, folder)
        for student, folder in sorted(submitted.items()):
            _add_submission(archive, f"submitted/{student}", folder)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    """Adds a folder's plain files."""
    _add_folder(archive, name)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
            _add_file(archive, f"{name}/{path.relative_to(folder).as_posix()}", path)


def _add_submission(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    """Adds what the grader would look at. For a link, or what is no file, a link to nowhere goes: it is refused there as here.

    Raises:
        PodlabError: It is too much.
    """
    _add_folder(archive, name)
    budget = MAX_UNPACKED
    for path in islice(files(folder), MAX_FILES + 1):
        state = os.lstat(path)
        entry = f"{name}/{path.relative_to(folder).as_posix()}"
        if not stat.S_ISREG(state.st_mode):
            link = tarfile.TarInfo(entry)
            link.type, link.linkname = tarfile.SYMTYPE, "nowhere"
            archive.addfile(link)
        elif state.st_size > min(MAX_BYTES, budget):
            raise PodlabError("it has too large files.", LARGE)
        else:
            budget -= state.st_size
            _add_file(archive, entry, path)


def _add_folder(archive: tarfile.TarFile, name: str) -> None:
    place = tarfile.TarInfo(name)
    place.type, place.mode = tarfile.DIRTYPE, 0o755
    archive.addfile(place)


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> None:
    data, entry = path.read_bytes(), tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o644
    archive.addfile(entry, io.BytesIO(data))


def grade(share: bytes, jobs: int, wall_seconds: float) -> Iterator[tuple[str, Any]]:
    """(student, `{"books": ...}` or `{"fault": TEXT}`) of each submission in a share."""
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(fileobj=io.BytesIO(share), mode="r:xz") as archive:
            archive.extractall(place, filter="data")
        root, pool = Path(place), Pool(jobs, wall_seconds)
        try:
            folders = sorted((root / "submitted").iterdir())
            common = {"do": "mark", **{name: str(root / name) for name in FOLDERS}}
            futures = {f.name: pool.submit({**common, "submitted": str(f), "student": f.name}) for f in folders}
            for student, future in futures.items():
                try:
                    yield student, {"books": future.result()}
                except PodlabError as fault:
                    yield student, {"fault": str(fault)}
        finally:
            pool.close()


def told(name: str, result: Any) -> Iterator[str]:
    """A result as lines of a log."""
    data = base64.b64encode(zlib.compress(json.dumps(result).encode(), 9)).decode()
    parts = [data[n : n + LINE] for n in range(0, len(data), LINE)]
    label = base64.urlsafe_b64encode(name.encode()).decode()
    return (f"{MARK} {label} {number}/{len(parts)} {part}" for number, part in enumerate(parts, 1))


def heard(lines: Iterable[str]) -> dict[str, Any]:
    """The results that whole lines of a log tell."""
    parts: dict[str, dict[int, str]] = {}
    counts: dict[str, int] = {}
    for line in lines:
        words = line.split()
        if len(words) != 4 or words[0] != MARK:
            continue
        number, _, count = words[2].partition("/")
        parts.setdefault(words[1], {})[int(number)] = words[3]
        counts[words[1]] = int(count)
    whole = {label: "".join(found[n] for n in sorted(found)) for label, found in parts.items() if len(found) == counts[label]}
    return {
        base64.urlsafe_b64decode(label).decode(): json.loads(zlib.decompress(base64.b64decode(data)))
        for label, data in whole.items()
    }


def main(words: list[str]) -> int:
    """The command line."""
    from podlab.grading.bounds import WALL_SECONDS

    for student, result in grade(Path(words[0]).read_bytes(), 1, 4 * WALL_SECONDS):
        for line in told(student, result):
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
