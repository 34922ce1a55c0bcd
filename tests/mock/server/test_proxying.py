import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.kernel import SECOND
from podlab.mock.server.inprocess import InProcess
from podlab.mock.server.links import rewrite_links
from podlab.mock.server.proxying import Links


@pytest.fixture
def client(fake):
    return InProcess(fake)


def ask(client, reply, method="GET", port=80):
    client._edge._api.reply = reply  # what the application answers
    return client.request(method, f"/proxy/{port}/", {"Host": "api:6443"})


def test_the_applications_answer_comes_through(client, fake):
    reply = ask(
        client, b"HTTP/1.1 418 Teapot\r\nX-Pot: tea\r\nConnection: close, x-own\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nhi"
    )
    assert (reply.status, reply.body) == (418, b"hi")
    assert reply.headers["x-pot"] == "tea"
    assert not {"connection", "x-own"} & set(reply.headers)
    assert fake.kernel.now_ns == 2 * SECOND
    assert fake.api.connections[0].closed


def test_bare_line_ends_and_no_length_are_understood(client):
    reply = ask(client, b"HTTP/1.0 200 OK\n\nuntil the end")
    assert (reply.status, reply.body) == (200, b"until the end")


def test_head_has_no_body(client):
    assert ask(client, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD").body == b""


def test_interim_answers_are_passed_over(client):
    assert ask(client, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx").body == b"x"


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (b"hello\n", 'malformed HTTP response "hello"'),
        (b"", "EOF"),
    ],
)
def test_what_is_not_http_is_a_service_that_cannot_be_reached(client, reply, message):
    answer = ask(client, reply)
    status = json.loads(answer.body)
    assert (answer.status, status["reason"]) == (503, "ServiceUnavailable")
    assert message in status["message"]


def test_a_port_where_nobody_listens(client):
    answer = ask(client, b"", port=81)
    assert (
        json.loads(answer.body)["message"] == "error trying to reach service: dial tcp 10.0.0.9:81: connect: connection refused"
    )


def test_an_answer_that_breaks_off_breaks_the_clients_off(client):
    with pytest.raises(ConnectionAbortedError):
        ask(client, b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nonly this")


def test_a_redirect_leads_through_the_proxy(client):
    def location(value):
        return ask(client, f"HTTP/1.1 302 Found\r\nLocation: {value}\r\nContent-Length: 0\r\n\r\n".encode()).headers["location"]

    assert location("/login?x=1#y") == "/proxy/80/login?x=1#y"
    assert location("http://10.0.0.9:80/dir/") == "/proxy/80/dir/"
    assert location("http://api:6443/dir") == "http://api:6443/proxy/80/dir"
    assert location("http://elsewhere/") == "http://elsewhere/"
    assert location("relative") == "relative"
    assert location("/proxy/80/there") == "/proxy/80/there"


def test_the_links_of_a_page_lead_through_the_proxy(client):
    page = b"<a href='/x'>\xc3\xa9</a>"
    reply = ask(client, b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 19\r\n\r\n" + page)
    assert reply.body == b'<a href="/proxy/80/x">\xc3\xa9</a>'
    assert reply.headers["content-length"] == str(len(reply.body))


def test_only_the_urls_of_tags_are_rewritten():
    page = (
        b'<!-- <a href="/no"> --><A HREF=/x class=y>k\xff</A><img src=\'/i.png\' alt="a>b" longdesc=rel>'
        b'<script src="/s.js">"<a href=\'/no\'>"</script><p data="/no" title=\'<a href="/no">\'><form action="/a?b=1&amp;c">'
    )
    assert rewrite_links(page, lambda url: f"/P{url}" if url.startswith("/") else url) == (
        b'<!-- <a href="/no"> --><A HREF="/P/x" class=y>k\xff</A><img src="/P/i.png" alt="a>b" longdesc=rel>'
        b'<script src="/P/s.js">"<a href=\'/no\'>"</script><p data="/no" title=\'<a href="/no">\'><form action="/P/a?b=1&amp;c">'
    )


@given(st.binary(max_size=200))
def test_a_page_is_left_alone_when_nothing_is_to_be_rewritten(page):
    assert rewrite_links(page, lambda url: url) == page


@given(st.text(max_size=60))
def test_any_link_can_be_rewritten(url):
    assert isinstance(Links("/p", ("a", "b")).rewrite(url), str)
