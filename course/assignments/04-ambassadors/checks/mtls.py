"""Exercise `mtls`: nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager

from podlab.errors import PodlabError
from podlab.grading import Rubric, Run, Unmet

from .asking import DNS_SECONDS, Obj, given, seen, shell
from .envoys import KNOCKERS, envoy_pod, impostor, knocker

mtls = Rubric("mtls", given("mtls"))
BOOKS = "the books of b, as the check found them"
GET = r"{{ printf 'GET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n'; sleep 3; }} | nc localhost {} 2>&1"
"""Asks for a page; unlike wget, netcat shows what an answer of 503 has to say."""


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


def _write_books(run: Run, b: Obj) -> str:
    """Gives b's application a page that nobody else knows, and returns its text."""
    page = f"{BOOKS}: {run.word()}"
    run.exec(b, f"echo {page} > /www/index.html", container="app")
    return page


def _knock(run: Run, secret: str) -> tuple[str, str]:
    """The page of b, and what b answers to the holder of a certificate."""
    run.expect("a service called b", [s for s in run.lab.get("services") if s["metadata"]["name"] == "b"], saw="none")
    b = _one(run, "b")
    page = _write_books(run, b)
    if not [pod for pod in run.lab.get("pods") if pod["metadata"]["name"] == "podlab-knocker"]:
        run.lab.apply(envoy_pod("podlab-knocker", knocker(), [s for s in KNOCKERS if s]))
        run.lab.wait("pod/podlab-knocker", "Ready")
        run.advance(DNS_SECONDS)
    return page, _body(shell(run, "podlab-knocker", GET.format(KNOCKERS[secret]), "app"))


def _body(answer: str) -> str:
    """What stands below the headers: Envoy tells there why it has nothing better."""
    return answer.replace("\r", "").partition("\n\n")[2].strip() or answer.strip() or "nothing"


def _expect_admitted(run: Run) -> None:
    page, answer = _knock(run, "a-tls")
    run.expect("an answer of b to the holder of a-tls", page in answer, saw=seen(run, _name(run, "b"), answer))


def _expect_refused(run: Run, secret: str, who: str) -> None:
    _expect_admitted(run)
    _, answer = _knock(run, secret)
    run.expect(f"no answer of b to {who}", BOOKS not in answer, saw=answer)


def _name(run: Run, app: str) -> str:
    return str(_one(run, app)["metadata"]["name"])


def _a_asks(run: Run) -> str:
    return _body(run.exec(_one(run, "a"), GET.format(9000), container="app").stdout)


@mtls.check("a's application gets b's answer at localhost:9000", points=2, hint="`%kubectl logs a -c envoy`, and the same of b.")
def _mtls_answers(run: Run) -> None:
    b = _one(run, "b")
    page = _write_books(run, b)
    run.advance(DNS_SECONDS)
    answer = _a_asks(run)
    saw = seen(run, _name(run, "b"), seen(run, _name(run, "a"), answer))
    run.expect("b's answer", page in answer, saw=saw)


@mtls.check("in plain text b says nothing, at any port", points=1, hint="a `transport_socket` at b's filter chain.")
def _mtls_plain(run: Run) -> None:
    _expect_admitted(run)
    pod = _one(run, "b")
    for port in run.open_ports(pod, "app"):
        url = f"http://{pod['status']['podIP']}:{port}/"
        said = shell(run, "podlab-knocker", f"wget -q -T 5 -O - {url} 2>&1", "app")
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
def _in_place_of_b(run: Run, secret: str) -> Iterator[str]:
    """Service b leads to an impostor with that certificate, whose word this gives; the real b is gone."""
    run.expect("a service called b", [s for s in run.lab.get("services") if s["metadata"]["name"] == "b"], saw="none")
    name = f"podlab-b-with-{secret}"
    word = run.word()
    run.lab.apply(envoy_pod(name, impostor(secret, word), sorted({secret, "c-tls"}), name))
    run.lab.wait(f"pod/{name}", "Ready")
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"}}
    run.lab.apply({**service, "spec": {"selector": {"podlab.dev/plays": name}, "ports": [{"port": 8443, "targetPort": 8443}]}})
    for pod in run.pods():
        if (pod["metadata"].get("labels") or {}).get("app") == "b":
            run.remove(pod["metadata"]["name"])
    run.advance(DNS_SECONDS)
    try:
        yield word
    finally:
        run.lab.delete(f"pod/{name}", grace_seconds=0)


def _expect_seen_through(run: Run, secret: str, who: str) -> None:
    with _in_place_of_b(run, "b-tls") as word:
        answer = _a_asks(run)
        expected = "an answer of the holder of b-tls for a's application, by mutual TLS"
        run.expect(expected, f"{word} with b-tls" in answer, saw=seen(run, _name(run, "a"), answer))
    with _in_place_of_b(run, secret):
        answer = _a_asks(run)
        run.expect(f"no answer of {who} for a's application", "false books" not in answer, saw=answer)


@mtls.check("a sees through a stranger who says to be b", points=1, hint="`validation_context: {trusted_ca: ...}` at a.")
def _mtls_impostor(run: Run) -> None:
    _expect_seen_through(run, "stranger-b", "an impostor with stranger-b")


@mtls.check("a does not take c for b", points=1, hint="`match_typed_subject_alt_names` at a.")
def _mtls_other_server(run: Run) -> None:
    _expect_seen_through(run, "c-tls", "c")
