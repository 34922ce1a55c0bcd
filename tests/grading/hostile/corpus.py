"""Hostile submissions and damaged ones, as small builders, each with the points that its manifests earn."""

import contextlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[3]
RELEASE = ROOT / "exercises/01-talking"
SOURCE = ROOT / "solutions/01-talking"
ALL = (4.0, 5.0, 4.0)
NOTHING = (0.0, 0.0, 0.0)


def solutions() -> dict[str, str]:
    book = nbformat.read(SOURCE / "talking.ipynb", as_version=4)
    return {
        c.metadata.nbgrader.grade_id: "\n".join(line for line in c.source.split("\n") if "### " not in line).rstrip()
        for c in book.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }


RIGHT = solutions()


def book(**changed: str) -> Any:
    """The release with the solutions, some of them changed."""
    made = nbformat.read(RELEASE / "talking.ipynb", as_version=4)
    for cell in made.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in RIGHT:
            cell.source = changed.get(name, RIGHT[name])
    return made


def cell(made: Any, name: str) -> Any:
    return next(c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def put(folder: Path, made: Any, name: str = "talking.ipynb") -> None:
    (folder / name).write_text(json.dumps(made), encoding="utf-8")


Build = Callable[[Path], None]


def code(source: str) -> Build:
    """A cell of Python above everything, in an unsolved notebook."""

    def build(folder: Path) -> None:
        made = nbformat.read(RELEASE / "talking.ipynb", as_version=4)
        made.cells.insert(0, nbformat.v4.new_code_cell(source))
        put(folder, made)

    return build


def beside(command: str) -> Build:
    """A third container beside a right answer that runs a command."""
    text = RIGHT["localhost"] + f"\n  - name: evil\n    image: busybox:1.37\n    command: [sh, -c, {json.dumps(command)}]\n"
    return lambda folder: put(folder, book(localhost=text))


def instead(text: str) -> Build:
    """Another text as the first manifest."""
    return lambda folder: put(folder, book(localhost=f"%%manifest localhost\n{text}"))


def pod(spec: str) -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: neighbours}}\nspec: {spec}\n"


def many_containers(count: int) -> str:
    return pod("{containers: [" + ", ".join(f"{{name: c{i}, image: 'busybox:1.37'}}" for i in range(count)) + "]}")


def check_cell(source: str) -> Build:
    def build(folder: Path) -> None:
        made = nbformat.read(RELEASE / "talking.ipynb", as_version=4)
        for name in ("localhost", "serve", "service"):
            cell(made, f"check-{name}").source = source
        put(folder, made)

    return build


def fake_outputs(folder: Path) -> None:
    made = nbformat.read(RELEASE / "talking.ipynb", as_version=4)
    for name in ("localhost", "serve", "service"):
        result: Any = nbformat.v4.new_output("execute_result", data={"text/plain": "5.0"}, execution_count=1)
        cell(made, f"check-{name}").outputs = [result]
    put(folder, made)


def more_points(folder: Path) -> None:
    made = nbformat.read(RELEASE / "talking.ipynb", as_version=4)
    for c in made.cells:
        if c.metadata.get("nbgrader", {}).get("grade"):
            c.metadata.nbgrader.points = 1000
    put(folder, made)


def shadow(folder: Path) -> None:
    put(folder, nbformat.read(RELEASE / "talking.ipynb", as_version=4))
    for name in ("podlab.py", "sitecustomize.py", "checks.py", "hidden_checks.py", "yaml.py"):
        (folder / name).write_text("import os; os.mkdir('/tmp/podlab-was-here')\n")


def link(folder: Path) -> None:
    (folder / "talking.ipynb").symlink_to(SOURCE / "talking.ipynb")


def linked_folder(folder: Path) -> None:
    (folder / "inner").symlink_to(SOURCE)


def fifo(folder: Path) -> None:
    os.mkfifo(folder / "talking.ipynb")


def half_python(folder: Path) -> None:
    put(folder, book(localhost="%%manifest localhost\nimport os\nos._exit(0)\n"))


def deep_json(folder: Path) -> None:
    (folder / "talking.ipynb").write_text('{"cells": ' + "[" * 200_000)


def salvage_bomb(folder: Path) -> None:
    (folder / "talking.ipynb").write_text('{"cell_type":' * 300_000)


FALSE_ASKER = """
---
apiVersion: v1
kind: Pod
metadata: {name: podlab-asker}
spec:
  initContainers:
  - {name: forge, image: 'busybox:1.37', command: [sh, -c, "echo 'echo shop' > /w/wget; chmod +x /w/wget"], volumeMounts: [{name: w, mountPath: /w}]}
  containers:
  - {name: asker, image: 'busybox:1.37', command: [sleep, '9999'], volumeMounts: [{name: w, mountPath: /bin/wget, subPath: wget}]}
  volumes: [{name: w, emptyDir: {}}]
"""
HOST = "{containers: [{name: c, image: 'busybox:1.37', command: [sh, -c, 'cp -r /host /tmp/x; touch /host/tmp/podlab-was-here'], "
HOST += "securityContext: {privileged: true}, volumeMounts: [{name: h, mountPath: /host}]}], volumes: [{name: h, hostPath: {path: /}}]}"


def appended(name: str, text: str) -> Build:
    return lambda folder: put(folder, book(**{name: RIGHT[name] + text}))


def many_files(folder: Path) -> None:
    put(folder, book())
    for number in range(2000):
        (folder / f"{number}.py").write_text("x")


HOSTILE: dict[str, tuple[Build, tuple[float, float, float]]] = {
    "gradebook write": (code("import sqlite3; sqlite3.connect('/tmp/podlab-was-here')"), NOTHING),
    "monkeypatch": (code("import podlab.grading as g; g.check = lambda *a, **k: 5.0"), NOTHING),
    "transformer": (code("get_ipython().input_transformers_post.append(lambda lines: ['5.0'])"), NOTHING),
    "os._exit": (code("import os; os._exit(0)"), NOTHING),
    "ignored signals": (code("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"), NOTHING),
    "background process": (code("import subprocess; subprocess.Popen(['touch', '/tmp/podlab-was-here'])"), NOTHING),
    "network": (code("import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"), NOTHING),
    "reads solutions": (code("print(open('../../solutions/01-talking/talking.ipynb').read())"), NOTHING),
    "shell escape": (code("!touch /tmp/podlab-was-here"), NOTHING),
    "check cell is a number": (check_cell("5.0"), NOTHING),
    "check cell is Python": (check_cell("check('localhost') or 5.0"), NOTHING),
    "fake outputs": (fake_outputs, NOTHING),
    "more points": (more_points, NOTHING),
    "shadow modules": (shadow, NOTHING),
    "link": (link, NOTHING),
    "linked folder": (linked_folder, NOTHING),
    "fifo": (fifo, NOTHING),
    "Python as a manifest": (half_python, (0.0, 5.0, 4.0)),
    "alias bomb": (
        instead("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))),
        (0.0, 5.0, 4.0),
    ),
    "deep YAML": (instead("[" * 30_000), (0.0, 5.0, 4.0)),
    "giant YAML": (instead("apiVersion: v1\nkind: Pod\nx: " + "y" * 900_000), (0.0, 5.0, 4.0)),
    "Python tag": (instead("!!python/object/apply:os.system ['touch /tmp/podlab-was-here']"), (0.0, 5.0, 4.0)),
    "thousands of containers": (instead(many_containers(1000)), (0.0, 5.0, 4.0)),
    "thousands of pods": (instead("---\n".join(["apiVersion: v1\nkind: Pod\n"] * 1500)), (0.0, 5.0, 4.0)),
    "huge replicas": (
        instead("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: 2000000000}\n"),
        (0.0, 5.0, 4.0),
    ),
    "spinning": (beside("while :; do :; done"), ALL),
    "fork bomb": (beside("f(){ f | f & }; f"), ALL),
    "memory bomb": (beside("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done"), ALL),
    "output bomb": (beside("yes"), ALL),
    "regular expression bomb": (beside("echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep -E '(a+)+$'; sleep 9999"), ALL),
    "file bomb": (beside("dd if=/dev/zero of=/x bs=1M count=100000"), ALL),
    "false asker": (appended("service", FALSE_ASKER), (4.0, 5.0, 0.0)),
    "hides behind the grader's label": (
        instead(pod("{containers: [{name: c, image: 'busybox:1.37'}]}").replace("{name", "{labels: {podlab.dev/grader: x}, name")),
        (0.0, 5.0, 4.0),
    ),
    "the host's files": (instead(pod(HOST)), (0.0, 5.0, 4.0)),
    "reads hidden tests": (code("print(open('../../solutions/02-init/hidden_checks.py').read())"), NOTHING),
    "checks of their own": (code("import podlab.grading.rubrics as r; r.load = lambda *a: {}"), NOTHING),
    "exits by SystemExit": (code("raise SystemExit"), NOTHING),
    "thousands of files": (many_files, ALL),
    "deep JSON": (deep_json, NOTHING),
    "salvage bomb": (salvage_bomb, NOTHING),
}  # fmt: skip


def zipped(made: bytes, name: str = "talking.ipynb") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, made)
    return buffer.getvalue()


def as_bytes() -> bytes:
    return json.dumps(book()).encode()


def saved(name: str, data: Callable[[], bytes]) -> Build:
    def build(folder: Path) -> None:
        (folder / name).write_bytes(data())

    return build


def changed(change: Callable[[Any], object]) -> Build:
    def build(folder: Path) -> None:
        made = book()
        change(made)
        put(folder, made)

    return build


def drop(name: str) -> Callable[[Any], object]:
    return lambda made: made.cells.remove(cell(made, name))


def in_a_folder(folder: Path) -> None:
    (folder / "my work").mkdir()
    put(folder / "my work", book())


def duplicate(made: Any) -> None:
    """The stub once more, above and below."""
    stub = cell(nbformat.read(RELEASE / "talking.ipynb", as_version=4), "serve")
    made.cells.insert(0, stub)
    made.cells.append(stub)


def split(made: Any) -> None:
    place = made.cells.index(cell(made, "serve"))
    lines = made.cells[place].source.split("\n")
    made.cells[place].source = "\n".join(lines[:9])
    made.cells.insert(place + 1, nbformat.v4.new_code_cell("\n".join(lines[9:])))


def merge(made: Any) -> None:
    """Two manifests and a check in one cell."""
    service = cell(made, "service")
    cell(made, "serve").source += "\n" + cell(made, "check-serve").source + "\n" + service.source
    made.cells.remove(cell(made, "check-serve"))
    made.cells.remove(service)


def magic_lost(made: Any) -> None:
    cell(made, "serve").source = cell(made, "serve").source.split("\n", 1)[1]


def as_markdown(made: Any) -> None:
    found = cell(made, "serve")
    found.cell_type = "markdown"
    del found["outputs"], found["execution_count"]


def half_saved() -> bytes:
    """Cut off in the middle of the check of the last exercise."""
    text = json.dumps(book(), indent=1)
    return text[: text.index('"check-service"')].encode()


DAMAGE: dict[str, tuple[Build, tuple[float, float, float]]] = {
    "zip": (saved("hand-in.zip", lambda: zipped(as_bytes())), ALL),
    "zip called a notebook": (saved("talking.ipynb", lambda: zipped(as_bytes())), ALL),
    "zip of zips": (saved("all.zip", lambda: zipped(zipped(as_bytes()), "inner.zip")), ALL),
    "zip with a hostile name": (saved("x.zip", lambda: zipped(as_bytes(), "../../../../tmp/podlab-was-here.ipynb")), ALL),
    "zip bomb": (saved("bomb.zip", lambda: zipped(b"\0" * (60 << 20))), NOTHING),
    "broken zip": (saved("talking.ipynb", lambda: zipped(as_bytes())[:-60]), NOTHING),
    "copy": (saved("talking (1).ipynb", as_bytes), ALL),
    "other name": (saved("exercise 1 final FINAL.ipynb", as_bytes), ALL),
    "no suffix": (saved("talking", as_bytes), ALL),
    "in a folder": (in_a_folder, ALL),
    "UTF-16": (saved("talking.ipynb", lambda: as_bytes().decode().encode("utf-16")), ALL),
    "CRLF": (saved("talking.ipynb", lambda: json.dumps(book(), indent=1).replace("\n", "\r\n").encode()), ALL),
    "deleted manifest": (changed(drop("serve")), (4.0, 0.0, 4.0)),
    "deleted check": (changed(drop("check-serve")), ALL),
    "duplicated": (changed(duplicate), ALL),
    "split": (changed(split), ALL),
    "merged": (changed(merge), ALL),
    "magic line lost": (changed(magic_lost), ALL),
    "turned into text": (changed(as_markdown), ALL),
    "half saved": (saved("talking.ipynb", half_saved), ALL),
    "Latin-1": (saved("talking.ipynb", lambda: as_bytes() + "é".encode("latin-1")), ALL),
    "renamed id": (changed(lambda m: cell(m, "serve").metadata.nbgrader.update(grade_id="x")), ALL),
    "wrong metadata": (changed(lambda m: m.metadata.update(kernelspec=3, nbgrader="no")), ALL),
    "nothing in it": (saved("talking.ipynb", lambda: b""), NOTHING),
    "empty folder": (lambda folder: None, NOTHING),
}


def raw(change: Callable[[str], str | bytes]) -> Build:
    """The right notebook, its file's text changed."""

    def build(folder: Path) -> None:
        made = change(json.dumps(book()))
        (folder / "talking.ipynb").write_bytes(made if isinstance(made, bytes) else made.encode())

    return build


def sparse(folder: Path) -> None:
    with (folder / "talking.ipynb").open("wb") as file:
        file.truncate(1 << 40)


def socket_file(folder: Path) -> None:
    import socket

    with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as made:  # a socket's path has 107 letters at most
        made.bind("talking.ipynb")


def loops(folder: Path) -> None:
    (folder / "a").symlink_to(folder)
    (folder / "b").mkdir()
    (folder / "b" / "c").symlink_to("..")
    put(folder / "b", book())


def deep_folders(folder: Path) -> None:
    place = folder.joinpath(*["d"] * 200)
    place.mkdir(parents=True)
    put(place, book())


def greedy_zip(folder: Path) -> None:
    """A few bytes that want four gigabytes to be unpacked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("talking.ipynb", as_bytes())
    data = bytearray(buffer.getvalue())
    place = data.index(b"talking.ipynb") + len("talking.ipynb") + 5
    data[place : place + 4] = b"\xff\xff\xff\xff"
    (folder / "x.zip").write_bytes(data)


def many_members(folder: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_000):
            archive.writestr(str(number), b"")
    (folder / "x.zip").write_bytes(buffer.getvalue())


def swapped(made: Any) -> None:
    """Each of two manifests under the other's id."""
    first, second = cell(made, "localhost").metadata.nbgrader, cell(made, "serve").metadata.nbgrader
    first.grade_id, second.grade_id = "serve", "localhost"


def scripted(made: Any) -> None:
    """Outputs, attachments and metadata with scripts in them."""
    html: Any = nbformat.v4.new_output("display_data", data={"text/html": SCRIPT, "application/javascript": "alert(1)"})
    for c in made.cells:
        if c.cell_type == "code":
            c.outputs = [html]
        else:
            c.attachments = {"x.svg": {"image/svg+xml": SCRIPT}}
    made.metadata.title = SCRIPT
    made.cells.append(nbformat.v4.new_markdown_cell(SCRIPT))


SCRIPT = "<script>alert('podlab-was-here')</script><img src=x onerror=alert(1)>"
PAGE = json.dumps(f"while true; do printf '\\033[31m\\033]0;podlab\\007%s\\n' \"{SCRIPT}\"; sleep 1; done")
LINE = "while true; do head -c 3000000 /dev/zero | tr '\\\\0' x; echo; sleep 2; done"
CONTAINER = "{name: c, image: 'busybox:1.37', command: [sleep, '9999']%s}"
ESCAPE = (
    "{initContainers: [{name: i, image: 'busybox:1.37', command: [ln, -s, /, /w/x], volumeMounts: [{name: w, mountPath: /w}]}], "
    "containers: [{name: c, image: 'busybox:1.37', command: [sh, -c, 'touch /y/tmp/podlab-was-here; cp /y/etc/shadow /tmp/x'], "
    "volumeMounts: [{name: w, mountPath: /y, subPath: x}]}], volumes: [{name: w, emptyDir: {}}]}"
)
BOMB_OF_VALUES = ", ".join(f"{{name: A{n}, value: '{f'$(A{n - 1})' * 10}'}}" for n in range(1, 12))
HOOK = (
    "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: x}\n"
    "webhooks: [{name: a.b.c, clientConfig: {url: 'https://127.0.0.1:9/'}, sideEffects: None, admissionReviewVersions: [v1]}]\n"
)
CRON = (
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\nspec: {schedule: '* * * * *', timeZone: ../../../etc/passwd, "
    f"jobTemplate: {{spec: {{template: {{spec: {{restartPolicy: Never, containers: [{CONTAINER % ''}]}}}}}}}}}}\n"
)


def watching(command: str) -> Build:
    """Another command, as YAML, for the container whose log is looked at."""
    stock = 'command: [sh, -c, "while true; do wget -q -O - http://localhost:8080/; sleep 5; done"]'
    assert stock in RIGHT["localhost"]
    text = RIGHT["localhost"].replace(stock, f"command: [sh, -c, {command}]")
    return lambda folder: put(folder, book(localhost=text))


def one(more: str) -> Build:
    """A pod of one container, with something more in it."""
    return instead(pod(f"{{containers: [{CONTAINER % more}]}}"))


REST = (0.0, 5.0, 4.0)
HOSTILE |= {
    "keys twice": (raw(lambda text: text[:-1] + ', "cells": 3, "cells": []}'), NOTHING),
    "deep metadata": (raw(lambda text: f'{text[:-1]}, "x": {"[" * 50_000}{"]" * 50_000}}}'), ALL),
    "numbers without end": (
        raw(lambda text: text.replace('"execution_count": null', f'"execution_count": {"9" * 9000}').replace('"nbformat": 4', '"nbformat": NaN')),
        ALL,
    ),
    "half a letter": (raw(lambda text: text.replace("%%manifest localhost\\n", "%%manifest localhost\\n# \\ud800\\n")), ALL),
    "a terabyte of nothing": (sparse, NOTHING),
    "folder called a notebook": (lambda folder: (folder / "talking.ipynb").mkdir(), NOTHING),
    "loops of links": (loops, ALL),
    "deep folders": (deep_folders, NOTHING),
    "greedy zip": (greedy_zip, NOTHING),
    "zip of thousands": (many_members, NOTHING),
    "swapped ids": (changed(swapped), ALL),
    "scripts in outputs": (changed(scripted), ALL),
    "scripts in a log": (watching(PAGE), (2.0, 5.0, 4.0)),
    "a line without end": (watching(json.dumps(LINE)), (2.0, 5.0, 4.0)),
    "an integer without end": (
        instead(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: {{terminationGracePeriodSeconds: 0x{'f' * 50_000}}}\n"),
        REST,
    ),
    "half a letter in YAML": (instead('apiVersion: v1\nkind: Pod\nmetadata: {name: "\\ud83d\\ude00"}\n'), REST),
    "an anchor in itself": (instead("&a\napiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: &b {c: *b}}\n"), REST),
    "merge bomb": (
        instead("a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12))),
        REST,
    ),
    "deep blocks": (instead("- " * 20_000 + "x"), REST),
    "metadata is a word": (instead("apiVersion: v1\nkind: Pod\nmetadata: x\n"), REST),
    "escapes in a kind": (instead('apiVersion: v1\nkind: "Pod\\e[31m\\e]0;x\\a"\n'), REST),
    "a name that climbs": (instead(pod("{}").replace("neighbours", "../../../../api/v1/namespaces/kube-system")), REST),
    "quantities without end": (one(", resources: {limits: {memory: '1e999999999', cpu: '1e-999999999'}}"), REST),
    "a probe that hangs": (one(", readinessProbe: {exec: {command: [sleep, '99999']}, periodSeconds: 1, timeoutSeconds: 2147483647}"), REST),
    "hooks that hang": (
        one(", lifecycle: {postStart: {exec: {command: [sh, -c, 'while :; do :; done']}}, preStop: {exec: {command: [yes]}}}"),
        REST,
    ),
    "values that unfold": (one(f", env: [{{name: A0, value: xxxxxxxxxx}}, {BOMB_OF_VALUES}]"), REST),
    "out by a link": (instead(pod(ESCAPE)), REST),
    "a hook into the server": (instead(HOOK), REST),
    "a time zone of the host": (instead(CRON), REST),
    "kills all it sees": (beside("kill -9 -1; kill -9 1; exit 1"), ALL),
    "folders in folders": (beside("while mkdir d; do cd d; done; sleep 9999"), ALL),
    "memory at once": (beside("dd if=/dev/zero bs=99999999999 count=1; printf %999999999s x; sleep 9999"), ALL),
}  # fmt: skip
if hasattr(os, "mkfifo"):
    HOSTILE["socket"] = (socket_file, NOTHING)


def of_version_3(folder: Path) -> None:
    cells = [
        {"cell_type": c.cell_type, "input" if c.cell_type == "code" else "source": c.source, "metadata": c.metadata}
        for c in book().cells
    ]
    made = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}
    (folder / "talking.ipynb").write_text(json.dumps(made), encoding="utf-8")


def wrong_types(made: Any) -> None:
    first, second, third = (cell(made, name) for name in ("localhost", "serve", "service"))
    first.metadata["nbgrader"] = ["x"]
    second.metadata["nbgrader"] = {"grade_id": {"x": 1}, "points": "NaN", "solution": "no"}
    third["metadata"] = None


def magic_line(plain: str, strange: str) -> Build:
    return changed(lambda made: cell(made, "serve").update(source=cell(made, "serve").source.replace(plain, strange, 1)))


DAMAGE |= {
    "UTF-32": (raw(lambda text: text.encode("utf-32")), ALL),
    "two byte order marks": (raw(lambda text: b"\xef\xbb\xbf" * 2 + text.encode()), ALL),
    "format of 2013": (of_version_3, ALL),
    "format to come": (changed(lambda m: m.update(nbformat=5, nbformat_minor="x")), ALL),
    "wrong types": (changed(wrong_types), ALL),
    "full width": (magic_line("%%manifest", "\N{FULLWIDTH PERCENT SIGN}\N{FULLWIDTH PERCENT SIGN}manifest"), ALL),
    "hard blank": (magic_line("%%manifest ", "%%manifest\N{NO-BREAK SPACE}"), ALL),
    "another alphabet": (magic_line("serve", "\N{CYRILLIC SMALL LETTER DZE}erve"), ALL),
    "lost in a mail": (changed(lambda m: [c.pop("metadata") for c in m.cells]), ALL),
}
