"""What a submission may not bring to a cluster that others use too, beyond what `podlab.grading.arena` guards there."""

from copy import deepcopy
from typing import Final

from podlab.errors import ManifestError, Obj

POWERS: Final = "rbac.authorization.k8s.io/"


def guarded(objects: list[Obj]) -> list[Obj]:
    """Copies of a manifest's objects that leave nothing behind: without finalizers, which would hold their namespace for ever.

    Raises:
        ManifestError: They give their pods power over the API, and so over the grader's own objects.
    """
    for obj in objects:
        if str(obj.get("apiVersion", "")).startswith(POWERS):
            raise ManifestError(
                f"a {obj.get('kind')} would let pods change what they are graded in; it is graded on the mock alone.",
                "leave it out, or grade without `--cluster`.",
            )
    found = deepcopy(objects)
    _release(found)
    return found


def _release(value: object) -> None:
    if isinstance(value, dict):
        metadata = value.get("metadata")
        if isinstance(metadata, dict):
            metadata.pop("finalizers", None)
        for inner in value.values():
            _release(inner)
    elif isinstance(value, list):
        for inner in value:
            _release(inner)
