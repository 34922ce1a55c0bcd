"""What the real Envoy did in each case is kept beside the cases: the mock is held against that, in simulated time.

    python -m tests.envoy.recording [CASE ...]    records the cases named, or those that are new or gone, or (--all) all
    python -m tests.envoy.recording --check       says which are new or gone

A case is recorded when the real one has done the same twice, at two paces.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.envoy.catalogue import CASES, MODULES, TOGETHER
from tests.envoy.comparing import Seen, seen
from tests.envoy.playing import play_for_real

FOLDER = Path(__file__).parent / "recorded"
PACES = (1.5, 3)


def load(module: str) -> dict[str, Seen]:
    """What was recorded of a module's cases."""
    path = FOLDER / f"{module}.json"
    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {name: Seen(**parts) for name, parts in found.items()}


def recorded() -> dict[str, Seen]:
    """What was recorded of all."""
    return {name: one for module in MODULES for name, one in load(module).items()}


def play(name: str, folder: Path, pace: float) -> Seen | None:
    """What the real one does in a case at a pace (everything takes so many times longer); None when it did not start."""
    try:
        return seen(CASES[name], play_for_real(CASES[name], folder, pace), pace)
    except (OSError, RuntimeError):  # somebody else may have come upon one of its ports
        return None


def record(name: str) -> Seen | None:
    """What the real one does in a case, None when it does this and that."""
    with TemporaryDirectory() as folder:
        first, second = (play(name, Path(folder, str(pace)), pace) for pace in PACES)
    return first if first == second else None


def main(arguments: list[str]) -> int:
    """Records; returns how many cases could not be."""
    known = recorded()
    if "--check" in arguments:
        print("run python -m tests.envoy.recording:", *sorted(CASES.keys() ^ known.keys()))
        return int(CASES.keys() != known.keys())
    wanted = [name for name in CASES if name in arguments or "--all" in arguments or (not arguments and name not in known)]
    with ThreadPoolExecutor(TOGETHER) as pool:
        made = dict(zip(wanted, pool.map(record, wanted), strict=True))
    for name, one in made.items():
        print(f"{'recorded' if one else 'NOT TWICE THE SAME'}  {name}")
    known |= {name: one for name, one in made.items() if one}
    FOLDER.mkdir(exist_ok=True)
    for module, cases in MODULES.items():
        text = json.dumps({name: asdict(known[name]) for name in cases if name in known}, indent=1)
        (FOLDER / f"{module}.json").write_text(f"{text}\n", "utf-8")
    return list(made.values()).count(None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
