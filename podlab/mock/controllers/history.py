"""The ControllerRevisions of StatefulSets and DaemonSets: one for each template that they had (``kubectl rollout history``)."""

from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.api.errors import NotFound
from podlab.mock.controllers.podcontrol import PodControl
from podlab.mock.controllers.revisions import template_hash
from podlab.mock.store import clone

Obj = dict[str, Any]

RESOURCE: Final = "controllerrevisions.apps"
HASH_LABEL: Final = "controller.kubernetes.io/hash"
_LIMIT: Final = 10


class History:
    """The revisions of the objects of one controller.

    Args:
        client: the controller's.
        control: whose references the revisions carry.
        label: the label that has the hash.
    """

    def __init__(self, client: Client, control: PodControl, label: str = HASH_LABEL) -> None:
        self._client = client
        self._control = control
        self._label = label

    def revision_of(self, owner: Obj, annotations: Obj | None = None) -> str:
        """The name of the revision of the present template: made if there is none, and the newest of all."""
        meta, template = owner["metadata"], owner["spec"]["template"]
        digest = template_hash(template)
        name = f"{meta['name']}-{digest}"
        try:
            found = self._client.get(RESOURCE, meta["namespace"], name)
        except NotFound:
            found = None
        newest = self._newest(owner)
        if found is not None:
            if found["revision"] < newest:  # an older template is taken again
                self._client.update(RESOURCE, {**found, "revision": newest + 1})
            return name
        made_meta: Obj = {
            "name": name,
            "namespace": meta["namespace"],
            "labels": {**(template["metadata"].get("labels") or {}), self._label: digest},
            "ownerReferences": [self._control.reference(owner)],
        }
        if annotations:
            made_meta["annotations"] = annotations
        self._client.create(
            RESOURCE,
            meta["namespace"],
            {
                "apiVersion": "apps/v1",
                "kind": "ControllerRevision",
                "metadata": made_meta,
                "data": {"spec": {"template": {**clone(template), "$patch": "replace"}}},
                "revision": newest + 1,
            },
        )
        return name

    def template(self, owner: Obj, name: str) -> Obj | None:
        """The template that a revision of `owner` keeps; None when there is no such revision."""
        try:
            kept = self._client.get(RESOURCE, owner["metadata"]["namespace"], name)
        except NotFound:
            return None
        template = kept["data"]["spec"]["template"]
        return {key: clone(value) for key, value in template.items() if key != "$patch"}

    def forget(self, owner: Obj, live: set[str]) -> None:
        """Deletes the oldest of the revisions that nothing needs, beyond ``revisionHistoryLimit``."""
        limit = owner["spec"].get("revisionHistoryLimit", _LIMIT)
        idle = sorted((one for one in self._of(owner) if one["metadata"]["name"] not in live), key=lambda one: one["revision"])
        for revision in idle[: max(len(idle) - limit, 0)]:
            self._client.delete(RESOURCE, owner["metadata"]["namespace"], revision["metadata"]["name"])

    def _newest(self, owner: Obj) -> int:
        return max((one["revision"] for one in self._of(owner)), default=0)

    def _of(self, owner: Obj) -> list[Obj]:
        uid = owner["metadata"]["uid"]
        found = self._client.list(RESOURCE, owner["metadata"]["namespace"])
        return [one for one in found if any(ref["uid"] == uid for ref in one["metadata"].get("ownerReferences") or ())]
