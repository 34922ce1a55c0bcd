"""What a pod asks of Windows: accounts, and processes on the host itself."""

import re
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.annotations import containers_with_paths
from podlab.mock.api.validation.field import Errors

_SPEC_LIMIT_KIB: Final = 64
_DOMAIN_LIMIT: Final = 256
_USER_LIMIT: Final = 104
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NETBIOS: Final = re.compile(r"[^\\/:*?\"<>|.][^\\/:*?\"<>|]{0,14}")
_DNS: Final = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*")
_ODD: Final = re.compile(r"[\"/\\:;|=,+*?<>@\[\]]")
_BLANK: Final = re.compile(r"[. ]+")


def validate_windows_options(options: Obj | None, path: str, errors: Errors) -> None:
    """``windowsOptions`` of a pod or a container."""
    if not options:
        return
    name, spec, user = (options.get(key) for key in ("gmsaCredentialSpecName", "gmsaCredentialSpec", "runAsUserName"))
    if name is not None:
        errors.each_invalid(f"{path}.gmsaCredentialSpecName", name, names.dns_subdomain(name))
    if spec is not None and not spec:
        errors.invalid(f"{path}.gmsaCredentialSpec", spec, "gmsaCredentialSpec cannot be an empty string")
    elif spec is not None and len(spec.encode()) > _SPEC_LIMIT_KIB * 1024:
        errors.invalid(f"{path}.gmsaCredentialSpec", spec, f"gmsaCredentialSpec size must be under {_SPEC_LIMIT_KIB} KiB")
    if user is not None:
        errors.each_invalid(f"{path}.runAsUserName", user, _user_name(user))


def _user_name(text: str) -> list[str]:
    """What is wrong with a user, or a domain, a backslash and a user."""
    if not text:
        return ["runAsUserName cannot be an empty string"]
    if _CONTROL.search(text):
        return ["runAsUserName cannot contain control characters"]
    if text.count("\\") > 1:
        return ["runAsUserName cannot contain more than one backslash"]
    domain, slash, user = text.rpartition("\\")
    wrong = []
    if len(domain) >= _DOMAIN_LIMIT:
        wrong.append(f"runAsUserName's Domain length must be under {_DOMAIN_LIMIT} characters")
    if slash and not (_NETBIOS.fullmatch(domain) or _DNS.fullmatch(domain)):
        wrong.append("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
    if not user:
        wrong.append("runAsUserName's User cannot be empty")
    elif len(user) > _USER_LIMIT:
        wrong.append(f"runAsUserName's User length must not be longer than {_USER_LIMIT} characters")
    if _BLANK.fullmatch(user):
        wrong.append("runAsUserName's User cannot contain only periods or spaces")
    if _ODD.search(user):
        wrong.append("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")
    return wrong


def _host_process(holder: Obj) -> bool | None:
    return ((holder.get("securityContext") or {}).get("windowsOptions") or {}).get("hostProcess")


def validate_host_process(spec: Obj, path: str, errors: Errors) -> None:
    """Either all containers of a pod are processes of the host, on its network, or none is."""
    whole, found = _host_process(spec), []
    for container, where in containers_with_paths(spec, path):
        own = _host_process(container)
        if own is not None and whole is not None and own != whole:
            why = f"pod hostProcess value must be identical if both are specified, was {str(whole).lower()}"
            errors.invalid(f"{where}.securityContext.windowsOptions.hostProcess", own, why)
        found.append(whole if own is None else own)
    if not any(found):
        return
    if not all(found):
        errors.invalid(path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers")
    if not spec.get("hostNetwork"):
        errors.invalid(f"{path}.hostNetwork", False, "hostNetwork must be true if pod contains any hostProcess containers")
