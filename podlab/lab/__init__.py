"""A cluster as a notebook sees it: apply, get, wait, logs, exec, http, events, timeline, advance; always through the API."""

from podlab.lab.apply import Change, Changes
from podlab.lab.conditions import Condition
from podlab.lab.exec import ExecFailed, ExecResult
from podlab.lab.http import Response
from podlab.lab.lab import Lab
from podlab.lab.timeline import Interval, Lane, Timeline

__all__ = ["Change", "Changes", "Condition", "ExecFailed", "ExecResult", "Interval", "Lab", "Lane", "Response", "Timeline"]
