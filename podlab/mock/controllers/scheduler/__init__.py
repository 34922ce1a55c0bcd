"""The scheduler: which node a pod goes to, and why it goes to none."""

from podlab.mock.controllers.scheduler.scheduler import Scheduler

__all__ = ["Scheduler"]
