"""Who makes a request: bearer tokens and client certificates.

At the edge a request without credentials is refused, as by a server with ``--anonymous-auth=false``: on a machine that several
people share, nothing of a mock is for those who do not hold its kubeconfig. Pods without any are ``system:anonymous``, as on a
cluster of kubeadm's (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests).
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final

from podlab.mock.api.errors import Unauthorized
from podlab.mock.api.request import ADMIN, ANONYMOUS, UserInfo

MASTERS: Final = "system:masters"
BEARER_PROTOCOL: Final = "base64url.bearer.authorization.k8s.io."
"""A WebSocket subprotocol by which clients in a browser, which cannot set headers, bring their token."""

Find = Callable[[str], UserInfo | None]


class Authenticator:
    """Knows the administrator's token, and asks for others.

    Args:
        token: the administrator's; empty for none (TLS with client certificates).
        find: who holds another token, such as a service account's; None when nobody does.
        anonymous: whether who brings no credentials is ``system:anonymous``, rather than refused.
    """

    def __init__(self, token: str, find: Find = lambda token: None, *, anonymous: bool = False) -> None:
        self._token = token
        self._find = find
        self._nobody = ANONYMOUS if anonymous else None

    def user(self, headers: Mapping[str, str], peer: UserInfo | None) -> UserInfo:
        """Who makes the request.

        Args:
            headers: names in lower case.
            peer: whom the client's certificate names.

        Raises:
            Unauthorized: nobody that is known here.
        """
        token = _bearer(headers)
        user = (peer or self._nobody) if token is None else self._holder(token)
        if user is None:
            raise Unauthorized()
        return user

    def _holder(self, token: str) -> UserInfo | None:
        if self._token and hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            return ADMIN
        return self._find(token) if token else None


def _bearer(headers: Mapping[str, str]) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    for protocol in subprotocols(headers):
        if protocol.startswith(BEARER_PROTOCOL):
            coded = protocol.removeprefix(BEARER_PROTOCOL)
            try:
                return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return None


def subprotocols(headers: Mapping[str, str]) -> list[str]:
    """What a WebSocket's client offers, a bearer token among it."""
    return [name for name in (part.strip() for part in headers.get("sec-websocket-protocol", "").split(",")) if name]


def certificate_user(certificate: Mapping[str, Any] | None) -> UserInfo | None:
    """Whom a verified client certificate names: the common name is the user, organizations are groups.

    Args:
        certificate: as ``ssl.SSLSocket.getpeercert`` gives it.
    """
    parts = [pair for part in (certificate or {}).get("subject", ()) for pair in part]
    names = [value for key, value in parts if key == "commonName"]
    if not names:
        return None
    groups = tuple(value for key, value in parts if key == "organizationName")
    return UserInfo(names[0], (*groups, "system:authenticated"))
