"""CronJobs and their schedules."""

import re
from functools import cache
from typing import Final

from podlab.mock.api.errors import Obj, quote
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.jobs import validate_job_spec
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update

_LONGEST_NAME: Final = 52
_ZONE_PART: Final = re.compile(r"[A-Za-z.\-_0-9+]{1,14}")


def validate_cron_job(cron_job: Obj, errors: Errors) -> None:
    """A new cron job."""
    meta, spec = cron_job["metadata"], cron_job["spec"]
    validate_object_meta(meta, True, names.dns_subdomain, errors)
    _validate_cron_spec(spec, errors)
    if len(meta.get("name", "")) > _LONGEST_NAME:
        errors.invalid("metadata.name", meta["name"], f"must be no more than {_LONGEST_NAME} characters")


def validate_cron_job_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A cron job may change as it likes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_cron_spec(new["spec"], errors)


def _validate_cron_spec(spec: Obj, errors: Errors) -> None:
    schedule = spec.get("schedule", "")
    if not schedule:
        errors.required("spec.schedule")
    else:
        problem = schedule_problem(schedule)
        if problem:
            errors.invalid("spec.schedule", schedule, problem)
        if "TZ" in schedule:
            errors.invalid("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
    errors.non_negative("spec.startingDeadlineSeconds", spec.get("startingDeadlineSeconds"))
    zone = spec.get("timeZone")
    if zone is not None:
        _validate_zone(zone, errors)
    policy = spec.get("concurrencyPolicy", "")
    if not policy:
        errors.required("spec.concurrencyPolicy")
    elif policy not in ("Allow", "Forbid", "Replace"):
        errors.not_supported("spec.concurrencyPolicy", policy, ("Allow", "Forbid", "Replace"))
    template = (spec.get("jobTemplate") or {}).get("spec") or {}
    validate_job_spec(template, "spec.jobTemplate.spec", errors)
    if template.get("selector") is not None:
        errors.invalid("spec.jobTemplate.spec.selector", template["selector"], "`selector` will be auto-generated")
    if template.get("manualSelector"):
        errors.not_supported("spec.jobTemplate.spec.manualSelector", True, ("nil", "false"))
    for field in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        errors.non_negative(f"spec.{field}", spec.get(field))


def _validate_zone(zone: str, errors: Errors) -> None:
    if not zone:
        errors.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string")
        return
    for part in zone.split("/"):
        if part in (".", "..") or part.startswith("-") or not _ZONE_PART.fullmatch(part):
            errors.invalid("spec.timeZone", zone, f"unknown time zone {zone}")
            return
    if zone.lower() == "local":
        why = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        errors.invalid("spec.timeZone", zone, why)
    if zone != "Local" and zone not in _zones():
        errors.invalid("spec.timeZone", zone, f"unknown time zone {zone}")


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones  # costs 10 ms, for the few who name a zone

    return frozenset(available_timezones())


_FIELDS: Final = (("minute", 0, 59), ("hour", 0, 23), ("dom", 1, 31), ("month", 1, 12), ("dow", 0, 6))
_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: i for i, name in enumerate(_MONTH_NAMES, 1)}
_DAYS: Final = {name: i for i, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_DESCRIPTORS: Final = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def schedule_problem(schedule: str) -> str:
    """What is wrong with a cron schedule, in the words of the server's parser; empty if it is sound."""
    if schedule.startswith(("TZ=", "CRON_TZ=")):
        schedule = schedule.partition(" ")[2]

    if schedule.startswith("@"):
        if schedule in _DESCRIPTORS or re.fullmatch(r"@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+", schedule):
            return ""
        return f"unrecognized descriptor: {schedule}"
    fields = schedule.split()
    if len(fields) != 5:
        return f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]"
    for text, (name, low, high) in zip(fields, _FIELDS, strict=True):
        for part in text.split(","):
            problem = _range_problem(part, low, high, _MONTHS if name == "month" else _DAYS if name == "dow" else {})
            if problem:
                return problem
    return ""


def _range_problem(text: str, low: int, high: int, words: dict[str, int]) -> str:
    span, *step = text.split("/")
    if len(step) > 1:
        return f"too many slashes: {text}"
    ends = span.split("-")
    if len(ends) > 2:
        return f"too many hyphens: {text}"
    ends = ends if span not in ("*", "?") else []
    for each in [*(end for end in ends if end.lower() not in words), *step]:
        problem = _number_problem(each)
        if problem:
            return problem
    bounds = [words[end.lower()] if end.lower() in words else int(end) for end in ends]
    start, stop = (bounds[0], bounds[-1]) if bounds else (low, high)
    if step and len(bounds) == 1:
        stop = high
    return _bounds_problem(text, start, stop, low, high) or (
        f"step of range should be a positive number: {text}" if step and int(step[0]) == 0 else ""
    )


def _number_problem(text: str) -> str:
    if not re.fullmatch(r"[+-]?\d+", text, re.ASCII):
        return f"failed to parse int from {text}: strconv.Atoi: parsing {quote(text)}: invalid syntax"
    return f"negative number ({int(text)}) not allowed: {text}" if int(text) < 0 else ""


def _bounds_problem(text: str, start: int, stop: int, low: int, high: int) -> str:
    if start < low:
        return f"beginning of range ({start}) below minimum ({low}): {text}"
    if stop > high:
        return f"end of range ({stop}) above maximum ({high}): {text}"
    if start > stop:
        return f"beginning of range ({start}) beyond end of range ({stop}): {text}"
    return ""
