"""Acting as somebody else: the ``Impersonate-*`` headers (``kubectl --as``)."""

from typing import Final

from podlab.mock.api.errors import BadRequest
from podlab.mock.api.rbac import Attributes, Authorizer
from podlab.mock.api.request import Request, UserInfo

_ACCOUNT_PREFIX: Final = "system:serviceaccount:"
_EXTRA_PREFIX: Final = "impersonate-extra-"


def effective_user(request: Request, authorizer: Authorizer) -> UserInfo:
    """As whom the request is to be carried out. Raises Forbidden, BadRequest."""
    headers = request.headers
    name = headers.get("impersonate-user", "")
    groups = tuple(filter(None, (one.strip() for one in headers.get("impersonate-group", "").split(","))))
    extra = {key.removeprefix(_EXTRA_PREFIX): [value] for key, value in headers.items() if key.startswith(_EXTRA_PREFIX)}
    if not name:
        if groups or extra or headers.get("impersonate-uid"):
            raise BadRequest("requested impersonation without impersonating a user")
        return request.user
    account = name.removeprefix(_ACCOUNT_PREFIX).split(":") if name.startswith(_ACCOUNT_PREFIX) else []
    if len(account) == 2:
        wanted = Attributes("impersonate", resource="serviceaccounts", namespace=account[0], name=account[1])
    else:
        wanted = Attributes("impersonate", resource="users", name=name)
    authorizer.check(request.user, wanted)
    for group in groups:
        authorizer.check(request.user, Attributes("impersonate", resource="groups", name=group))
    if not groups and len(account) == 2:
        groups = ("system:serviceaccounts", f"system:serviceaccounts:{account[0]}")
    if name != "system:anonymous" and "system:authenticated" not in groups:
        groups = (*groups, "system:authenticated")
    return UserInfo(name, groups, headers.get("impersonate-uid", ""), extra)
