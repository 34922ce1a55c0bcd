"""Copied under the name of a program, with a first line that starts it: plays that program's part (see `playing`)."""

import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Find the entry that answers this call, and do what it says."""
    folder = Path(__file__).parent
    call = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
    with (folder / "calls.jsonl").open("a", encoding="utf-8") as calls:
        calls.write(json.dumps({"call": call, "environment": dict(os.environ)}) + "\n")
    session = json.loads((folder / "session.json").read_text("utf-8"))
    fitting = [n for n, entry in enumerate(session) if call.startswith(entry["call"])]
    if not fitting:
        sys.exit(f"player: no entry for: {call}")
    entry = session[fitting[0]]
    if len(fitting) > 1:
        del session[fitting[0]]
        (folder / "session.json").write_text(json.dumps(session), "utf-8")
    if "kubeconfig" in entry:
        named = call.split("--kubeconfig ")[1].split()[0] if "--kubeconfig " in call else os.environ["KUBECONFIG"]
        Path(named).write_text(entry["kubeconfig"], "utf-8")
    sys.stdout.buffer.write(entry.get("says", "").encode())
    sys.stderr.buffer.write(entry.get("complains", "").encode())
    return entry.get("exit", 0)


if __name__ == "__main__":
    sys.exit(main())
