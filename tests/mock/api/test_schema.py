"""What the server knows of its types, out of the client's models and the table of Go's ways."""

import subprocess
import sys

import pytest

from podlab.mock.api.schema import GroupVersionKind, ListOf, MapOf, Scalar, Struct, canonical, for_kind, models
from podlab.mock.api.schema.gotypes import TABLES
from podlab.mock.api.schema.merging import ATOMIC, LISTS, RETAIN_KEYS
from podlab.mock.api.schema.types import Type
from tests.mock.api.admitting import KINDS


def _closure(type_: Type, seen: dict[str, Struct]) -> dict[str, Struct]:
    if isinstance(type_, ListOf | MapOf):
        return _closure(type_.item, seen)
    if isinstance(type_, Struct) and type_.name not in seen:
        seen[type_.name] = type_
        for field in type_.fields.values():
            _closure(field.type, seen)
    return seen


def _of(api_version: str, kind: str) -> Struct:
    group, _, version = api_version.rpartition("/")
    found = for_kind(GroupVersionKind(group, version, kind))
    assert found is not None
    return found


def _at(path: str) -> Type:
    """``pod.spec.containers`` -> the type of a container (of a list, its items)."""
    kind, *names = path.split(".")
    type_: Type = _of("v1", kind.capitalize())
    for name in names:
        assert isinstance(type_, Struct)
        type_ = type_.fields[name].type
        type_ = type_.item if isinstance(type_, ListOf) else type_
    return type_


@pytest.mark.parametrize("kind", sorted(KINDS), ids=lambda kind: f"{kind[0]}/{kind[1]}")
def test_every_kind_has_types_all_the_way_down(kind: tuple[str, str]) -> None:
    for struct in _closure(_of(*kind), {}).values():
        for field in struct.fields.values():
            assert field.type.go, f"{struct.name}.{field.name}"


def test_fields_stand_in_the_order_of_the_go_structs() -> None:
    container = _at("pod.spec.containers")
    assert isinstance(container, Struct)
    assert list(container.fields)[:6] == ["name", "image", "command", "args", "workingDir", "ports"]


@pytest.mark.parametrize(
    ("path", "go"),
    [
        ("pod.spec.restartPolicy", "v1.RestartPolicy"),
        ("pod.spec.containers.ports.containerPort", "int32"),
        ("pod.spec.terminationGracePeriodSeconds", "int64"),
        ("pod.spec.containers.livenessProbe.httpGet.port", "intstr.IntOrString"),
        ("pod.metadata.labels", "map[string]string"),
        ("pod.metadata.uid", "types.UID"),
        ("pod.spec.containers.resources.limits", "v1.ResourceList"),
        ("secret.data", "map[string][]uint8"),
        ("service.spec.type", "v1.ServiceType"),
    ],
)
def test_types_have_their_names_in_go(path: str, go: str) -> None:
    assert _at(path).go == go


def test_a_pointer_keeps_its_zero_and_a_struct_by_value_is_always_there() -> None:
    spec, container = _at("pod.spec"), _at("pod.spec.containers")
    assert isinstance(spec, Struct)
    assert isinstance(container, Struct)
    assert spec.fields["automountServiceAccountToken"].pointer
    assert not spec.fields["hostNetwork"].pointer
    assert container.fields["resources"].by_value
    assert not spec.fields["containers"].omitempty


def test_lists_say_how_they_merge() -> None:
    spec, container, service = _at("pod.spec"), _at("pod.spec.containers"), _at("service.spec")
    assert isinstance(spec, Struct)
    assert isinstance(container, Struct)
    assert isinstance(service, Struct)
    assert (spec.fields["containers"].patch_key, spec.fields["containers"].list_keys) == ("name", ("name",))
    assert container.fields["ports"].patch_key == "containerPort"
    assert container.fields["ports"].list_keys == ("containerPort", "protocol")
    assert service.fields["ports"].list_keys == ("port", "protocol")
    assert (container.fields["command"].list_type, container.fields["command"].patch_key) == ("atomic", "")
    assert spec.fields["volumes"].retain_keys


def test_the_table_names_only_fields_of_the_models() -> None:
    known: dict[str, Struct] = {}
    for api_version, kind in KINDS:
        if api_version != "autoscaling/v2":  # whose structs share their names with those of v1
            known |= _closure(_of(api_version, kind), {})
    for entry in "".join(TABLES).replace("\n    ", " ").split("\n"):
        name, *tokens = entry.split() or [""]
        if name in known:
            assert {token.partition(":")[0].rstrip("*=!?") for token in tokens} <= set(known[name].fields), name


def test_merge_rules_name_only_what_there_is() -> None:
    known: dict[str, Struct] = {}
    for api_version, kind in KINDS:
        known |= _closure(_of(api_version, kind), {})
    by_model = {**known, **{f"V2{name}": struct for name, struct in known.items()}}
    for path in (*LISTS, *RETAIN_KEYS, *(each for each in ATOMIC if "." in each)):
        name, _, field = path.partition(".")
        assert name not in by_model or field in by_model[name].fields, path


def test_a_kind_belongs_to_one_group() -> None:
    assert for_kind(GroupVersionKind("", "v1", "Deployment")) is None
    assert for_kind(GroupVersionKind("apps", "v1", "Pod")) is None
    assert for_kind(GroupVersionKind("example.com", "v1", "Foo")) is None
    assert for_kind(GroupVersionKind("events.k8s.io", "v1", "Event")) is not for_kind(GroupVersionKind("", "v1", "Event"))


def test_canonical_puts_keys_in_order_at_every_depth() -> None:
    mixed = {
        "spec": {"containers": [{"image": "i", "name": "c"}], "volumes": []},
        "kind": "Pod",
        "metadata": {"labels": {"b": "", "a": ""}},
    }
    ordered = canonical(GroupVersionKind("", "v1", "Pod"), mixed)
    assert list(ordered) == ["kind", "metadata", "spec"]
    assert list(ordered["spec"]) == ["volumes", "containers"]
    assert list(ordered["spec"]["containers"][0]) == ["name", "image"]
    assert list(ordered["metadata"]["labels"]) == ["a", "b"]


def test_leaves_are_scalars() -> None:
    assert _at("pod.metadata.creationTimestamp") == Scalar("time", "v1.Time")


def test_the_client_package_is_read_but_never_imported() -> None:
    script = (
        "import sys; from podlab.mock.api.schema import GroupVersionKind, for_kind; "
        "list(for_kind(GroupVersionKind('', 'v1', 'Pod')).fields); print('kubernetes' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_model_that_is_not_there_is_not_there() -> None:
    assert models.exists("V1Pod")
    assert not models.exists("V1Nothing")
