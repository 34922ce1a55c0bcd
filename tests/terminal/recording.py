"""What the real busybox showed in each session: one `recorded.json` a folder, beside the sessions.

python -m tests.terminal.recording [FOLDER/NAME ...]     plays sessions in the real busybox ($PODLAB_BUSYBOX) and records them
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.shell.playing import BUSYBOX, make_root
from tests.terminal.playing import play_in_busybox, read_session

HERE = Path(__file__).parent
FILE = "recorded.json"


def sessions() -> list[Path]:
    """All sessions, sorted."""
    return sorted(HERE.glob("*/*.keys"))


def session_id(path: Path) -> str:
    """How a session is called: folder and name."""
    return f"{path.parent.name}/{path.stem}"


def read_recorded(folder: Path) -> dict[str, list[str]]:
    """What was recorded for a folder's sessions, by name."""
    file = folder / FILE
    recorded: dict[str, list[str]] = json.loads(file.read_text()) if file.exists() else {}
    return recorded


def record(wanted: list[str]) -> None:
    """Plays sessions in the real busybox and records what is shown; all of them when none is named."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        make_root(root)
        for folder in sorted({path.parent for path in sessions()}):
            present = {path.stem: path for path in folder.glob("*.keys")}
            recorded = {stem: shown for stem, shown in read_recorded(folder).items() if stem in present}
            for stem, path in present.items():
                if not wanted or session_id(path) in wanted:
                    recorded[stem] = play_in_busybox(root, read_session(path))
            data = {stem: recorded[stem] for stem in sorted(recorded)}
            (folder / FILE).write_text(json.dumps(data, indent=1, ensure_ascii=True) + "\n")
    print(f"recorded with {BUSYBOX}")


if __name__ == "__main__":
    record(sys.argv[1:])
