"""Matchers of strings, headers and routes, as the configuration writes them."""

import re
from functools import lru_cache
from random import Random
from typing import Final

import re2

from podlab.mock.programs.envoy.http_messages import Head
from podlab.mock.programs.envoy.schema import Obj

DENOMINATORS: Final = {"HUNDRED": 100, "TEN_THOUSAND": 10_000, "MILLION": 1_000_000}


@lru_cache(1024)
def pattern(text: str) -> "re2._Regexp[str]":
    """A compiled RE2 expression. Raises `re2.error`."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options)


def matches_string(matcher: Obj, value: str) -> bool:
    """Whether a StringMatcher matches."""
    if "safe_regex" in matcher:
        return pattern(matcher["safe_regex"]["regex"]).fullmatch(value) is not None
    kind = next(key for key in ("exact", "prefix", "suffix", "contains") if key in matcher)
    wanted = matcher[kind]
    if matcher.get("ignore_case"):
        value, wanted = value.lower(), wanted.lower()
    if kind == "exact":
        return bool(value == wanted)
    return bool(value.startswith(wanted) if kind == "prefix" else value.endswith(wanted) if kind == "suffix" else wanted in value)


def substitute(rewrite: Obj, text: str) -> str:
    """What a RegexMatchAndSubstitute makes of a text."""
    return str(pattern(rewrite["pattern"]["regex"]).sub(rewrite.get("substitution", ""), text))


def header_of(head: Head, name: str) -> str | None:
    """A header, or one of the pseudo-headers `:method`, `:path`, `:authority`, `:scheme`, `:status`."""
    name = name.lower()
    if not name.startswith(":"):
        return head.headers.get(name)
    if name == ":authority":
        return head.headers.get("host")
    if name == ":scheme":
        return head.headers.get("x-forwarded-proto")
    return {":method": head.method, ":path": head.path, ":status": str(head.status)}.get(name)


def matches_headers(matchers: list[Obj], head: Head) -> bool:
    """Whether all HeaderMatchers match."""
    return all(matches_header(matcher, head) for matcher in matchers)


_OLD_FORMS: Final = {"exact_match": "exact", "prefix_match": "prefix", "suffix_match": "suffix", "contains_match": "contains"}


def matches_header(matcher: Obj, head: Head) -> bool:
    """Whether one HeaderMatcher matches. A header that stands there more than once is matched by any of its values."""
    name, invert = matcher["name"].lower(), matcher.get("invert_match", False)
    one = header_of(head, name) if name.startswith(":") else None
    values = head.headers.all(name) if one is None else [one]
    if matcher.get("treat_missing_header_as_empty") and not values:
        values = [""]
    if "present_match" in matcher:
        return bool((bool(values) == matcher["present_match"]) != invert)
    wanted = _string_matcher(matcher)
    if wanted is None and "range_match" not in matcher:
        return bool(bool(values) != invert)
    if not values:  # a header that is missing is not compared
        return False
    if wanted is not None:
        return bool(any(matches_string(wanted, value) for value in values) != invert)
    return bool(any(_within(matcher["range_match"], value) for value in values) != invert)


def _within(span: Obj, value: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", value) is not None and span.get("start", 0) <= int(value) < span.get("end", 0)


def _string_matcher(matcher: Obj) -> Obj | None:
    if "string_match" in matcher:
        found: Obj = matcher["string_match"]
        return found
    if "safe_regex_match" in matcher:
        return {"safe_regex": matcher["safe_regex_match"]}
    return next(({kind: matcher[old]} for old, kind in _OLD_FORMS.items() if old in matcher), None)


def matches_route(match: Obj, head: Head, random: Random) -> bool:
    """Whether a RouteMatch matches a request."""
    path, _, query = head.path.partition("#")[0].partition("?")
    if head.method == "CONNECT" or not _matches_path(match, path) or not matches_headers(match.get("headers", []), head):
        return False
    if "runtime_fraction" in match and not happens(match["runtime_fraction"]["default_value"], random):
        return False
    for cookie in match.get("cookies", []):
        found = cookies_of(head).get(cookie["name"])
        if (found is not None and matches_string(cookie["string_match"], found)) == cookie.get("invert_match", False):
            return False
    wanted_parameters = match.get("query_parameters")
    if not wanted_parameters:
        return True
    parameters: dict[str, str] = {}
    for word in query.split("&"):
        name, _, value = word.partition("=")
        parameters.setdefault(name, value)
    return all(_matches_parameter(wanted, parameters) for wanted in wanted_parameters)


def cookies_of(head: Head) -> dict[str, str]:
    """The cookies of a request."""
    pairs = (word.strip().partition("=") for word in (head.headers.get("cookie") or "").replace(",", ";").split(";"))
    return {name: value for name, mark, value in pairs if mark}


def _matches_path(match: Obj, path: str) -> bool:
    if "safe_regex" in match:
        return pattern(match["safe_regex"]["regex"]).fullmatch(path) is not None
    kind = next(key for key in ("prefix", "path", "path_separated_prefix") if key in match)
    wanted = match[kind]
    if not match.get("case_sensitive", True):
        path, wanted = path.lower(), wanted.lower()
    if kind == "path":
        return bool(path == wanted)
    return bool(path.startswith(wanted) and (kind == "prefix" or path[len(wanted) : len(wanted) + 1] in ("", "/")))


def _matches_parameter(wanted: Obj, parameters: dict[str, str]) -> bool:
    value = parameters.get(wanted["name"])
    if "string_match" in wanted:
        return value is not None and matches_string(wanted["string_match"], value)
    return bool((value is not None) == wanted.get("present_match", True))


def happens(fraction: Obj, random: Random) -> bool:
    """Whether something that happens in a fraction of cases happens now."""
    return bool(random.random() * DENOMINATORS[fraction.get("denominator", "HUNDRED")] < fraction.get("numerator", 0))
