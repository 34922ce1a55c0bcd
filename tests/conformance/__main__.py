"""Plays the recorded scenarios and manifests, and says how far a cluster agrees with the real one.

python -m tests.conformance                          on a mock of its own for each scenario
python -m tests.conformance --kubeconfig K           on any cluster; each scenario in a namespace `c-NAME`, nothing else is stored

`make conformance` does the same, and takes the cluster from KUBECONFIG.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import yaml

from podlab.lab.transport import Connection
from tests.conformance.admission import CASES, Verdict, judge, over_http
from tests.conformance.comparing import SCENARIOS, Part, compare
from tests.conformance.playing import Player
from tests.conformance.serving import serving

ADMISSION_AIM: Final = 0.97
"""The share of whole answers to manifests that has to agree; of codes and reasons all have to."""


def main(argv: list[str]) -> int:
    """Plays, prints, and returns the exit code: 0 when all that has to agree does."""
    options = _parse(argv)
    print(f"On {options.kubeconfig or 'a new mock for each scenario'}:", flush=True)
    agreed = _play_scenarios(options)
    if not options.scenarios:
        agreed = _post_manifests(options) and agreed
    return int(not agreed)


def play(name: str, kubeconfig: Path | None = None, seed: int = 0) -> dict[str, object]:
    """Plays one scenario on a cluster, or on a new mock, and returns the recording."""
    scenario = {"name": name, **yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8"))}
    with tempfile.TemporaryDirectory() as folder:
        if kubeconfig is not None:
            return Player(kubeconfig, Path(folder)).play(scenario)
        with serving(Path(folder), seed) as (own, start):
            return Player(own, Path(folder), start).play(scenario)


def _play_scenarios(options: argparse.Namespace) -> bool:
    """Plays scenarios, prints how each went and the figures, and says whether all stable parts agree."""
    total = good = 0
    for name in options.scenarios or sorted(path.stem for path in SCENARIOS.glob("*.yaml")):
        recording = play(name, options.kubeconfig, options.seed)
        if options.out:
            _write(options.out / f"{name}.json", recording)
        found = compare(name, recording, options.objects)
        differing = [part for part in found if not part.agrees]
        total, good = total + len(found), good + len(found) - len(differing)
        which = "  " + ", ".join(part.name for part in differing) if differing else ""
        print(f"{'DIFF' if differing else 'ok  '} {name}: {len(found) - len(differing)}/{len(found)}{which}", flush=True)
        _detail(differing, options)
    print(f"Scenarios: {good} of {total} stable parts agree.", flush=True)
    return good == total


def _post_manifests(options: argparse.Namespace) -> bool:
    """Posts the manifests, prints which are answered otherwise and the figures, and says whether enough agree."""
    verdicts = _verdicts(options.kubeconfig, options.seed)
    differing = [verdict for verdict in verdicts if not verdict.whole]
    for verdict in differing:
        print(f"DIFF {verdict.case}: {'another message, cause or default' if verdict.code else 'another code or reason'}")
    _detail(differing, options)
    codes, whole = sum(verdict.code for verdict in verdicts), len(verdicts) - len(differing)
    print(f"Admission: {codes} of {len(verdicts)} codes and reasons, {whole} of {len(verdicts)} whole answers agree.")
    return codes == len(verdicts) and whole >= ADMISSION_AIM * len(verdicts)


def _verdicts(kubeconfig: Path | None, seed: int) -> list[Verdict]:
    if kubeconfig is not None:
        connection = Connection(kubeconfig)
        try:
            return [judge(case, over_http(connection)) for case in CASES]
        finally:
            connection.close()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), seed) as (own, _):
        return _verdicts(own, seed)


def _detail(differing: Sequence[Part | Verdict], options: argparse.Namespace) -> None:
    if options.detail and differing:
        print(*differing, sep="\n", flush=True)


def _write(path: Path, recording: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(recording, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance", description="Play the recorded scenarios and manifests, and count what agrees."
    )
    own = "the cluster (default: a new mock for each scenario)"
    parser.add_argument("--kubeconfig", type=Path, help=own)
    parser.add_argument("--detail", action="store_true", help="show each difference")
    parser.add_argument("--objects", action="store_true", help="also compare the pods, field by field")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the recordings there")
    parser.add_argument("--seed", type=int, default=0, help="the mock's seed (default: %(default)s)")
    parser.add_argument("scenarios", nargs="*", metavar="NAME", help="of a scenario, without the manifests (default: everything)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
