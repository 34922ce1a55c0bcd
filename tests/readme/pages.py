"""The commands that the pages give, and which of them a test runs: noted when the tests are read, and so on each worker alike."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README, GRADING = "README.md", "docs/grading.md"
PAGES = (README, GRADING)

# (what a command begins with, why it is not run here)
NOT_RUN = (
    ("make test", "it is what runs this"),
    ("make conformance", "`tests/conformance` plays what it plays"),
    ("KUBECONFIG=... make conformance", "`tests/conformance` plays what it plays"),
    ("nbgrader release_assignment", "wants an exchange, which an instructor's hub has"),
    ("nbgrader collect", "wants an exchange, which an instructor's hub has"),
    ("nbgrader release_feedback", "wants an exchange; `tests/grading` releases into one"),
    ("podlab grade 01-talking --cluster", "`tests/grading` grades on a cluster"),
    ("podlab grade 01-talking --on", "`tests/grading` sends the Job"),
    ("podlab export canvas --template", "`tests/grading` fills in templates"),
)
SPOKEN_OF = frozenset(("podlab report", "podlab up", "podlab grade", "make notebooks", "podlab down"))
RUN: set[str] = set()


def blocks(language: str, section: str) -> list[str]:
    """The README's blocks of a language in a section."""
    for part in re.split(r"^## ", (ROOT / README).read_text("utf-8"), flags=re.MULTILINE):
        if part.partition("\n")[0] == section:
            return re.findall(rf"^```{language}\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    raise LookupError(f"the README has no section {section!r}")


def run_here(section: str, word: str) -> list[str]:
    """The commands of the one block of a section with that word in it, which the caller's tests run."""
    (block,) = [block for block in blocks("console", section) if word in block]
    return noted(*filter(None, map(bare, block.splitlines())))


def noted(*commands_run: str) -> list[str]:
    """Commands that the caller's tests run; to be held against the pages."""
    RUN.update(commands_run)
    return list(commands_run)


@cache
def commands(page: str) -> tuple[str, ...]:
    """The commands of a page, each once: a line each in its blocks, and those that stand in its tables and text."""
    text = (ROOT / page).read_text("utf-8")
    code = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    spoken = re.findall(r"`((?:podlab|make|nbgrader|KUBECONFIG=\S+ make) [^`]*)`", prose)
    lines = [line for block in code for line in block.splitlines()]
    return tuple(dict.fromkeys(filter(None, map(bare, [*lines, *spoken]))))


def bare(line: str) -> str:
    """A line without its comment."""
    return re.sub(r"\s+#.*", "", line).strip()


def why_not(command: str) -> str:
    """Why a command is not run here; nothing if it is."""
    return next((reason for start, reason in NOT_RUN if command.startswith(start)), "")
