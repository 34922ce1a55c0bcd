"""Writes docs/fidelity.md from docs/fidelity.in.md, the mock's tables, and runs of the recordings.

python tools/fidelity.py            writes the page; plays the scenarios (about a minute)
python tools/fidelity.py --tables   writes it with the figures of agreement that it has
python tools/fidelity.py --check    says whether its tables are up to date (the figures of agreement are not computed anew)
"""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from podlab.mock.api.resources import BUILTIN  # noqa: E402
from podlab.mock.kubelet.node_object import node_status  # noqa: E402
from podlab.mock.kubelet.refusals import CONTAINER_FIELDS, POD_FIELDS  # noqa: E402
from podlab.mock.programs import applet  # noqa: E402
from podlab.mock.programs.catalogue import APPLETS, MODULE_OF  # noqa: E402
from podlab.mock.programs.refused import REASONS  # noqa: E402

DATA = ROOT / "tests/conformance/data"
PAGE = ROOT / "docs/fidelity.md"
KEPT = re.compile(r"(?<=## Agreement\n\n).*?(?=\n\nWhere the recordings)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Writes or checks the page."""
    check = "--check" in arguments
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    kept = KEPT.search(before)
    figures = (kept[0] if kept else "") if arguments else agreement()
    text = (ROOT / "docs/fidelity.in.md").read_text(encoding="utf-8")
    for name, value in {**tables(), "agreement": figures}.items():
        text = text.replace("{{" + name + "}}", value)
    if check:
        print("docs/fidelity.md is " + ("up to date" if text == before else "out of date: run python tools/fidelity.py"))
        return int(text != before)
    PAGE.write_text(text, encoding="utf-8")
    return 0


def agreement() -> str:
    """Plays everything, and tells the figures."""
    run = subprocess.run([sys.executable, "-m", "tests.conformance"], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    figures = [line for line in lines if line.startswith(("Scenarios:", "Admission:"))]
    differing = [line.removeprefix("DIFF ") for line in lines if line.startswith("DIFF")]
    told = [*figures, *([f"Differing in this run: {', '.join(differing)}."] if differing else [])]
    return "\n".join(f"- {line}" for line in told)


def tables() -> dict[str, str]:
    """What the mock's own tables say."""
    served = sorted({(resource.group, resource.plural) for resource in BUILTIN})
    real = set(real_resources())
    unmodelled = [name for name in APPLETS if name not in MODULE_OF and name not in ("sh", "ash")]
    status = node_status_capacity()
    return {
        "kinds": ", ".join(f"`{plural}{'.' + group if group else ''}`" for group, plural in served) + ".",
        "missing": ", ".join(f"`{p}{'.' + g if g else ''}`" for g, p in sorted(real - set(served))) + ".",
        "cpu": status["cpu"],
        "pods": status["pods"],
        "fields": ", ".join(f"`{name}`" for name in (*POD_FIELDS, *CONTAINER_FIELDS)),
        "scripts": str(len(list((ROOT / "tests/shell").glob("*/*.sh")))),
        "applets": ", ".join(f"`{name}`" for name in APPLETS if name not in unmodelled),
        "flags": ", ".join(refused_flags()),
        "refused": "\n".join(f"- {why}: {', '.join(f'`{name}`' for name in names.split())}." for why, names in REASONS.items()),
    }


def refused_flags() -> list[str]:
    """Applets with the flags that each refuses by name."""
    shown = []
    for name in sorted(MODULE_OF):
        import_module(MODULE_OF[name])
        if refused := applet.APPLETS[name].refused:
            shown.append(f"`{name} {' '.join('-' + letter for letter in refused)}`")
    return shown


def node_status_capacity() -> dict[str, str]:
    """The node's capacity."""
    from podlab.mock.kernel import Kernel

    capacity: dict[str, str] = node_status(Kernel(), "node1", 110)["capacity"]
    return capacity


def real_resources() -> list[tuple[str, str]]:
    """(group, plural) of every resource in the recorded discovery."""
    found = []
    for path in sorted((DATA / "discovery").glob("api*_v*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        group = document.get("groupVersion", "v1").rpartition("/")[0]
        found += [(group, r["name"]) for r in document.get("resources", ()) if "/" not in r["name"]]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
