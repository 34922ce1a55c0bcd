"""Tokens of service accounts: made by ``TokenRequest``, and recognised when a request bears one.

They are JSON web tokens, signed (HS256) with a secret of this mock's seed. When a token ends is kept here as simulated time,
since the wall-clock time in its claims moves with every jump of the clock.
"""

import base64
import hashlib
import hmac
import json
from typing import Any, Final

from podlab.mock.api.errors import Cause, Conflict, Invalid, NotFound
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.updating import Target
from podlab.mock.api.request import UserInfo
from podlab.mock.kernel import SECOND, Time

Obj = dict[str, Any]

ISSUER: Final = "https://kubernetes.default.svc.cluster.local"
_DEFAULT_SECONDS: Final = 3600
_LEAST_SECONDS: Final = 600
MOUNTED_SECONDS: Final = 3607
"""What a pod's own token is asked for with: it warns of its age after that time, and is good for a year
(``--service-account-extend-token-expiration``)."""
_EXTENDED_SECONDS: Final = 365 * 24 * 3600
_BOUND: Final = {"Pod": "pods", "Secret": "secrets", "Node": "nodes"}


class Tokens:
    """Issues and recognises tokens."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._secret = registry.kernel.random("tokens").randbytes(32)
        self._ends: dict[str, int] = {}

    def request(self, target: Target, request: Obj) -> Obj:
        """Answers a ``TokenRequest`` for a service account. Raises Invalid, NotFound, Conflict."""
        account = self._registry.get(target.resource, target.namespace, target.name)
        spec = request.get("spec") or {}
        seconds = spec.get("expirationSeconds")
        seconds = _DEFAULT_SECONDS if seconds is None else seconds
        if seconds < _LEAST_SECONDS:
            why = f"Invalid value: {seconds}: may not specify a duration less than 10 minutes"
            raise Invalid("TokenRequest.authentication.k8s.io", "", [Cause("FieldValueInvalid", why, "spec.expirationSeconds")])
        audiences = spec.get("audiences") or [ISSUER]
        bound = self._bound(target, spec.get("boundObjectRef"))
        token, end = self._issue(account, audiences, seconds, bound)
        meta = {"name": target.name, "namespace": target.namespace, "creationTimestamp": self._registry.kernel.now()}
        shown = {"audiences": audiences, "expirationSeconds": seconds, "boundObjectRef": spec.get("boundObjectRef")}
        return {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": meta,
            "spec": shown,
            "status": {"token": token, "expirationTimestamp": end},
        }

    def authenticate(self, token: str) -> UserInfo | None:
        """The service account that a token stands for; None when it is not ours, is over, or what it is bound to is gone."""
        claims = self._claims(token)
        if claims is None:
            return None
        private = claims["kubernetes.io"]
        namespace, account = private["namespace"], private["serviceaccount"]
        stored = self._registry.find("serviceaccounts", namespace, account["name"])
        if stored is None or stored["metadata"]["uid"] != account["uid"]:
            return None
        extra = {"authentication.kubernetes.io/credential-id": [f"JTI={claims['jti']}"]}
        pod = private.get("pod")
        if pod is not None:
            found = self._registry.find("pods", namespace, pod["name"])
            if found is None or found["metadata"]["uid"] != pod["uid"]:
                return None
            extra["authentication.kubernetes.io/pod-name"] = [pod["name"]]
            extra["authentication.kubernetes.io/pod-uid"] = [pod["uid"]]
        groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
        return UserInfo(f"system:serviceaccount:{namespace}:{account['name']}", groups, account["uid"], extra)

    def _bound(self, target: Target, reference: Obj | None) -> Obj:
        if not reference:
            return {}
        kind, name = reference.get("kind", ""), reference.get("name", "")
        resource = _BOUND.get(kind)
        if resource is None:
            why = f'Unsupported value: "{kind}": supported values: "Node", "Pod", "Secret"'
            cause = Cause("FieldValueNotSupported", why, "spec.boundObjectRef.kind")
            raise Invalid("TokenRequest.authentication.k8s.io", "", [cause])
        found = self._registry.find(resource, "" if kind == "Node" else target.namespace, name)
        if found is None:
            raise NotFound(resource, name)
        uid = found["metadata"]["uid"]
        if reference.get("uid") and reference["uid"] != uid:
            why = f"the UID in the bound object reference ({reference['uid']}) does not match the UID in record. "
            raise Conflict(resource, name, why + "The object might have been deleted and then recreated")
        return {kind.lower(): {"name": name, "uid": uid}}

    def _issue(self, account: Obj, audiences: list[str], seconds: int, bound: Obj) -> tuple[str, Time]:
        kernel, meta = self._registry.kernel, account["metadata"]
        end = Time(kernel.now_ns + seconds * SECOND)
        now = kernel.wall_ns // SECOND
        warned: Obj = {}
        if seconds == MOUNTED_SECONDS and audiences == [ISSUER]:
            warned, seconds = {"warnafter": now + seconds}, _EXTENDED_SECONDS
        identifier = self._registry.new_uid()
        self._ends[identifier] = kernel.now_ns + seconds * SECOND
        claims = {
            "aud": audiences,
            "exp": now + seconds,
            "iat": now,
            "iss": ISSUER,
            "jti": identifier,
            "kubernetes.io": {
                "namespace": meta["namespace"],
                **bound,
                "serviceaccount": {"name": meta["name"], "uid": meta["uid"]},
                **warned,
            },
            "nbf": now,
            "sub": f"system:serviceaccount:{meta['namespace']}:{meta['name']}",
        }
        head = f"{_encode({'alg': 'HS256', 'kid': 'podlab'})}.{_encode(claims)}"
        return f"{head}.{self._sign(head)}", end

    def _claims(self, token: str) -> Obj | None:
        head, _, signature = token.rpartition(".")
        if not head or not hmac.compare_digest(signature.encode(), self._sign(head).encode()):
            return None
        text = head.partition(".")[2]
        claims: Obj = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        ends = self._ends.get(claims["jti"])
        return claims if ends is not None and ends > self._registry.kernel.now_ns else None

    def _sign(self, head: str) -> str:
        digest = hmac.new(self._secret, head.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _encode(value: Obj) -> str:
    text = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
