"""Quantities are exact, and spelled as the real server spells them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from podlab.mock.api.quantity import Quantity, QuantityError, canonical, divide_up


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("100m", "100m"),
        ("0.1", "100m"),
        ("1000m", "1"),
        ("1.5", "1500m"),
        ("0.5Gi", "512Mi"),
        ("1024Ki", "1Mi"),
        ("1024", "1024"),
        ("1000k", "1M"),
        ("1e3", "1e3"),
        ("1E3", "1E3"),
        ("1.500", "1.500"),
        ("0Ki", "0"),
        ("k", "0"),
        ("1.2Ki", "1228800m"),
        ("0.0000000001", "1n"),
        ("-0.5", "-500m"),
        ("8Mi", "8Mi"),
        ("0.5Ki", "512"),
    ],
)
def test_canonical_spells_like_the_server(text: str, spelled: str) -> None:
    assert canonical(text) == spelled


@pytest.mark.parametrize("text", ["", "a", "1.2.3", "1x", "1i", "1e", "1ee3", "1 ", "one", "1Kii", "\u0661"])
def test_not_a_quantity_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        canonical(text)


def test_amounts_compare_across_spellings() -> None:
    assert Quantity.parse("1") == Quantity.parse("1000m")
    assert Quantity.parse("1Gi") > Quantity.parse("1G")
    assert Quantity.parse("100m").value == 1
    assert str(Quantity.parse("1Gi") + Quantity.parse("512Mi")) == "1536Mi"
    assert divide_up(Quantity.parse("100Mi"), Quantity.parse("1Mi")) == 100


_SUFFIXES = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3", "e9", "E-3")
numbers = st.builds(
    "{}{}{}".format,
    st.integers(0, 10**9),
    st.sampled_from(("", ".5", ".25", ".000000001", ".123456789")),
    st.sampled_from(_SUFFIXES),
)


@given(numbers)
@example("1812.5Ki")
def test_canonical_keeps_the_amount_and_settles(text: str) -> None:
    spelled = canonical(text)
    assert canonical(settled := canonical(spelled)) == settled
    assert Quantity.parse(spelled) == Quantity.parse(settled) == Quantity.parse(text)


def test_a_binary_amount_without_a_binary_suffix_is_read_as_a_decimal_one() -> None:
    # Go forgets the format where no suffix tells it: the server spells its own answer anew.
    assert canonical("1812.5Ki") == "1856000"
    assert canonical("1856000") == "1856k"


@given(st.text())
def test_any_text_is_a_quantity_or_refused(text: str) -> None:
    try:
        spelled = canonical(text)
    except QuantityError:
        return
    assert canonical(settled := canonical(spelled)) == settled


@given(numbers, numbers)
def test_sum_is_exact(left: str, right: str) -> None:
    total = Quantity.parse(left) + Quantity.parse(right)
    assert total.value >= 2**63 or Quantity.parse(str(total)) == total  # what is read is capped, sums are not
    assert total - Quantity.parse(right) == Quantity.parse(left)
