"""`podlab course FOLDER`: a copy of the course, for those who installed podlab and have no checkout."""

import argparse
import shutil
from pathlib import Path

import podlab
from podlab.errors import PodlabError

PARTS = ("notebooks", "exercises")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path("podlab-course"), help="by default podlab-course, here")


def run(arguments: argparse.Namespace) -> int:
    """Copy what is not there yet: a student's work is never written over."""
    source, folder = _source(), arguments.folder
    copied = 0
    for file in sorted(file for part in PARTS for file in (source / part).rglob("*") if _belongs(file)):
        target = folder / file.relative_to(source)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            copied += 1
    print(f"podlab: {copied} new files in {folder}\n\n  podlab lab {folder}")
    return 0


def _source() -> Path:
    """Where the course is: in the installed package, or beside it in a checkout.

    Raises:
        PodlabError: it is in neither.
    """
    package = Path(podlab.__file__).parent
    for place in (package / "course", package.parent):
        if (place / "notebooks").is_dir() and (place / "exercises").is_dir():
            return place
    raise PodlabError("This podlab was installed without the course.", "install the wheel: pip install --force-reinstall podlab")


def _belongs(file: Path) -> bool:
    return file.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(file.parts)
