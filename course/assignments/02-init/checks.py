"""What the exercises of chapter 2 are graded by: students and the grader run this very file."""

from datetime import datetime
from typing import Any

from podlab.grading import Draw, Rubric, Run
from podlab.lab.manifests import parse

Obj = dict[str, Any]
STEPS = ("fetch", "unpack", "check")

steps = Rubric("steps")


@steps.check("the pod becomes ready", points=1, hint="`%kubectl describe pod steps` tells which container fails, and why.")
def _steps_ready(run: Run) -> None:
    pod = run.pod("steps")
    run.expect("init containers", run.containers(pod, init=True), saw="none")
    run.wait_ready(pod)


@steps.check("the application prints fetch, unpack, check", points=1, hint="append to one file: `echo ... >> /work/steps`.")
def _steps_print(run: Run) -> None:
    pod = run.pod("steps")
    run.wait_ready(pod)
    lines = run.log(pod, "app").split()
    run.expect("the lines fetch, unpack, check", lines == list(STEPS), saw=" ".join(lines) or "nothing")


def _seen_by_app(spec: Obj, name: str, script: str) -> Obj:
    """An init container of the check's own that finds the files where the application does."""
    app = next((c for c in spec["containers"] if c["name"] == "app"), {})
    mounts = app.get("volumeMounts") or []
    return {"name": name, "image": "busybox:1.37", "command": ["sh", "-c", script], "volumeMounts": mounts}


@steps.check("three init containers wrote a line each", points=1, hint="each line is written by a container of its own.")
def _steps_each(run: Run) -> None:
    names = [c["name"] for c in run.containers(run.pod("steps"), init=True)]
    run.expect("three init containers or more", len(names) >= 3, saw=f"{len(names)}")

    def with_a_look_after_each(spec: Obj) -> None:
        looks = (_seen_by_app(spec, f"look-{n}", "cat /work/steps 2> /dev/null; true") for n in range(len(names)))
        own = [c for c in spec["initContainers"] if c.get("restartPolicy") != "Always"]
        spec["initContainers"] = [c for pair in zip(own, looks, strict=True) for c in pair]

    pod = run.variation("steps", with_a_look_after_each)
    lines = [run.log(pod, f"look-{n}").split() for n in range(len(names))]
    brought = {name: _new(before, after) for name, before, after in zip(names, [[], *lines], lines, strict=False)}
    told = ", ".join(f"{name} wrote {' '.join(new) or 'nothing'}" for name, new in brought.items())
    run.expect(
        "a line of each of three containers",
        sorted(new for new in brought.values() if new) == sorted([s] for s in STEPS),
        saw=told,
    )


def _new(before: list[str], after: list[str]) -> list[str]:
    """What was added to a file; all of it, if it was written anew."""
    return after[len(before) :] if after[: len(before)] == before else after


@steps.check("the application prints what it finds, not lines of its own", points=1, hint="the application stays as it is.")
def _steps_app(run: Run) -> None:
    own = run.wait_ready(run.pod("steps"))
    run.container(own, "app")
    run.expect("lines in its log", "fetch" in run.log(own, "app"), saw="none")

    step = f"a step of the check, {run.word()}"

    def with_another_step(spec: Obj) -> None:
        spec["initContainers"] = [_seen_by_app(spec, "other", f"echo {step} > /work/steps")]

    pod = run.variation("steps", with_another_step)
    log = run.log(pod, "app")
    run.expect("only the line that another init container wrote", log == f"{step}\n", saw=log or "nothing")


legacy = Rubric("legacy")


@legacy.variant
def _legacy_variant(draw: Draw) -> dict[str, str]:
    return {"size": str(draw.number(3, 10, 99))}


def _legacy_settings(run: Run) -> dict[str, str]:
    maps = [o for o in run.lab.get("configmaps") if o["metadata"]["name"] == "settings"]
    run.expect("a ConfigMap called settings", maps, saw="none")
    return dict(maps[0].get("data") or {})


def _legacy_lines(run: Run) -> str:
    settings = _legacy_settings(run)
    return f"greeting={settings.get('greeting', 'hello')}\nsize={settings.get('size', run.variant['size'])}\n"


@legacy.check("there is a ConfigMap `settings` with both keys", points=1, hint="`kind: ConfigMap`, and `data:` with two texts.")
def _legacy_map(run: Run) -> None:
    settings, size = _legacy_settings(run), run.variant["size"]
    run.expect(f"greeting: hello and size: {size}", settings == {"greeting": "hello", "size": size}, saw=str(settings))


@legacy.check("the application starts and stays", points=1, hint="`%kubectl get pods`, then `%kubectl logs NAME -c CONTAINER`.")
def _legacy_ready(run: Run) -> None:
    pod = run.only_pod()
    run.container(pod, "app")
    run.wait_ready(pod)
    run.advance(10)
    state = run.state(pod["metadata"]["name"])
    run.expect(
        "an application that still runs after ten seconds, without a restart",
        "app running" in state and "restart" not in state,
        saw=state,
    )


@legacy.check("it finds the two lines in /etc/app/app.conf", points=1, hint="`echo` the lines into a volume that both mount.")
def _legacy_file(run: Run) -> None:
    pod = run.wait_ready(run.only_pod())
    text = run.exec(pod, ["cat", "/etc/app/app.conf"], container="app").stdout
    run.expect("the two lines", text == _legacy_lines(run), saw=text or "no file")


@legacy.check("and had them when it started", points=1, hint="an init container is done before the application starts.")
def _legacy_first(run: Run) -> None:
    pod = run.wait_ready(run.only_pod())
    log = run.log(pod, "app")
    run.expect("the two lines in the application's log", log == _legacy_lines(run), saw=log or "nothing")


@legacy.check("the values come out of the ConfigMap", points=1, hint="mount it, or use `valueFrom: {configMapKeyRef: ...}`.")
def _legacy_changed(run: Run) -> None:
    run.expect(
        "a ConfigMap called settings",
        any(o.get("kind") == "ConfigMap" for o in run.objects if o["metadata"]["name"] == "settings"),
    )
    changed = {"greeting": "annyeong", "size": "77"}
    run.change_config("settings", changed)
    pod = run.start_again(run.only_pod())
    log = run.log(pod, "app")
    wanted = "greeting=annyeong\nsize=77\n"
    run.expect("the changed values after a new start", log == wanted, saw=log or "nothing")


patient = Rubric("patient")
DATABASE = """
apiVersion: v1
kind: Pod
metadata: {name: podlab-database, labels: {podlab.dev/grader: asker, db: "yes"}}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{name: db, image: "busybox:1.37", command: [sh, -c, "while true; do nc -l -p 5432 -e cat; done"]}]
---
apiVersion: v1
kind: Service
metadata: {name: database}
spec: {selector: {db: "yes"}, ports: [{port: 5432}]}
"""


@patient.check(
    "without a database the application is not started", points=1, hint="what must be done first goes into an init container."
)
def _patient_waits(run: Run) -> None:
    pod = run.pod("patient")
    run.container(pod, "app")
    run.advance(20)
    state = run.state("patient")
    tried = any(word in state for word in (" running", " terminated", "CrashLoopBackOff"))
    run.expect("a pod that waits", tried and "app waiting (PodInitializing)" in state, saw=state)


@patient.check(
    "it waits without failing", points=1, hint="a loop that ends when somebody listens: `until nc -z ...; do sleep 1; done`."
)
def _patient_calm(run: Run) -> None:
    run.pod("patient")
    run.advance(20)
    state = run.state("patient")
    run.expect("no restarts while it waits", " running" in state and "app waiting" in state and "restart" not in state, saw=state)


@patient.check(
    "when the database answers, the application starts", points=2, hint="the service is called `database`, its port is 5432."
)
def _patient_starts(run: Run) -> None:
    run.lab.apply([o for o in parse(DATABASE) if o["kind"] == "Service"])
    run.advance(90)
    early = run.state("patient")
    run.expect("no start while nobody listens behind the service", "app waiting (PodInitializing)" in early, saw=early)
    run.lab.apply(DATABASE)
    run.lab.wait("pod/podlab-database", "Ready")
    pod = run.wait_ready(run.pod("patient"))
    run.expect("the line started", "started" in run.log(pod, "app"), saw=run.tail(pod, "app"))
    run.advance(10)
    state = run.state("patient")
    run.expect("an application that stays", "app running" in state and not run.restarts("patient", "app"), saw=state)


report = Rubric("report")


@report.check(
    "the Job completes",
    points=1,
    hint="a sidecar that is ended with the others: `restartPolicy: Always` among the init containers.",
)
def _report_completes(run: Run) -> None:
    run.wait_job("report")


@report.check("the work was done", points=1, hint="`%kubectl logs job/report -c work`.")
def _report_work(run: Run) -> None:
    pod = run.wait_job("report")
    log = run.log(pod, "work").split()
    run.expect("the lines working and done", log == ["working", "done"], saw=" ".join(log) or "nothing")
    between = _seconds(run.finished(pod, "work")) - _seconds(run.started(pod, "work"))
    run.expect("five seconds between them", 4 <= between <= 8, saw=f"{between:g} seconds")


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


@report.check("the helper ran before the work began", points=1, hint="init containers are started before the others.")
def _report_before(run: Run) -> None:
    pod = run.wait_job("report")
    run.expect("the helper started first", run.started(pod, "helper") <= run.started(pod, "work"), saw="the work started first")
    kinds = [c["name"] for c in pod["spec"].get("initContainers") or []]
    run.expect("an order that Kubernetes keeps", "helper" in kinds, saw="two containers that start together")


@report.check("and helped until the work was done", points=1, hint="`while true; do echo helping; sleep 1; done`.")
def _report_helps(run: Run) -> None:
    pod = run.wait_job("report")
    count = run.log(pod, "helper").count("helping")
    run.expect("four or more lines of help", count >= 4, saw=f"{count} lines")
    late = [line for line in run.lab.logs(pod["metadata"]["name"], "helper", timestamps=True).splitlines() if "helping" in line]
    span = _seconds(late[-1].split()[0]) - _seconds(late[0].split()[0])
    run.expect("one line every second", span >= 3 and count <= 2 * span + 4, saw=f"{count} lines within {span:.0f} seconds")
    run.expect(
        "a helper that ended after the work", run.finished(pod, "helper") >= run.finished(pod, "work"), saw="it ended before"
    )
