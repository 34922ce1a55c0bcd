from itertools import pairwise

from podlab.lab.history import Sighting, moment_of
from podlab.lab.timeline import Interval, timeline

CREATED = "2026-11-23T10:00:00Z"


def at(second):
    return f"2026-11-23T10:{second // 60:02}:{second % 60:02}Z"


def running(start, number=1):
    return {"state": {"running": {"startedAt": at(start)}}, "containerID": f"containerd://{number}", "restartCount": number - 1}


def ended(start, end, code, number=1, reason=""):
    return {
        "terminated": {
            "startedAt": at(start),
            "finishedAt": at(end),
            "exitCode": code,
            "containerID": f"containerd://{number}",
            "reason": reason,
        }
    }


def waiting(reason, **more):
    return {"state": {"waiting": {"reason": reason}}, "restartCount": 0, **more}


def seen(moment, ready_at=None, deleted=False, phase="Running", **statuses):
    conditions = [
        {"type": "Ready", "status": "True" if ready_at is not None else "False", "lastTransitionTime": at(ready_at or 0)}
    ]
    entries = [{"name": name, "ready": ready_at is not None, **status} for name, status in statuses.items()]
    pod = {
        "metadata": {"name": "web", "creationTimestamp": CREATED},
        "spec": {"containers": [{"name": name} for name in statuses if name != "init"], "initContainers": [{"name": "init"}]},
        "status": {
            "phase": phase,
            "conditions": conditions,
            "initContainerStatuses": [entry for entry in entries if entry["name"] == "init"],
            "containerStatuses": [entry for entry in entries if entry["name"] != "init"],
        },
    }
    return Sighting(moment, pod, deleted)


def lane(life, name):
    return next(lane for lane in life.lanes if lane.container == name)


def test_init_container_runs_before_the_app():
    life = timeline(
        [
            seen(0, init=waiting("PodInitializing"), app=waiting("PodInitializing")),
            seen(1, init=running(1), app=waiting("PodInitializing")),
            seen(3, init={"state": ended(1, 3, 0, reason="Completed")}, app=waiting("PodInitializing")),
            seen(4, ready_at=4, init={"state": ended(1, 3, 0, reason="Completed")}, app=running(4)),
        ],
        now=10,
    )
    assert lane(life, "init").role == "init"
    assert lane(life, "init").intervals == (
        Interval("init", "waiting", 0, 1, "PodInitializing"),
        Interval("init", "running", 1, 3, "Completed", 0),
        Interval("init", "terminated", 3, 10, "Completed", 0),
    )
    assert lane(life, "app").intervals == (Interval("app", "waiting", 0, 4, "PodInitializing"), Interval("app", "running", 4, 10))
    assert life.ready == ((4, 10),)


def test_restarts_show_each_run_and_the_back_off_between():
    first = ended(1, 2, 1, 1, "Error")
    second = ended(3, 5, 2, 2, "Error")
    life = timeline(
        [
            seen(1, app=running(1)),
            seen(2, app={"state": first, "restartCount": 0, "containerID": "containerd://1"}),
            seen(3, app={**running(3, 2), "lastState": first}),
            seen(5, app={"state": second, "lastState": first, "restartCount": 1}),
            seen(6, app={"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": second, "restartCount": 1}),
            seen(15, app={**running(15, 3), "lastState": second}),
        ],
        now=20,
    )
    assert [(part.state, part.start, part.end, part.reason) for part in lane(life, "app").intervals] == [
        ("waiting", 0, 1, ""),
        ("running", 1, 2, "Error"),
        ("waiting", 2, 3, ""),
        ("running", 3, 5, "Error"),
        ("waiting", 5, 15, "CrashLoopBackOff"),
        ("running", 15, 20, ""),
    ]
    assert lane(life, "app").restarts == 2


def test_one_late_look_still_shows_the_last_run():
    life = timeline(
        [
            seen(
                40,
                app={"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": ended(20, 30, 1, 3), "restartCount": 2},
            )
        ]
    )
    assert [(part.state, part.start, part.end) for part in lane(life, "app").intervals] == [
        ("waiting", 0, 20),
        ("running", 20, 30),
        ("waiting", 30, 40),
    ]


def test_deleted_pod_ends_with_its_last_state():
    life = timeline([seen(1, app=running(1)), seen(9, deleted=True, app={"state": ended(1, 9, 137)})], now=500)
    assert life.deleted
    assert life.end == 9
    assert lane(life, "app").intervals[-1] == Interval("app", "running", 1, 9, "", 137)


def test_intervals_leave_no_gap_and_do_not_overlap():
    sightings = [
        seen(1, app=running(1)),
        seen(4, app={"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": ended(1, 4, 1), "restartCount": 0}),
    ]
    parts = lane(timeline(sightings, now=30), "app").intervals
    assert parts[0].start == 0
    assert parts[-1].end == 30
    assert all(before.end == after.start for before, after in pairwise(parts))


def test_moment_is_the_latest_time_that_the_object_mentions():
    sighting = seen(0, ready_at=7, app=running(5))
    assert moment_of(sighting.pod) == 7
    sighting.pod["metadata"]["managedFields"] = [{"time": at(11)}, {}]
    assert moment_of(sighting.pod) == 11


def test_timeline_tells_itself_in_words():
    life = timeline(
        [
            seen(0, app=waiting("ContainerCreating"), init={"state": ended(0, 0, 0)}),
            seen(2, ready_at=2, app=running(1), init={"state": ended(0, 0, 0)}),
        ],
        now=5,
    )
    assert repr(life).splitlines() == [
        "pod/web: Running, 5 s",
        "  init      init  ran (exit code 0) 0-0 s, terminated 0-5 s",
        "  app       app   waiting (ContainerCreating) 0-1 s, running 1-5 s",
        "  ready     2-5 s",
    ]
