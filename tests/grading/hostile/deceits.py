"""Submissions that know how they are graded: that lie to the checks' own programs, know the grader when they see it, forge what a
check looks for, or stand in its way. And more ways in which files are damaged.
"""

import base64
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from tests.grading.hostile import corpus
from tests.grading.hostile.corpus import ALL, NOTHING, REST, RIGHT, Build, appended, book, cell, changed, pod, put, raw, saved

LIE = "printf '#!/bin/sh\\necho Read-only file system >&2; exit 1\\n' > {0}/mkdir; chmod +x {0}/mkdir; cp {0}/mkdir {0}/touch"
READ_ONLY = ", readOnly: true"
SERVER = 'command: [httpd, -f, -p, "8080", -h, /www]'
UNLOCKED = (4.0, 4.0, 4.0)
"""All but the lock: the server can write, whatever it says."""


def of(**changes: str) -> Build:
    """The right notebook with other texts as manifests, without their magic lines."""
    texts = {name: f"%%manifest {name}\n{text}" for name, text in changes.items()}
    return lambda folder: put(folder, book(**texts))


def within(exercise: str, old: str, new: str) -> Build:
    """The right notebook with one right manifest changed at one place."""
    assert RIGHT[exercise].count(old) == 1, RIGHT[exercise]
    return lambda folder: put(folder, book(**{exercise: RIGHT[exercise].replace(old, new)}))


def unlocked(command: str) -> Build:
    """`serve` with a server that may write, which runs a command before it serves."""
    shell = json.dumps(f"{command}; exec /bin/httpd -f -p 8080 -h /www")
    text = RIGHT["serve"].replace(READ_ONLY, "").replace(SERVER, f"command: [/bin/sh, -c, {shell}]")
    assert READ_ONLY not in text
    assert shell in text
    return lambda folder: put(folder, book(serve=text))


def own_system() -> Build:
    """`serve` with volumes where the kernel speaks of processes."""
    mounts = "\n    - {name: page, mountPath: /proc}\n    - {name: page, mountPath: /sys}"
    return within(
        "serve", "\n    - {name: page, mountPath: /www, readOnly: true}", "\n    - {name: page, mountPath: /www}" + mounts
    )


def forged(mount: str, more: str = "") -> Build:
    """`serve` with a folder of false programs at some place of its server."""
    script = json.dumps(f"cp /bin/* /forged; rm -f /forged/mkdir /forged/touch; {LIE.format('/forged')}")
    forge = (
        f"{{name: forge, image: 'busybox:1.37', command: [sh, -c, {script}], volumeMounts: [{{name: b, mountPath: /forged}}]}}"
    )
    text = RIGHT["serve"].replace(READ_ONLY, "").replace(SERVER, SERVER.replace("httpd", "/bin/httpd") + more)
    text = text.replace("mountPath: /www}", f"mountPath: /www}}\n    - {{name: b, mountPath: {mount}}}")
    text = text.replace("  containers:\n", f"  initContainers: [{forge}]\n  containers:\n") + "\n  - {name: b, emptyDir: {}}\n"
    return lambda folder: put(folder, book(serve=text))


def watcher(command: str) -> Build:
    """Another command for the container whose log is looked at."""
    return corpus.watching(json.dumps(command))


def watched(line: str) -> Build:
    """More for the pod of `localhost`, at the level of its containers."""
    return appended("localhost", f"\n  {line}\n")


def labelled(line: str) -> Build:
    """More for the metadata of the pod of `localhost`."""
    return within("localhost", "  name: neighbours\n", f"  name: neighbours\n  {line}\n")


FALSE_LS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: lie}
data:
  ls: |
    #!/bin/sh
    echo "lrwx 1 root root 64 Jan 1 00:00 /proc/1/fd/3 -> socket:[4711]"
  cat: |
    #!/bin/sh
    echo "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1 x 100 0 0 10 0"
---
apiVersion: v1
kind: Pod
metadata: {name: clock}
spec:
  containers:
  - name: both
    image: busybox:1.37
    command: [sh, -c, "while true; do date > /www/time.txt; sleep 2; done & exec httpd -f -p 8080 -h /www"]
    volumeMounts: [{name: page, mountPath: /www}]
  - name: idle
    image: busybox:1.37
    command: [sleep, "9999"]
    volumeMounts:
    - {name: page, mountPath: /www, readOnly: true}
    - {name: lie, mountPath: /bin/ls, subPath: ls}
    - {name: lie, mountPath: /bin/cat, subPath: cat}
  volumes:
  - {name: page, emptyDir: {}}
  - {name: lie, configMap: {name: lie, defaultMode: 0755}}
"""
POWER = """
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: default, namespace: default}]
---
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  containers:
  - name: agent
    image: busybox:1.37
    command:
    - sh
    - -c
    - |
      cd /var/run/secrets/kubernetes.io/serviceaccount
      api=https://kubernetes.default/api/v1/namespaces/default
      while true; do
        for what in events pods; do
          wget -q -T 2 -O - --no-check-certificate --header "Authorization: Bearer $(cat token)" --header "Content-Type: application/json" \\
            --post-data '{"metadata": {"name": "podlab-asker"}, "spec": {"containers": [{"name": "asker", "image": "busybox:1.37"}]}}' $api/$what
        done
        sleep 1
      done
"""
NOBODY_IN = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nobody}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""
ONE_POD = """
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: two}
spec: {hard: {pods: "1"}}
"""
ADMISSION = """
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: none}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: "false"}]
"""
FALSE_WORDS = "while true; do echo 'UTC a page of the check, 0123456789, UTC'; echo 'the answer at localhost'; sleep 2; done"
HONEST_TO_GRADERS = "case $(hostname) in podlab-*) wget -q -O - http://localhost:8080/;; *) date;; esac"


def listed() -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": [_loaded("localhost")]})


def _loaded(name: str) -> Any:
    import yaml

    return yaml.safe_load(RIGHT[name].split("\n", 1)[1])


def merged_keys() -> str:
    made = "apiVersion: v1\nkind: Pod\nmetadata: {name: neighbours}\nspec:\n  containers:\n"
    server, watches = _loaded("localhost")["spec"]["containers"]
    made += f"  - &one {json.dumps(server)}\n"
    return made + f"  - <<: *one\n    name: watcher\n    command: {json.dumps(watches['command'])}\n"


def two_of_one_name() -> str:
    body = RIGHT["localhost"].split("\n", 1)[1]
    return f"{body}\n---\n{pod('{containers: [{name: c, image: x}]}')}"


def ports(count: int) -> str:
    return "\n    ports: [" + ", ".join(f"{{containerPort: {n + 1}}}" for n in range(count)) + "]"


def forged_reports(folder: Path) -> None:
    """Full points in what the grader itself writes into a graded notebook."""
    made = nbformat.read(corpus.RELEASE / "talking.ipynb", as_version=4)
    made.metadata["podlab"] = {"python": True}
    for name in ("localhost", "serve", "service"):
        checks = [{"title": "x", "points": 5.0, "earned": 5.0}]
        found = cell(made, f"check-{name}")
        found.metadata["podlab"] = {"exercise": name, "checks": checks, "problem": "", "notes": []}
        found.metadata["tags"] = ["podlab-notes"]
        found.metadata.nbgrader.update(solution=True, points=0, grade_id=name)
        found.source = f"%%manifest {name}\n5.0"
    put(folder, made)


def giant_outputs(made: Any) -> None:
    text: Any = nbformat.v4.new_output("stream", text="x" * 2_000_000)
    for c in made.cells:
        if c.cell_type == "code":
            c.outputs = [text]
    made.cells = made.cells[:]
    made.metadata["widgets"] = {str(n): {"state": "x" * 1000} for n in range(2000)}


def same_ids(made: Any) -> None:
    for c in made.cells:
        c["id"] = "x"


def many_cells(made: Any) -> None:
    """Five thousand cells after the answers."""
    made.cells += [nbformat.v4.new_code_cell("%%manifest other\na: b") for _ in range(5000)]


def fenced(made: Any) -> None:
    found = cell(made, "serve")
    found.source = f"My answer:\n\n```\n{found.source}\n```"
    found.cell_type = "markdown"
    del found["outputs"], found["execution_count"]


def attached(made: Any) -> None:
    data = base64.b64encode(b"\0" * 3_000_000).decode()
    for c in made.cells:
        if c.cell_type == "markdown":
            c.attachments = {
                "a.png": {"image/png": data if c is made.cells[0] else "x"},
                "../../../tmp/podlab-was-here": {"text/plain": "x"},
            }


def twice_in_a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        stub = (corpus.RELEASE / "talking.ipynb").read_bytes()
        archive.writestr("talking.ipynb", corpus.as_bytes())
        info = zipfile.ZipInfo("link.ipynb")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, str(corpus.SOURCE / "talking.ipynb"))
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr("talking.ipynb", stub)
    return buffer.getvalue()


def in_itself() -> bytes:
    """Zips in zips, deeper than the grader looks."""
    made = corpus.as_bytes()
    for number in range(12):
        made = corpus.zipped(made, f"{number}.zip" if number else "talking.ipynb")
    return made


def hollow() -> bytes:
    """A zip whose directory says that one small file has other sizes than it has."""
    data = bytearray(corpus.zipped(b"x" * 1000, "talking.ipynb"))
    place = data.rindex(b"PK\1\2")
    data[place + 20 : place + 28] = b"\xff\xff\xff\x7f\x01\0\0\0"
    return bytes(data)


HOSTILE: dict[str, tuple[Build, tuple[float, float, float]]] = {
    # lies to the checks' own programs
    "a writer's lies": (unlocked(LIE.format("/bin")), UNLOCKED),
    "no programs left": (unlocked("rm -f /bin/[a-gi-z]*"), UNLOCKED),
    "a folder over /bin": (forged("/bin"), UNLOCKED),
    "a PATH to elsewhere": (forged("/forged", "\n    env: [{name: PATH, value: /forged}, {name: ENV, value: /forged/mkdir}]"), UNLOCKED),
    "false ls and cat": (of(serve=FALSE_LS), (4.0, 3.0, 4.0)),
    "a false shell": (unlocked("cp /bin/busybox /tmp/sh; rm /bin/sh; printf '#!/tmp/sh\\necho Permission denied >&2; exit 1\\n' > /bin/sh; chmod +x /bin/sh"), UNLOCKED),
    "links in the way": (unlocked("i=0; while [ $i -lt 30 ]; do ln -s /sys/x /www/.podlab-check-$i; i=$((i+1)); done"), UNLOCKED),
    "a full folder": (unlocked("dd if=/dev/zero of=/www/full bs=1M count=100000"), UNLOCKED),
    "a path with a command": (
        within("serve", "mountPath: /www, readOnly: true}", "mountPath: /www}\n    - {name: page, mountPath: '/x; exit 1; '}"),
        UNLOCKED,
    ),
    "a /proc and a /sys of its own": (own_system(), UNLOCKED),
    # knowing the grader, and forging what it looks for
    "honest to graders": (watcher(f"while true; do {HONEST_TO_GRADERS}; sleep 5; done"), (2.0, 5.0, 4.0)),
    "the checks' own words": (watcher(FALSE_WORDS), (2.0, 5.0, 4.0)),
    "an agent at the API": (appended("localhost", POWER), ALL),
    "a mirror of the grader": (watched("hostname: podlab-asker"), ALL),
    # standing in the way
    "a port of the node": (within("localhost", "  - name: watcher\n", "    ports: [{containerPort: 8080, hostPort: 8080}]\n  - name: watcher\n"), ALL),
    "the node's network": (watched("hostNetwork: true"), ALL),
    "processes shared": (watched("shareProcessNamespace: true"), ALL),
    "processes shared beside a server": (appended("serve", "\n  shareProcessNamespace: true\n"), ALL),
    "the node's processes": (watched("hostPID: true"), (1.0, 5.0, 4.0)),
    "most of the node": (within("localhost", "  - name: watcher\n", "    resources: {requests: {cpu: '3'}}\n  - name: watcher\n"), ALL),
    "a finalizer": (labelled("finalizers: [example.com/never]"), ALL),
    "an owner that is not there": (
        labelled("ownerReferences: [{apiVersion: v1, kind: Pod, name: podlab-asker, uid: 00000000-0000-0000-0000-000000000000}]"),
        (1.0, 5.0, 4.0),
    ),
    "a pod that will not end": (
        appended("localhost", "\n    lifecycle: {preStop: {exec: {command: [sleep, '99999']}}}\n  terminationGracePeriodSeconds: 99999\n"),
        ALL,
    ),
    "nobody comes in": (appended("service", NOBODY_IN), (4.0, 5.0, 2.0)),
    "room for one": (appended("service", ONE_POD), (4.0, 5.0, 2.0)),
    "another namespace": (labelled("namespace: kube-system"), REST),
    "a policy of admission": (appended("service", ADMISSION), (4.0, 5.0, 0.0)),
    # ways to write it
    "a list": (of(localhost=listed()), ALL),
    "two of one name": (of(localhost=two_of_one_name()), REST),
    "a name by chance": (within("serve", "  name: clock\n", "  generateName: clock-\n"), ALL),
    "a look-alike": (within("localhost", "name: neighbours\n", "name: n\N{CYRILLIC SMALL LETTER IE}ighbours\n"), REST),
    "merge keys": (of(localhost=merged_keys()), ALL),
    "huge annotations": (labelled(f"annotations: {{x: {'y' * 60_000}}}"), ALL),
    "thousands of ports": (within("localhost", "\n  - name: watcher", f"{ports(2000)}\n  - name: watcher"), ALL),
    # notebooks and archives
    "forged reports": (forged_reports, NOTHING),
    "giant outputs": (changed(giant_outputs), ALL),
    "one id for all": (changed(same_ids), ALL),
    "thousands of cells": (changed(many_cells), ALL),
    "an answer in a fence": (changed(fenced), (4.0, 0.0, 4.0)),
    "attachments": (changed(attached), ALL),
    "a null in a manifest": (within("serve", "  name: clock\n", "  name: clo\0ck\n"), (4.0, 0.0, 4.0)),
    "a name twice in a zip": (saved("x.zip", twice_in_a_zip), ALL),
    "zips without end": (saved("x.zip", in_itself), NOTHING),
    "a hollow zip": (saved("x.zip", hollow), NOTHING),
}  # fmt: skip


def mac_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("talking.ipynb", corpus.as_bytes())
        archive.writestr("__MACOSX/._talking.ipynb", b"\0\5\x16\7\0\2\0\0Mac OS X cell" + b"\0" * 60)
    return buffer.getvalue()


def with_checkpoints(folder: Path) -> None:
    """The answer under another name, and what the editor kept of its beginnings."""
    put(folder, book(), "mine.ipynb")
    (folder / ".ipynb_checkpoints").mkdir()
    put(folder / ".ipynb_checkpoints", nbformat.read(corpus.RELEASE / "talking.ipynb", as_version=4), "talking-checkpoint.ipynb")


def conflict(text: str) -> str:
    """A merge of two versions that nobody finished: both have the same cells."""
    lines = json.dumps(json.loads(text), indent=1).split("\n")
    place = next(n for n, line in enumerate(lines) if '"source"' in line)
    return "\n".join(
        [*lines[:place], "<<<<<<< HEAD", lines[place], "=======", lines[place], ">>>>>>> theirs", *lines[place + 1 :]]
    )


def above(line: str) -> Callable[[Any], object]:
    """Something before the magic line."""
    return lambda made: cell(made, "serve").update(source=f"{line}{cell(made, 'serve').source}")


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        data = corpus.as_bytes()
        info = tarfile.TarInfo("talking.ipynb")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def lonely_yaml(folder: Path) -> None:
    for name, text in RIGHT.items():
        (folder / f"{name}.yaml").write_text(text.split("\n", 1)[1])


DAMAGE: dict[str, tuple[Build, tuple[float, float, float]]] = {
    "zip of a Mac": (saved("hand-in.zip", mac_zip), ALL),
    "checkpoints beside it": (with_checkpoints, ALL),
    "a merge without an end": (raw(conflict), ALL),
    "a comment above the magic line": (changed(above("# my answer\n\n")), ALL),
    "a blank before the magic line": (changed(above("  ")), ALL),
    "nulls at the end": (raw(lambda text: text + "\0" * 4096), ALL),
    "a comma too much": (raw(lambda text: text[:-1] + ",}"), ALL),
    "as the server tells it": (raw(lambda text: json.dumps({"type": "notebook", "content": json.loads(text)})), ALL),
    "a text of a text": (raw(json.dumps), ALL),
    "cells without kinds": (changed(lambda m: [c.pop("cell_type") for c in m.cells]), ALL),
    "compressed": (saved("talking.ipynb.gz", lambda: gzip.compress(corpus.as_bytes())), NOTHING),
    "tar": (saved("hand-in.tar.gz", tarred), NOTHING),
    "a page of HTML": (saved("talking.html", lambda: b"<html><body>cell: " + corpus.as_bytes() + b"</body></html>"), ALL),
    "manifests without a notebook": (lonely_yaml, NOTHING),
    "in reverse": (changed(lambda m: m.cells.reverse()), ALL),
}  # fmt: skip

WHY = {
    **dict.fromkeys(
        (
            "a writer's lies",
            "no programs left",
            "a folder over /bin",
            "a PATH to elsewhere",
            "a false shell",
            "links in the way",
            "a full folder",
        ),
        "web could write there",
    ),
    "false ls and cat": "serving: ['both'], writing: []",
    "honest to graders": "what the server answers, when its page was changed too",
    "the checks' own words": "the answer of a server that listens at localhost alone",
    "an owner that is not there": "no pod neighbours",
    "nobody comes in": "timed out",
    "room for one": "exceeded quota",
    "a policy of admission": "no matches for kind",
    "a look-alike": "n\N{CYRILLIC SMALL LETTER IE}ighbours",
    "a null in a manifest": "special characters are not allowed",
    "zips without end": "no notebook: x.zip",
    "a hollow zip": "its zip cannot be read",
    "a comment above the magic line": "its first line was mended: %%manifest serve",
    "a text of a text": "was a text within a text",
    "as the server tells it": "cells were saved from it",
    "compressed": "no notebook: talking.ipynb.gz",
    "tar": "no notebook: hand-in.tar.gz",
    "manifests without a notebook": "no notebook: localhost.yaml, serve.yaml, service.yaml",
    "checkpoints beside it": "mine.ipynb was graded in its place",
}
"""What the report says, among others, of some of them."""
