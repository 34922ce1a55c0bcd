import base64
import re
from xml.etree import ElementTree

import pytest

from podlab import plots
from podlab.lab.timeline import Interval, Lane, Timeline
from podlab.plots import picture
from podlab.plots.endpoints import steps
from podlab.plots.odds import interval

LIFE = Timeline(
    "web",
    "Running",
    (
        Lane(
            "setup", "init", (Interval("setup", "running", 0, 3, "Completed", 0), Interval("setup", "terminated", 3, 30)), (), 0
        ),
        Lane(
            "app",
            "app",
            (
                Interval("app", "waiting", 0, 3, "PodInitializing"),
                Interval("app", "running", 3, 5, "Error", 1),
                Interval("app", "waiting", 5, 15, "CrashLoopBackOff"),
                Interval("app", "running", 15, 30),
            ),
            ((16, 30),),
            1,
        ),
    ),
    ((16, 30),),
    30,
)
POD = {
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "containers": [
            {
                "name": "app",
                "image": "busybox:1.37",
                "ports": [{"containerPort": 8080, "name": "http"}],
                "volumeMounts": [{"name": "data", "mountPath": "/data"}],
            },
            {"name": "log", "image": "busybox:1.37", "volumeMounts": [{"name": "data", "mountPath": "/logs", "readOnly": True}]},
        ],
        "volumes": [{"name": "data", "emptyDir": {}}, {"name": "kube-api-access-x", "projected": {}}],
    },
}
SERVICE = {"metadata": {"name": "shop"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "http"}]}}

PICTURES = {
    "timeline": lambda: plots.timeline(LIFE),
    "pod_map": lambda: plots.pod_map(POD, [SERVICE], [("log", "app", "GET localhost:8080")]),
    "endpoints": lambda: plots.endpoints([LIFE], "shop"),
    "requests": lambda: plots.requests({"plain": [(0, 200), (1, 503), (2, 0)]}),
    "odds": lambda: plots.odds(0.9, {1: (9, 10), 5: (6, 10)}),
    "lines": lambda: plots.lines({"ok": [(0, 1), (15, 0.5)]}, "orders", y="a second", level=(0.8, "the goal"), top=2),
    "lanes": lambda: plots.lanes({"w1": ["200", None, "200"], "w2": [None, "503"]}, "who answered"),
    "bars": lambda: plots.bars({"slow": {"A": 2, "B": 1}, "quick": {"A": 1}}, "waiting", notes={"slow": {"A": "504 UT"}}),
    "bars_of_one_kind": lambda: plots.bars({"no limit": 96, "budget": 38}, "a storm", x="requests", level=(24, "asked")),
}
EMPTY = {
    "timeline": lambda: plots.timeline(Timeline("web", "Pending", (), (), 0)),
    "pod_map": lambda: plots.pod_map({"metadata": {"name": "web"}, "spec": {"containers": [{"name": "a"}]}}),
    "endpoints": lambda: plots.endpoints([]),
    "requests": lambda: plots.requests({"plain": []}),
    "odds": lambda: plots.odds(0.99),
    "lines": lambda: plots.lines({"ok": []}),
    "lanes": lambda: plots.lanes({"w1": []}),
    "bars": lambda: plots.bars({}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_the_same_for_the_same_data(name):
    assert PICTURES[name]().svg() == PICTURES[name]().svg()


@pytest.mark.parametrize("name", PICTURES)
def test_picture_reaches_the_page_as_an_image_with_words(name):
    drawn = PICTURES[name]()
    bundle = drawn._repr_mimebundle_()
    assert bundle["text/plain"] == drawn.alt
    image = ElementTree.fromstring(bundle["text/html"].replace('none">', 'none"/>'))
    assert image.tag == "img"
    assert image.get("alt") == drawn.alt
    svg = base64.b64decode(image.get("src").split(",", 1)[1]).decode()
    assert ElementTree.fromstring(svg).tag.endswith("svg")


@pytest.mark.parametrize("name", PICTURES)
def test_picture_has_no_background_and_no_ink_that_a_theme_swallows(name):
    svg = PICTURES[name]().svg()
    root = re.search(r'<g id="patch_1">.*?</g>', svg, re.DOTALL)
    assert root is None or "fill: none" in root[0] or "opacity: 0" in root[0]
    inks = {ink.lower() for ink in re.findall(r"(?:fill|stroke): (#[0-9a-fA-F]{6})", svg)}
    on_bars = {"#000000", "#ffffff"} if name == "timeline" else {"#ffffff"}
    for ink in inks - on_bars:
        assert contrast(ink, "#ffffff") >= 2.1, ink
        assert contrast(ink, "#111111") >= 2.1, ink
    assert contrast(picture.INK, "#ffffff") >= 4
    assert contrast(picture.INK, "#111111") >= 4


@pytest.mark.parametrize("name", EMPTY)
def test_picture_of_nothing_is_drawn_too(name):
    assert EMPTY[name]().svg()
    assert EMPTY[name]().alt


def test_timeline_says_what_it_shows():
    assert plots.timeline(LIFE).alt == (
        "Timeline of pod web over 30 s; it is Running. "
        "The init container setup ran from 0 s to 3 s and ended with exit code 0. "
        "The container app waited from 0 s to 3 s (PodInitializing), ran from 3 s to 5 s and ended with exit code 1, "
        "waited from 5 s to 15 s (CrashLoopBackOff) and ran from 15 s on; it was restarted 1 time. "
        "The pod was Ready from 16 s to 30 s."
    )


def test_map_says_what_it_shows():
    alt = plots.pod_map(POD, [SERVICE], [("log", "app", "GET")]).alt
    assert "The container log (busybox:1.37) mounts data at /logs (read-only)." in alt
    assert "Service shop leads to it." in alt
    assert "log talks to app (GET)." in alt
    assert "kube-api-access" not in alt


def test_map_leaves_out_services_that_select_other_pods():
    other = {"metadata": {"name": "other"}, "spec": {"selector": {"app": "db"}, "ports": []}}
    assert "other" not in plots.pod_map(POD, [other]).alt


def test_requests_are_counted():
    assert (
        "plain: 1 of 3 requests answered within 2 s (failures: no answer, 503)"
        in plots.requests({"plain": [(0, 200), (1, 503), (2, 0)]}).alt
    )


def test_steps_count_spans():
    assert steps([(1, 3), (2, 5)], 5) == ([0.0, 1, 2, 3, 5], [0, 1, 2, 1, 1])


def test_interval_holds_the_share_and_stays_within_bounds():
    low, high = interval(9, 10)
    assert 0 < low < 0.9 < high < 1
    assert interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("value", "words"), [(0.04, "0 s"), (1.25, "1.2 s"), (45.4, "45 s"), (120, "2 min"), (125, "2 min 5 s")])
def test_seconds_in_words(value, words):
    assert picture.seconds(value) == words


def test_file_is_written(tmp_path):
    PICTURES["odds"]().save(tmp_path / "odds.png")
    assert (tmp_path / "odds.png").read_bytes().startswith(b"\x89PNG")


def contrast(one, other):
    """WCAG's contrast of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


SHARED = {
    "metadata": {"name": "share"},
    "spec": {
        "containers": [
            {"name": "writer", "volumeMounts": [{"name": "data", "mountPath": "/data-rw"}]},
            {"name": "reader", "volumeMounts": [{"name": "data", "mountPath": "/data-ro", "readOnly": True}]},
            {
                "name": "third",
                "volumeMounts": [{"name": "data", "mountPath": "/a/rather/long/path"}, {"name": "own", "mountPath": "/own"}],
            },
        ],
        "volumes": [{"name": "data", "emptyDir": {}}, {"name": "own", "emptyDir": {}}],
    },
}


def test_map_writes_no_path_across_its_line():
    figure = plots.pod_map(SHARED).figure
    figure.draw_without_rendering()
    (axes,) = figure.axes
    lines = [line.get_path().transformed(line.get_transform()) for line in axes.lines]
    paths = [text for text in axes.texts if text.get_text().startswith("/")]
    assert len(lines) == len(paths) == 4
    for line, path in zip(lines, paths, strict=True):
        assert not line.intersects_bbox(path.get_window_extent(), filled=False), path.get_text()


def test_map_keeps_no_room_for_volumes_where_there_are_none():
    without = plots.pod_map({**POD, "spec": {"containers": POD["spec"]["containers"]}}, [SERVICE]).figure
    assert without.get_figheight() < plots.pod_map(POD, [SERVICE]).figure.get_figheight() - 1
