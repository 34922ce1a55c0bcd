"""Reading what a student handed in, whatever state it is in. Nothing of it is executed, followed or trusted.

A notebook file is bounded in size, decoded whatever its encoding, and parsed; when it is not whole (half saved, cut off), the
cells that are whole are saved from it. What had to be mended is noted, in words for student and instructor.
"""

import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from podlab.errors import PodlabError

MAX_BYTES: Final = 20 << 20
MAX_CELLS: Final = 2000
MAX_SOURCE: Final = 1 << 20
MAX_TRIES: Final = 10_000
"""How many beginnings of cells are tried in a text that is no whole notebook."""
MAX_NOTE: Final = 300
TIMESTAMP: Final = "timestamp.txt"
NOTES: Final = {TIMESTAMP: re.compile(r"[\w:.+ -]+"), "submission_secret.txt": re.compile(r"[0-9a-f]+")}
"""What nbgrader writes beside a submission and wants to find beside its grades and feedback: when it came, and under which secret
name feedback goes back."""
BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
HALF: Final = re.compile("[\\ud800-\\udfff]")
"""Halves of letters, which JSON can write and no file can hold."""
CELL_START: Final = re.compile(r'\{\s*"(?:attachments|cell_type|execution_count|id|metadata|outputs|source)"\s*:')


@dataclass(frozen=True, slots=True)
class SubmittedCell:
    """A cell as it was handed in.

    Attributes:
        kind: `code`, `markdown` or whatever it says.
        source: Its text.
        grade_id: nbgrader's name for it, or empty.
    """

    kind: str
    source: str
    grade_id: str = ""


@dataclass(slots=True)
class Submission:
    """What was handed in: the cells, and what had to be mended to read them."""

    cells: list[SubmittedCell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(path: Path) -> Submission:
    """Reads a notebook file.

    Raises:
        PodlabError: It is a link, no file, or too large; nothing is read then.
    """
    found = os.lstat(path)
    if not stat.S_ISREG(found.st_mode):
        raise PodlabError(f"{path.name} is a link or no regular file; it was not opened.", "hand in the notebook itself.")
    if found.st_size > MAX_BYTES:
        raise PodlabError(
            f"{path.name} is larger than {MAX_BYTES >> 20} MiB; it was not opened.", "clear its outputs, and hand it in again."
        )
    return read_bytes(path.read_bytes())


def timestamp_text(folder: Path) -> str:
    """What nbgrader's `timestamp.txt` says; empty where it is no plain, short file of one line."""
    return notes(folder).get(TIMESTAMP, "")


def notes(folder: Path) -> dict[str, str]:
    """nbgrader's own files beside a submission, by name: those that are plain, short, and of one line as nbgrader writes it."""
    found = {}
    for name, form in NOTES.items():
        try:
            state = os.lstat(folder / name)
            if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_NOTE:
                continue
            text = (folder / name).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if form.fullmatch(text):
            found[name] = text
    return found


def read_bytes(data: bytes) -> Submission:
    """Reads a notebook's bytes, whatever they are."""
    submission = Submission()
    text = _decode(data, submission.notes)
    submission.cells = _cells(text, submission.notes)[:MAX_CELLS]
    return submission


def _decode(data: bytes, notes: list[str]) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            notes.append(
                f"the file was saved as {encoding.upper().removesuffix('-SIG')} with a byte order mark; it was read all the same"
            )
            return data.decode(encoding, "replace")
    if data[:200].count(b"\0") > 20:
        notes.append("the file was saved as UTF-16; it was read all the same")
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("the file is not UTF-8 throughout; unreadable characters were replaced")
        return data.decode("utf-8", "replace")


def _cells(text: str, notes: list[str]) -> list[SubmittedCell]:
    try:
        document = json.loads(text, parse_int=float)  # an integer may have more digits than Python wants to read
        if isinstance(document, str):
            notes.append("the notebook was a text within a text; it was taken out")
            document = json.loads(document, parse_int=float)
        cells = document["cells"] if "cells" in document else [c for sheet in document["worksheets"] for c in sheet["cells"]]
        return [cell for raw in cells if (cell := _cell(raw)) is not None]
    except (ValueError, KeyError, TypeError, RecursionError):
        saved = _salvage(text)
        notes.append(f"the file is not a whole notebook; {len(saved)} cells were saved from it")
        return saved


def _cell(raw: Any) -> SubmittedCell | None:
    if not isinstance(raw, dict):
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    text = HALF.sub("\N{REPLACEMENT CHARACTER}", source.replace("\r\n", "\n").replace("\r", "\n")[:MAX_SOURCE])
    kind = str(raw.get("cell_type") or ("code" if "outputs" in raw else "markdown"))
    return SubmittedCell(kind, text, grade_id if isinstance(grade_id, str) else "")


def _salvage(text: str) -> list[SubmittedCell]:
    """The whole cells in a text that is no whole notebook."""
    decoder, place = json.JSONDecoder(parse_int=float), 0
    found: list[SubmittedCell] = []
    tries = 0
    while (match := CELL_START.search(text, place)) and len(found) < MAX_CELLS and tries < MAX_TRIES:
        tries += 1
        try:
            raw, place = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            place = match.end()
            continue
        cell = _cell(raw) if isinstance(raw, dict) and "cell_type" in raw else None
        if cell is not None:
            found.append(cell)
    return found
