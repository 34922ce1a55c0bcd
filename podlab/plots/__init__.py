"""Pictures of what the API says: a pod's life, its map, endpoints and requests over time, the odds of readiness; and of
numbers that were measured (`lines`, `lanes`, `bars`).

Each function returns a `Picture`, which shows itself in a notebook and says in words what it shows (`alt`). This package
is the only one that imports matplotlib.
"""

from podlab.plots.bars import bars
from podlab.plots.endpoints import endpoints
from podlab.plots.lanes import lanes
from podlab.plots.lines import lines
from podlab.plots.odds import odds
from podlab.plots.picture import Picture
from podlab.plots.podmap import pod_map
from podlab.plots.requests import requests
from podlab.plots.timeline import timeline

__all__ = ["Picture", "bars", "endpoints", "lanes", "lines", "odds", "pod_map", "requests", "timeline"]
