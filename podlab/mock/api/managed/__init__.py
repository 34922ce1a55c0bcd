"""Managed fields: who wrote which field, and server-side apply.

``metadata.managedFields`` is kept for every write (`FieldManager.update`), so that `FieldManager.apply` can tell a conflict, and
remove what a manager applied before and now leaves out. The rules are those of ``structured-merge-diff``.
"""

from podlab.mock.api.managed.manager import FieldManager, Writer

__all__ = ["FieldManager", "Writer"]
