"""What the exercises of chapter 4 are graded by: students and the grader run this very file.

Each exercise presupposes something, which stands in a file of its name beside this one. Applications are asked from where they
are, in the container `app`; what came of it is read at the other end, where the checks' own services are.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from podlab.errors import PodlabError
from podlab.grading import Rubric, Run, Unmet

Obj = dict[str, Any]

HERE = Path(__file__).resolve().parent
DNS_SECONDS = 12
"""Longer than an Envoy trusts a name's address."""


def _given(name: str) -> str:
    return (HERE / f"{name}.yaml").read_text(encoding="utf-8")


def _shell(run: Run, pod: str, command: str, container: str = "") -> str:
    """What a command prints in one of the checks' own pods."""
    return run.lab.exec(pod, command, container or None).stdout


def _beside(run: Run, pod: Obj, port: int) -> None:
    who = run.listening(pod, port)
    saw = _saw(run, pod["metadata"]["name"], f"{', '.join(who) or 'nobody'} listens there")
    run.expect(f"a container beside app on port {port}", who and "app" not in who, saw)


def _saw(run: Run, name: str, what: str) -> str:
    """What was seen; and where a container does not run, that, and what it wrote last: Envoy says why it ended."""
    pod = run.pod(name)
    said = []
    for status in pod["status"].get("containerStatuses") or []:
        if status["restartCount"] or "running" not in (status.get("state") or {}):
            log = run.log(pod, status["name"]) or run.log(pod, status["name"], previous=True)
            said += [line[:700] for line in log.strip().splitlines()[-1:]]
    return "; ".join([what, run.state(name), *said] if said else [what])


# -- 1, a door to the store

door = Rubric("door", _given("door"))
ASK_STORE = "echo GET {} | nc -w 9 localhost 7000"


def _till(run: Run) -> Obj:
    pod = run.wait_ready(run.pod("till"))
    run.container(pod, "app")
    run.lab.wait("pod/podlab-store", "Ready")
    return pod


@door.check("the till becomes ready, with an ambassador beside it", points=1, hint="a second container: `nc -lk -p 7000 -e ...`.")
def _door_beside(run: Run) -> None:
    pod = _till(run)
    run.advance(5)
    _beside(run, pod, 7000)


@door.check("at localhost:7000 it reads what the store says", points=1, hint="the store is the service `store`, port 7000.")
def _door_reads(run: Run) -> None:
    pod = _till(run)
    run.advance(5)
    for text in ("17 tables", "3 lamps"):
        _shell(run, "podlab-store", f"echo {text} > /stock")
        run.advance(5)
        run.expect(f"{text!r} in the log of app", text in run.log(pod, "app"), saw=run.tail(pod, "app"))


@door.check("one connection after another", points=1, hint="`nc -l` serves one connection, `nc -lk` goes on.")
def _door_goes_on(run: Run) -> None:
    pod = _till(run)
    run.advance(20)
    answers = run.log(pod, "app").splitlines()[-5:]
    run.expect("five answers in a row", len(answers) == 5 and "no answer" not in answers, saw=run.tail(pod, "app"))


@door.check("several at once", points=1, hint="`nc -lk -e` starts a program for each connection, whoever else is served.")
def _door_at_once(run: Run) -> None:
    pod = _till(run)
    one = ASK_STORE.format("slow")
    text = run.exec(pod, f"for i in 1 2 3 4 5; do {one} & done; wait", container="app").stdout
    stock = _shell(run, "podlab-store", "cat /stock").strip()
    run.expect("five answers within nine seconds", text.split("\n").count(stock) == 5, saw=text or "none")


@door.check(
    "also when the store has moved to another address", points=1, hint="name the service; look it up for each connection."
)
def _door_moves(run: Run) -> None:
    pod = _till(run)
    run.lab.delete("pod/podlab-store", grace_seconds=0)
    run.lab.apply(_given("door").replace("podlab-store", "podlab-store-2"))
    run.lab.wait("pod/podlab-store-2", "Ready")
    _shell(run, "podlab-store-2", "echo 5 beds > /stock")
    run.advance(2 * DNS_SECONDS)
    run.expect("what the store says at its new place", "5 beds" in run.log(pod, "app"), saw=run.tail(pod, "app"))


# -- 2, one proxy for all

proxy = Rubric("proxy", _given("proxy"))
PLACES = {"stock": "podlab-stock", "price": "podlab-price"}


def _shop(run: Run) -> Obj:
    pod = run.wait_ready(run.pod("shop"))
    run.container(pod, "app")
    run.advance(4)
    return pod


@proxy.check("port 3128 is served by a container `proxy`", points=1, hint="`nc -lk -p 3128 -e sh /proxy.sh`.")
def _proxy_there(run: Run) -> None:
    pod = _shop(run)
    who = run.listening(pod, 3128)
    run.expect("the container proxy on port 3128", who == ["proxy"], saw=f"{', '.join(who) or 'nobody'} listens there")


@proxy.check(
    "the application reads what both services say", points=1, hint="the proxy asks the HOST of `http://HOST/PATH` for /PATH."
)
def _proxy_reads(run: Run) -> None:
    pod = _shop(run)
    for place in PLACES.values():
        _shell(run, place, f"echo new words of {place} > /www/today")
    run.advance(10)
    for place in PLACES.values():
        wanted = f"new words of {place}"
        run.expect(f"{wanted!r} in the log of app", wanted in run.log(pod, "app").splitlines(), saw=run.tail(pod, "app"))


@proxy.check("each request leaves a line in the log of proxy", points=1, hint='`echo "$method $host $path" >&2`.')
def _proxy_logs(run: Run) -> None:
    pod = _shop(run)
    for number, host in enumerate(PLACES):
        run.exec(pod, f"wget -q -T 5 -O - http://{host}/check-{number}", container="app")
    run.advance(2)
    for number, host in enumerate(PLACES):
        lines = [one for one in run.log(pod, "proxy").splitlines() if f"/check-{number}" in one and host in one]
        run.expect(f"a line with {host} and /check-{number}", lines, saw=run.tail(pod, "proxy"))


@proxy.check(
    "what is not there is a 404 for the application too", points=1, hint="pass the answer on as it is, with its first line."
)
def _proxy_passes_on(run: Run) -> None:
    pod = _shop(run)
    page = run.exec(pod, "wget -q -T 5 -O - http://stock/today", container="app")
    run.expect("the page that is there", page.exit_code == 0 and page.stdout, saw=page.stderr.strip() or "nothing")
    missing = run.exec(pod, "wget -T 5 -O - http://stock/nothing", container="app")
    run.expect("an error 404", "404" in missing.stderr, saw=(missing.stderr + missing.stdout).strip() or "nothing")


# -- 3, a canary

canary = Rubric("canary", _given("canary"))
ASKED, LEAST, MOST = 200, 30, 72
"""Of 200 requests at a quarter each, fewer or more than this go to v2 once in a thousand times."""


def _versions(run: Run, count: int, header: str = "") -> list[str]:
    """Which version answered each of many requests of the application."""
    pod = run.wait_ready(run.pod("buyer"))
    run.advance(5)
    more = f"--header '{header}'" if header else ""
    one = f"wget -q -T 5 {more} -O - http://localhost:9000/ 2>&1"
    return run.exec(pod, f"i=0; while [ $i -lt {count} ]; do i=$((i+1)); {one}; done", container="app").stdout.splitlines()


def _told(versions: list[str]) -> str:
    odd = [one for one in versions if one not in ("v1", "v2")]
    state = f", and {len(odd)} others such as {odd[0]!r}" if odd else ""
    return f"{versions.count('v1')} answers of v1 and {versions.count('v2')} of v2{state}"


@canary.check(
    "the application is answered at localhost:9000", points=1, hint="`%kubectl logs buyer -c envoy` tells what it does not like."
)
def _canary_answers(run: Run) -> None:
    versions = _versions(run, 10)
    run.expect("ten answers", len(versions) == 10 and set(versions) <= {"v1", "v2"}, saw=_saw(run, "buyer", _told(versions)))


@canary.check("a quarter goes to v2", points=2, hint="`weighted_clusters`; both clusters must be there.")
def _canary_share(run: Run) -> None:
    versions = _versions(run, ASKED)
    right = len(versions) == ASKED == versions.count("v1") + versions.count("v2")
    run.expect(
        f"{ASKED} answers, {LEAST} to {MOST} of them of v2",
        right and LEAST <= versions.count("v2") <= MOST,
        saw=_saw(run, "buyer", _told(versions)),
    )


@canary.check("with the header `x-canary: yes`, everything", points=1, hint="a route of its own, above the other.")
def _canary_header(run: Run) -> None:
    versions = _versions(run, 20, "x-canary: yes")
    run.expect("20 answers of v2", versions == ["v2"] * 20, saw=_saw(run, "buyer", _told(versions)))
    versions = _versions(run, 20, "x-canary: no")
    run.expect("some of v1 with another value of the header", "v1" in versions, saw=_saw(run, "buyer", _told(versions)))


# -- 4, calm under fire

calm = Rubric("calm", _given("calm"))
ORDER = "http://localhost:9000/cgi-bin/order"
ASK = f"""
one() {{
  read a x < /proc/uptime; wget -q -T 60 -O - {ORDER} 2>/dev/null || echo failed; read b x < /proc/uptime
  echo took $a $b
}}
count() {{ i=0; while [ $i -lt $1 ]; do i=$((i+1)); one; done; }}
seconds() {{ read a x < /proc/uptime; e=$((${{a%.*}} + $1)); b=$a; while [ ${{b%.*}} -lt $e ]; do one; pause; done; }}
pause() {{ [ $((${{b%.*}}${{b#*.}} - ${{a%.*}}${{a#*.}})) -gt 10 ] || sleep 0.5; }}  # after an answer that came at once
"""
COUNT, SECONDS = "count", "seconds"
REQUESTS, GOOD = 40, 38
LONGEST = 3.0
CLIENTS, LOAD = 6, 1.5
HANG_SECONDS = 40


class Asked:
    """What came of the application's requests.

    Args:
        run: Where.
        mode: What the service does, as `calm.yaml` says.
        how: How often, or how long, each client asks.
        clients: How many do at once.

    Attributes:
        asked: How many requests the application made.
        good: How many were answered with an order that the service made for it.
        longest: How long the longest took, in seconds.
        load: How many requests reached the service.
    """

    def __init__(self, run: Run, mode: str, how: str, clients: int = 1) -> None:
        pod = run.wait_ready(run.pod("caller"))
        run.lab.wait("pod/podlab-orders", "Ready")
        run.advance(5)
        _shell(run, "podlab-orders", f"echo {mode} > /tmp/mode; : > /tmp/requests")
        text = run.exec(pod, f"{ASK}\nfor c in $(seq {clients}); do {how} & done; wait", container="app").stdout
        self.load = int(_shell(run, "podlab-orders", "wc -l < /tmp/requests"))
        _shell(run, "podlab-orders", "echo 0 0 0 > /tmp/mode")
        orders = set(re.findall(r"^order (\d+)-(\d+)$", text, re.M))
        self.good = len([number for number, _ in orders if int(number) <= self.load])
        times = [float(b) - float(a) for a, b in re.findall(r"^took ([\d.]+) ([\d.]+)$", text, re.M)]
        self.longest = max(times, default=0.0)
        self.asked = len(times)

    def __str__(self) -> str:
        return f"{self.good} of {self.asked} good, the longest took {self.longest:.1f} s; the service got {self.load} requests"


@calm.check("the application gets its orders at localhost:9000", points=1, hint="`%kubectl logs caller -c envoy`.")
def _calm_answers(run: Run) -> None:
    run.wait_ready(run.pod("caller"))
    run.advance(5)
    _beside(run, run.pod("caller"), 9000)
    asked = Asked(run, "0 0 0", f"{COUNT} 5")
    run.expect("five orders", asked.good == 5, saw=_saw(run, "caller", str(asked)))


@calm.check("six clients at once are all served when the service is well", points=1, hint="do not limit requests, limit retries.")
def _calm_busy(run: Run) -> None:
    asked = Asked(run, "0 0 0.3", f"{COUNT} 5", CLIENTS)
    run.expect(f"{CLIENTS * 5} orders", asked.good == CLIENTS * 5, saw=_saw(run, "caller", str(asked)))


@calm.check(
    "each fourth request fails: the application hardly notices",
    points=1,
    hint="`retry_policy: {retry_on: 5xx, num_retries: ...}`.",
)
def _calm_fails(run: Run) -> None:
    asked = Asked(run, "4 0 0", f"{COUNT} {REQUESTS}")
    run.expect(f"at least {GOOD} of {REQUESTS} good", asked.good >= GOOD, saw=_saw(run, "caller", str(asked)))


@calm.check(
    "each fifth hangs: it hardly notices either",
    points=1,
    hint="`per_try_timeout`: short enough for another try within the time.",
)
def _calm_hangs(run: Run) -> None:
    asked = Asked(run, "0 5 0", f"{COUNT} {REQUESTS}")
    within = asked.longest <= LONGEST + 0.2
    run.expect(
        f"at least {GOOD} of {REQUESTS} good, none longer than {LONGEST:g} s",
        asked.good >= GOOD and within,
        saw=_saw(run, "caller", str(asked)),
    )
    run.advance(HANG_SECONDS)


@calm.check("when everything hangs, it is told within 3 seconds", points=1, hint="`timeout` bounds all tries together.")
def _calm_told(run: Run) -> None:
    _reached(run)
    asked = Asked(run, "0 1 0", f"{COUNT} 3")
    run.expect(
        f"three answers within {LONGEST:g} s each",
        asked.asked == 3 and asked.longest <= LONGEST + 0.2,
        saw=_saw(run, "caller", str(asked)),
    )
    run.advance(HANG_SECONDS)


@calm.check(
    "when everything fails, it does not beat the service",
    points=2,
    hint="`circuit_breakers`: a `retry_budget`, or `max_retries`.",
)
def _calm_storm(run: Run) -> None:
    _reached(run)
    asked = Asked(run, "1 0 0.5", f"{SECONDS} 15", CLIENTS)
    run.expect(
        f"at the service at most {LOAD:g} requests for each of the application's",
        asked.load <= (LOAD + 0.1) * asked.asked,
        saw=f"{asked.load} for {asked.asked}, that is {asked.load / max(asked.asked, 1):.2f}",
    )
    again = Asked(run, "2 0 0", f"{COUNT} 6")
    run.expect(
        "retries when single requests fail: to amplify nothing by doing nothing is no merit", again.load > again.asked, saw="none"
    )


def _reached(run: Run) -> None:
    run.expect("a service that is reached", Asked(run, "0 0 0", f"{COUNT} 1").good == 1, saw=_saw(run, "caller", "no order"))


# -- 5, nobody else

mtls = Rubric("mtls", _given("mtls"))
TYPE = "type.googleapis.com/envoy.extensions."
BOOKS = "the books of b, as the check found them"
GET = r"{{ printf 'GET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n'; sleep 3; }} | nc localhost {} 2>&1"
"""Asks for a page; unlike wget, netcat shows what an answer of 503 has to say."""
KNOCKERS = {"a-tls": 9001, "stranger-a": 9002, "c-tls": 9003, "": 9004}
"""With which certificate the checks knock at b, and at which port of their own Envoy they do."""


def _address(port: int, host: str = "127.0.0.1") -> Obj:
    return {"socket_address": {"address": host, "port_value": port}}


def _listener(port: int, route: Obj, host: str = "127.0.0.1", **chain: Any) -> Obj:
    router = {"name": "router", "typed_config": {"@type": TYPE + "filters.http.router.v3.Router"}}
    manager = {
        "@type": TYPE + "filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "http_filters": [router],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, **route}]}]},
    }
    return {"address": _address(port, host), "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}], **chain}]}


def _tls(side: str, secret: str) -> Obj:
    folder = f"/secrets/{secret}"
    pair = {"certificate_chain": {"filename": f"{folder}/tls.crt"}, "private_key": {"filename": f"{folder}/tls.key"}}
    common: Obj = {"tls_params": {"tls_maximum_protocol_version": "TLSv1_3"}} | ({"tls_certificates": [pair]} if secret else {})
    return {
        "name": "tls",
        "typed_config": {"@type": f"{TYPE}transport_sockets.tls.v3.{side}TlsContext", "common_tls_context": common},
    }


def knocker() -> Obj:
    """The configuration of an Envoy that knocks at b with each certificate, at a port for each."""
    listeners, clusters = [], []
    for secret, port in KNOCKERS.items():
        name = secret or "nobody"
        listeners.append(_listener(port, {"route": {"cluster": name}}))
        place = {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(8443, "b")}}]}]}
        clusters.append(
            {"name": name, "type": "STRICT_DNS", "load_assignment": place, "transport_socket": _tls("Upstream", secret)}
        )
    return {"static_resources": {"listeners": listeners, "clusters": clusters}}


def impostor(secret: str) -> Obj:
    """The configuration of an Envoy that says it is b, with somebody's certificate; as b, it asks for one of the shop's."""
    socket = _tls("Downstream", secret)
    socket["typed_config"]["require_client_certificate"] = True
    socket["typed_config"]["common_tls_context"]["validation_context"] = {"trusted_ca": {"filename": "/secrets/c-tls/ca.crt"}}
    answer = {"direct_response": {"status": 200, "body": {"inline_string": f"false books, with {secret}\n"}}}
    return {"static_resources": {"listeners": [_listener(8443, answer, "0.0.0.0", transport_socket=socket)]}}


def envoy_pod(name: str, config: Obj, secrets: list[str], label: str = "none") -> list[Obj]:
    """A pod of the checks' own with that Envoy, and an application beside it."""
    meta = {"name": name, "labels": {"podlab.dev/grader": "asker", "podlab.dev/plays": label}}
    mounts = [{"name": secret, "mountPath": f"/secrets/{secret}"} for secret in secrets]
    envoy = {
        "name": "envoy", "image": "envoyproxy/envoy:v1.40.0", "command": ["envoy", "-c", "/config/envoy.yaml"],
        "volumeMounts": [{"name": "config", "mountPath": "/config"}, *mounts],
    }  # fmt: skip
    volumes = [{"name": "config", "configMap": {"name": name}}, *({"name": s, "secret": {"secretName": s}} for s in secrets)]
    app = {"name": "app", "image": "busybox:1.37", "command": ["sleep", "360000"]}
    spec = {"terminationGracePeriodSeconds": 0, "containers": [app, envoy], "volumes": volumes}
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"envoy.yaml": json.dumps(config)}}
    return [settings, {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}]


def _one(run: Run, app: str) -> Obj:
    """The ready pod with that value of the label `app`."""
    try:
        run.lab.wait("pods", lambda pod: True, 20, selector=f"app={app}")
    except PodlabError:
        names = ", ".join(p["metadata"]["name"] for p in run.pods()) or "none"
        raise Unmet(f"a pod with the label app: {app}", f"pods {names}") from None
    pod = next(p for p in run.pods() if (p["metadata"].get("labels") or {}).get("app") == app)
    run.container(pod, "app")
    return run.wait_ready(pod)


def _knock(run: Run, secret: str) -> str:
    """What b answers to the holder of a certificate."""
    run.expect("a service called b", [s for s in run.lab.get("services") if s["metadata"]["name"] == "b"], saw="none")
    b = _one(run, "b")
    run.exec(b, f"echo {BOOKS} > /www/index.html", container="app")
    if not [pod for pod in run.lab.get("pods") if pod["metadata"]["name"] == "podlab-knocker"]:
        run.lab.apply(envoy_pod("podlab-knocker", knocker(), [s for s in KNOCKERS if s]))
        run.lab.wait("pod/podlab-knocker", "Ready")
        run.advance(DNS_SECONDS)
    return _body(_shell(run, "podlab-knocker", GET.format(KNOCKERS[secret]), "app"))


def _body(answer: str) -> str:
    """What stands below the headers: Envoy tells there why it has nothing better."""
    return answer.replace("\r", "").partition("\n\n")[2].strip() or answer.strip() or "nothing"


def _expect_admitted(run: Run) -> None:
    answer = _knock(run, "a-tls")
    run.expect("an answer of b to the holder of a-tls", BOOKS in answer, saw=_saw(run, _name(run, "b"), answer))


def _expect_refused(run: Run, secret: str, who: str) -> None:
    _expect_admitted(run)
    answer = _knock(run, secret)
    run.expect(f"no answer of b to {who}", BOOKS not in answer, saw=answer)


def _name(run: Run, app: str) -> str:
    return str(_one(run, app)["metadata"]["name"])


def _a_asks(run: Run) -> str:
    return _body(run.exec(_one(run, "a"), GET.format(9000), container="app").stdout)


@mtls.check("a's application gets b's answer at localhost:9000", points=2, hint="`%kubectl logs a -c envoy`, and the same of b.")
def _mtls_answers(run: Run) -> None:
    b = _one(run, "b")
    run.exec(b, f"echo {BOOKS} > /www/index.html", container="app")
    run.advance(DNS_SECONDS)
    answer = _a_asks(run)
    saw = _saw(run, _name(run, "b"), _saw(run, _name(run, "a"), answer))
    run.expect("b's answer", BOOKS in answer, saw=saw)


@mtls.check("in plain text b says nothing, at any port", points=1, hint="a `transport_socket` at b's filter chain.")
def _mtls_plain(run: Run) -> None:
    _expect_admitted(run)
    pod = _one(run, "b")
    for port in run.open_ports(pod, "app"):
        url = f"http://{pod['status']['podIP']}:{port}/"
        said = _shell(run, "podlab-knocker", f"wget -q -T 5 -O - {url} 2>&1", "app")
        run.expect(f"no answer in plain text at port {port} of b", BOOKS not in said, saw=said.strip())


@mtls.check("b refuses a client without a certificate", points=1, hint="`require_client_certificate: true`.")
def _mtls_nobody(run: Run) -> None:
    _expect_refused(run, "", "a client without a certificate")


@mtls.check("b refuses a stranger who says to be a", points=1, hint="`validation_context: {trusted_ca: ...}` at b.")
def _mtls_stranger(run: Run) -> None:
    _expect_refused(run, "stranger-a", "the holder of stranger-a, of another authority")


@mtls.check("b refuses c, although c is of the shop", points=1, hint="`match_typed_subject_alt_names` at b.")
def _mtls_other(run: Run) -> None:
    _expect_refused(run, "c-tls", "the holder of c-tls")


@contextmanager
def _in_place_of_b(run: Run, secret: str) -> Iterator[None]:
    """Service b leads to an impostor with that certificate; the real b is gone."""
    run.expect("a service called b", [s for s in run.lab.get("services") if s["metadata"]["name"] == "b"], saw="none")
    name = f"podlab-b-with-{secret}"
    run.lab.apply(envoy_pod(name, impostor(secret), sorted({secret, "c-tls"}), name))
    run.lab.wait(f"pod/{name}", "Ready")
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"}}
    run.lab.apply({**service, "spec": {"selector": {"podlab.dev/plays": name}, "ports": [{"port": 8443, "targetPort": 8443}]}})
    for pod in run.pods():
        if (pod["metadata"].get("labels") or {}).get("app") == "b":
            run.lab.delete(f"pod/{pod['metadata']['name']}", grace_seconds=0)
    run.advance(DNS_SECONDS)
    try:
        yield
    finally:
        run.lab.delete(f"pod/{name}", grace_seconds=0)


def _expect_seen_through(run: Run, secret: str, who: str) -> None:
    with _in_place_of_b(run, "b-tls"):
        answer = _a_asks(run)
        expected = "an answer of the holder of b-tls for a's application, by mutual TLS"
        run.expect(expected, "with b-tls" in answer, saw=_saw(run, _name(run, "a"), answer))
    with _in_place_of_b(run, secret):
        answer = _a_asks(run)
        run.expect(f"no answer of {who} for a's application", "false books" not in answer, saw=answer)


@mtls.check("a sees through a stranger who says to be b", points=1, hint="`validation_context: {trusted_ca: ...}` at a.")
def _mtls_impostor(run: Run) -> None:
    _expect_seen_through(run, "stranger-b", "an impostor with stranger-b")


@mtls.check("a does not take c for b", points=1, hint="`match_typed_subject_alt_names` at a.")
def _mtls_other_server(run: Run) -> None:
    _expect_seen_through(run, "c-tls", "c")
