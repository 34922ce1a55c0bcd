"""All cases, and the groups in which the real Envoy plays them."""

from tests.envoy import (
    balancing_cases,
    cases,
    connecting_cases,
    crowd_cases,
    draining_cases,
    filter_cases,
    log_cases,
    outlier_cases,
    protocol_cases,
    route_cases,
    tcp_cases,
    tls_cases,
    trust_cases,
    upload_cases,
)
from tests.envoy.cases import Case

TOGETHER = 6
MODULES = {
    module.__name__.rpartition(".")[2].removesuffix("_cases"): module.CASES
    for module in (
        cases,
        route_cases,
        protocol_cases,
        trust_cases,
        filter_cases,
        log_cases,
        balancing_cases,
        outlier_cases,
        tls_cases,
        connecting_cases,
        draining_cases,
        tcp_cases,
        crowd_cases,
        upload_cases,
    )
}
CASES: dict[str, Case] = {name: case for found in MODULES.values() for name, case in found.items()}
assert len(CASES) == sum(map(len, MODULES.values())), "two cases have one name"


def groups() -> dict[str, list[str]]:
    """The names of cases that the real ones play together: they mostly wait, each for its own start and its own times."""
    found = {}
    for module, its in MODULES.items():
        names = list(its)
        for start in range(0, len(names), TOGETHER):
            found[f"{module}-{start // TOGETHER}"] = names[start : start + TOGETHER]
    return found
