"""The patches of the API: JSON patch, JSON merge patch and strategic merge patch.

Each is a pure function: what is passed in is not changed, and the result shares what did not change. Server-side apply is
``podlab.mock.api.managed``.
"""

from podlab.mock.api.patches.json_patch import MAX_OPERATIONS, JSONPatchError, json_patch
from podlab.mock.api.patches.merge_patch import merge_patch
from podlab.mock.api.patches.strategic import StrategicPatchError, strategic_merge_patch
from podlab.mock.api.patches.structure import Structure, custom_structure, structure_of

__all__ = [
    "MAX_OPERATIONS",
    "JSONPatchError",
    "StrategicPatchError",
    "Structure",
    "custom_structure",
    "json_patch",
    "merge_patch",
    "strategic_merge_patch",
    "structure_of",
]
