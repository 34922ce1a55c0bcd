"""What the real busybox did with each script: one `recorded.json` a folder, beside the scripts.

python -m tests.shell.recording [FOLDER/NAME ...]     plays scripts in the real busybox ($PODLAB_BUSYBOX) and records what they do
"""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.shell.playing import BUSYBOX, Played, make_root, play_in_busybox

HERE = Path(__file__).parent
FILE = "recorded.json"


def scripts() -> list[Path]:
    """All scripts, sorted."""
    return sorted(HERE.glob("*/*.sh"))


def script_id(path: Path) -> str:
    """How a script is called: folder and name."""
    return f"{path.parent.name}/{path.stem}"


def read_recorded(folder: Path) -> dict[str, Played]:
    """What was recorded for a folder's scripts, by name."""
    file = folder / FILE
    return {name: Played(**played) for name, played in json.loads(file.read_text()).items()} if file.exists() else {}


def write_recorded(folder: Path, recorded: dict[str, Played]) -> None:
    """Writes a folder's records."""
    data = {name: asdict(recorded[name]) for name in sorted(recorded)}
    (folder / FILE).write_text(json.dumps(data, indent=1, ensure_ascii=True) + "\n")


def record(wanted: list[str]) -> None:
    """Plays scripts in the real busybox and records the outcome; all of them when none is named."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        make_root(root)
        for folder in sorted({path.parent for path in scripts()}):
            recorded = read_recorded(folder)
            present = {path.stem for path in folder.glob("*.sh")}
            recorded = {stem: played for stem, played in recorded.items() if stem in present}
            for path in sorted(folder.glob("*.sh")):
                if not wanted or script_id(path) in wanted:
                    recorded[path.stem] = play_in_busybox(root, path.read_bytes())
            write_recorded(folder, recorded)
    print(f"recorded with {BUSYBOX}")


if __name__ == "__main__":
    record(sys.argv[1:])
