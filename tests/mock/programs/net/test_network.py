"""What the network's programs show of a pod, and of a cluster that only the mock has."""

import pytest

from podlab.mock.machine.network import ServiceRoute
from tests.mock.programs.net.world import POD, Pod


def run(script: str) -> str:
    pod = Pod(script)
    try:
        return pod.run()
    finally:
        pod.kernel.close()


def test_ip_shows_the_pods_address() -> None:
    shown = run("ip -o -4 addr; ip route; ip -4 a s eth0")
    assert "2: eth0    inet 10.244.0.5/24 brd 10.244.0.255 scope global eth0\\" in shown
    assert "default via 10.244.0.1 dev eth0 \n10.244.0.0/24 dev eth0 scope link  src 10.244.0.5 \n" in shown
    assert shown.endswith(
        "2: eth0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue qlen 1000\n"
        "    inet 10.244.0.5/24 brd 10.244.0.255 scope global eth0\n       valid_lft forever preferred_lft forever\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        "ip link set eth0 down",
        "ip addr add 1.2.3.4/8 dev eth0",
        "ifconfig eth0 1.2.3.4",
        "route add default gw 1.2.3.4",
        "hostname x",
    ],
)
def test_network_cannot_be_changed(command: str) -> None:
    assert "Operation not permitted" in run(command)


def test_ping_counts_answers() -> None:
    shown = run("ping -c 2 localhost; echo $?; ping -c 1 -W 1 10.244.0.99; echo $?; ping -c 1 8.8.8.8; echo $?")
    assert shown.startswith(
        "PING localhost (127.0.0.1): 56 data bytes\n64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.045 ms\n"
        "64 bytes from 127.0.0.1: seq=1 ttl=64 time=0.045 ms\n\n--- localhost ping statistics ---\n"
        "2 packets transmitted, 2 packets received, 0% packet loss\nround-trip min/avg/max = 0.045/0.045/0.045 ms\n0\n"
    )
    assert "1 packets transmitted, 0 packets received, 100% packet loss\n1\n" in shown
    assert shown.endswith("PING 8.8.8.8 (8.8.8.8): 56 data bytes\nping: sendto: Network is unreachable\n1\n")


def test_ping_tells_its_statistics_when_interrupted() -> None:
    shown = run("ping 127.0.0.1 & sleep 2.5; kill -INT $!; wait $!; echo $?")
    assert "3 packets transmitted, 3 packets received" in shown
    assert shown.endswith("\n0\n")


def test_service_is_reached_by_name_and_refused_without_endpoints() -> None:
    pod = Pod(
        "mkdir /www; echo hello > /www/index.html; httpd -p 8080 -h /www; sleep 1; wget -q -O - http://web.default:80/; "
        "wget -q -O - http://multi/; wget -q -O - http://10.96.0.99/; ping -c 1 -W 1 10.96.0.20 | grep loss; true"
    )
    pod.machine.network.services["10.96.0.20", 80, "tcp"] = ServiceRoute(lambda client: (POD, 8080))
    pod.machine.network.services["10.96.0.99", 80, "tcp"] = ServiceRoute(lambda client: None)
    shown = pod.run()
    assert shown.startswith("hello\nwget: can't connect to remote host (10.244.0.5): Connection refused\n")
    assert "wget: can't connect to remote host (10.96.0.99): Connection refused\n" in shown
    assert "1 packets transmitted, 0 packets received, 100% packet loss\n" in shown
    pod.kernel.close()


def test_policy_drops_and_clients_wait() -> None:
    pod = Pod("wget -T 5 -q -O - http://10.244.0.7/; nc -w 2 -v 10.244.0.7 80; nslookup -timeout=2 example.com")
    pod.machine.network.namespace("10.244.0.7").listen(("0.0.0.0", 80))
    pod.machine.network.allowed = lambda source, ip, port, protocol: False
    assert pod.run() == (
        "wget: download timed out\nnc: 10.244.0.7 (10.244.0.7:80): Connection timed out\n"
        ";; connection timed out; no servers could be reached\n\n"
    )
    pod.kernel.close()


def test_names_are_not_found_without_a_server() -> None:
    pod = Pod("wget -q -O - http://web.default/; nslookup web.default")
    pod.machine.network.dns_address = "10.96.0.53"
    assert pod.run() == "wget: bad address 'web.default'\n;; connection timed out; no servers could be reached\n\n"
    pod.kernel.close()


def test_netstat_shows_neighbours_sockets_without_their_programs() -> None:
    shown = run("nc -l -p 80 & sleep 1; netstat -tlnp; kill $!")
    assert "tcp        0      0 :::80                   :::*                    LISTEN      2/nc\n" in shown


def test_idle_server_costs_no_events() -> None:
    pod = Pod("httpd -f -p 80 -h /tmp")
    pod.kernel.run_until(10**9)
    assert pod.kernel.next_ns is None
    pod.kernel.close()


def test_many_requests_are_answered_in_order() -> None:
    shown = run(
        "mkdir /www; echo x > /www/index.html; httpd -p 80 -h /www; i=0; "
        "while [ $i -lt 200 ]; do wget -q -O - http://localhost/ || echo failed; i=$((i+1)); done"
    )
    assert shown == "x\n" * 200
