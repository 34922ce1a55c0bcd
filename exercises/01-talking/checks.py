"""What the exercises of chapter 1 are graded by: students and the grader run this very file.

A rubric is a list of checks on one manifest. Each check gets a `Run`: a fresh cluster in which the manifest was applied. It
returns when it is content, and raises `Unmet` (mostly through `run.expect`) when it is not. Points are earned check by check.
"""

from typing import Any

from podlab.grading import Rubric, Run

Obj = dict[str, Any]

localhost = Rubric("localhost")


@localhost.check(
    "there is a container `watcher` beside the server", points=1, hint="a second item under `containers`, called watcher."
)
def _beside(run: Run) -> None:
    names = run.container_names(run.pod("neighbours"))
    run.expect("the containers server and watcher", {"server", "watcher"} <= set(names), saw=f"containers {', '.join(names)}")


@localhost.check("both become ready", points=1, hint="`%kubectl describe pod neighbours` tells what keeps it.")
def _ready(run: Run) -> None:
    run.container(run.wait_ready(run.pod("neighbours")), "watcher")


@localhost.check(
    "its log shows what the server answers, anew each time",
    points=1,
    hint="print the answer: `wget -q -O - http://localhost:8080/`.",
)
def _prints(run: Run) -> None:
    pod = run.pod("neighbours")
    first = run.expect_status(200, pod, port=8080).text
    run.advance(3)
    second = run.expect_status(200, pod, port=8080).text
    run.expect("the server as it was given, with a new page each second", second != first, saw=first)
    before = run.log(pod, "watcher").count("UTC")
    run.advance(21)
    more = run.log(pod, "watcher").count("UTC") - before
    run.expect(
        "at least three more answers within 21 seconds", more >= 3, saw=f"{more} more, in the log:\n{run.tail(pod, 'watcher')}"
    )
    run.end_helpers(pod, "server")  # the loop that renews the page
    page = f"a page of the check, {run.word()}, UTC"
    run.exec(pod, f"echo {page} > /www/index.html", container="server")
    run.advance(11)
    run.expect(
        "what the server answers, when its page was changed too",
        page in run.log(pod, "watcher"),
        saw=f"in the log:\n{run.tail(pod, 'watcher')}",
    )


ONLY_LOCAL = """mkdir -p /www; echo {} > /www/index.html
httpd -p '[::1]:8080' -h /www
exec httpd -f -p 127.0.0.1:8080 -h /www"""


@localhost.check(
    "it asks localhost, not an address that will change", points=1, hint="all containers of a pod share `localhost`."
)
def _local(run: Run) -> None:
    run.container(run.pod("neighbours"), "watcher")
    run.container(run.pod("neighbours"), "server")
    page = f"the answer at localhost, {run.word()}"

    def at_localhost_alone(spec: Obj) -> None:
        server = next(c for c in spec["containers"] if c["name"] == "server")
        server.update(image="busybox:1.37", command=["sh", "-c", ONLY_LOCAL.format(page)], args=[])

    pod = run.variation("neighbours", at_localhost_alone)
    run.advance(11)
    run.expect(
        "the answer of a server that listens at localhost alone",
        page in run.log(pod, "watcher"),
        saw=f"in the log:\n{run.tail(pod, 'watcher')}",
    )


serve = Rubric("serve")


@serve.check(
    "the pod becomes ready, with two containers at least",
    points=1,
    hint="`%kubectl get pods`, then `%kubectl describe pod NAME`.",
)
def _two_ready(run: Run) -> None:
    pod = run.only_pod()
    run.wait_ready(pod)
    names = run.container_names(pod)
    run.expect("two containers or more", len(names) >= 2, saw=f"containers {', '.join(names)}")


@serve.check("port 8080 serves /time.txt", points=1, hint="`httpd -f -p 8080 -h FOLDER`, and the file is called time.txt.")
def _serves(run: Run) -> None:
    answer = run.http(run.only_pod(), "/time.txt", port=8080)
    run.expect("status 200 and a text", answer.status == 200 and answer.text.strip() != "", saw=run.told(answer))


@serve.check(
    "what it serves is the current time, ten seconds later too",
    points=1,
    hint="a loop: `while true; do date > FILE; sleep 2; done`.",
)
def _fresh(run: Run) -> None:
    pod = run.only_pod()
    first = run.expect_status(200, run.wait_ready(pod), "/time.txt", 8080).text.strip()
    run.advance(11)
    second = run.http(pod, "/time.txt", port=8080).text.strip()
    run.expect("another time after 11 seconds", first != second and ":" in second, saw=f"{first!r}, then {second!r}")


@serve.check(
    "one container writes the file, and another serves it",
    points=1,
    hint="the application and the web server belong into containers of their own.",
)
def _apart(run: Run) -> None:
    pod = run.only_pod()
    servers = run.listening(pod, 8080)
    writers = [name for name in run.container_names(pod) if name not in servers and run.mounts_writable(pod, name)]
    run.expect(
        "a container that serves and another that can write",
        len(servers) == 1 and bool(writers),
        saw=f"serving: {servers}, writing: {writers}",
    )


@serve.check("the container that serves cannot change the files", points=1, hint="`readOnly: true` at its volume mount.")
def _read_only(run: Run) -> None:
    pod = run.only_pod()
    servers = run.listening(pod, 8080)
    run.expect("a container that serves port 8080", servers, saw="none")
    for server in servers:
        run.expect(f"a volume that {server} shares with the application", run.shared_mounts(pod, server), saw="none")
        for path in run.shared_mounts(pod, server):
            locked = not run.can_write(pod, server, path)
            run.expect(f"a read-only file system at {path}", locked, saw=f"{server} could write there")


service = Rubric("service")
ASKED = 6
"""How often a port is asked: every pod behind the service has to answer."""


@service.check(
    "there is a service `shop`, and a ready pod behind it", points=1, hint="its `selector` must fit the labels of your pods."
)
def _endpoints(run: Run) -> None:
    run.wait_endpoints("shop")


@service.check(
    "port 80 of the service answers `shop`", points=1, hint="`targetPort` is the port (or the port's name) in the container."
)
def _shop(run: Run) -> None:
    for _ in range(ASKED):
        answer = run.ask("http://shop:80/")
        run.expect("the answer shop", answer.strip() == "shop", saw=answer)


@service.check(
    "port 9000 of the service answers `fine`", points=1, hint="a service may have several ports; each then needs a name."
)
def _fine(run: Run) -> None:
    for _ in range(ASKED):
        answer = run.ask("http://shop:9000/")
        run.expect("the answer fine", answer.strip() == "fine", saw=answer)


@service.check("two containers of one pod answer, each on its own port", points=1, hint="one pod, two containers, two ports.")
def _together(run: Run) -> None:
    pods = run.pods_behind("shop")
    subsets = run.lab.get("endpoints/shop").get("subsets") or []
    targets = {p.get("name"): p["port"] for s in subsets if s.get("addresses") for p in s["ports"]}
    offered = {str(p["port"]): targets.get(p.get("name")) for p in run.lab.get("service/shop")["spec"]["ports"]}
    there = run.listeners(pods[0])
    who = {port: there.get(target, []) for port, target in offered.items()}
    run.expect(
        "one container each, behind ports 80 and 9000",
        all(len(who.get(port, [])) == 1 for port in ("80", "9000")) and who["80"] != who["9000"],
        saw="; ".join(f"port {port}: {', '.join(names) or 'nobody'}" for port, names in who.items()),
    )
