"""What one cell means, and what is wrong with it (DESIGN, the table of verdicts)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.making.work import steps
from xlcheck.checking.verdict import Verdict, judge, strip
from xlcheck.model.form import FieldKind
from xlcheck.model.numbers import Number, exact, significant_digits
from xlcheck.model.submission import BLANK, NoValue
from xlcheck.model.text import NOTHING

KINDS: tuple[FieldKind, ...] = ("count", "amount")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("held", ["", " ", "\u3000", "\n\t ", "\u200b", "\ufeff \u200d", "\u00a0"])
def test_nothing_or_only_blanks_is_blank(kind: FieldKind, held: str) -> None:
    assert judge(kind, held) == (None, ("C101",))


@given(st.text("5 \u200b\ufeff\u3000\n件", max_size=12))
def test_blanks_of_all_kinds_are_taken_from_both_ends(text: str) -> None:
    bare = strip(text)
    assert bare in text
    assert bare == bare.strip().strip("\u200b\ufeff")
    assert not set(text.replace(bare, "", 1)) & set("5件")


def test_mixed_blanks_without_end_cost_nothing() -> None:
    few, many = (" \u200b" * length + "5" + "\u200b " * length for length in (1, 16_000))
    judge("count", few)  # expressions are compiled when they are first needed
    assert steps(lambda: judge("count", many)) == steps(lambda: judge("count", few)) > 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("held", "value"), [(-1.0, -1), (-7, -7), (-1e6, -1000000)])
def test_a_negative_number_is_told_and_means_itself(kind: FieldKind, held: float, value: int) -> None:
    assert judge(kind, held) == (value, ("C102",))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "held",
    ["无", "/", "—", "见附件", "约5", "5-6", "5~6", "1,23", "1.234,5", "12,34,567", ",123", "1,2345", "1 234", "1e3", "1E3", "0x10", "①", "㈠",
     "五", "十二", "٣", "१२", "²", "𝟏", "½", "5+1", "=5", "NaN", "inf", "∞", "-", "+", ".", "1.2.3", "5。", "5.", ".5", "--5", "5元", "5%", "$5", "TRUE",
     "2025-03-05", "9" * 41, "1" * 100_000, "a" * 32767, "5件6", "件", "万元", "١٢", "1\n2", "5\x005"],
)  # fmt: skip
def test_text_that_is_no_number_means_none(kind: FieldKind, held: str) -> None:
    assert judge(kind, held) == (None, ("C103",))


@pytest.mark.parametrize("held", ["5000元", "5000", "5万", "5亿元"])
def test_a_count_has_no_money(held: str) -> None:
    assert (judge("count", held).value is None) == (held != "5000")


@pytest.mark.parametrize(
    ("held", "value"),
    [("12", 12), ("１２", 12), ("1,234", 1234), ("１，２３４", 1234), ("1,234,567", 1234567), ("5件", 5), (" 3 ", 3), ("\u30003\u3000", 3),
     ("0", 0), ("007", 7), ("5 件", 5), ("12人次", 12), ("\u200b12\u200b", 12), ("+5", 5), ("２.０", 2), ("12\n", 12)],
)  # fmt: skip
def test_a_number_kept_as_text_is_told_and_means_that_number(held: str, value: int) -> None:
    assert judge("count", held) == (value, ("C104",))


@pytest.mark.parametrize(
    ("held", "value"),
    [("12.5", "12.5"), ("１２．５", "12.5"), ("1,234.56", "1234.56"), ("12.5万元", "12.5"), ("3", "3")],
)
def test_an_amount_kept_as_text_means_that_amount(held: str, value: str) -> None:
    assert judge("amount", held) == (Decimal(value), ("C104",))


@pytest.mark.parametrize(("held", "codes"), [("-3", ("C104", "C102")), ("－３", ("C104", "C102")), ("2.5", ("C104", "C105")), ("9" * 16, ("C104", "C108"))])  # fmt: skip
def test_a_number_as_text_is_judged_like_a_number_too(held: str, codes: tuple[str, ...]) -> None:
    assert judge("count", held).codes == codes


@pytest.mark.parametrize("held", [2.5, 0.5, 1e-9, 0.30000000000000004, 4.99999999999999, 1e14 + 0.5])
def test_a_count_is_whole_by_its_stored_value(held: float) -> None:
    assert judge("count", held).codes == ("C105",)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#n/a"])
def test_an_error_value_is_told(kind: FieldKind, text: str) -> None:
    assert judge(kind, NoValue("error", text)) == (None, ("C106",))
    assert judge(kind, text) == (None, ("C106",))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "held",
    [True, False, datetime.date(2025, 3, 5), datetime.datetime(2025, 3, 5), datetime.time(1), datetime.timedelta(1)],
)
def test_dates_times_and_booleans_are_no_numbers(kind: FieldKind, held: Any) -> None:
    assert judge(kind, held) == (None, ("C107",))


@pytest.mark.parametrize(
    ("kind", "held"),
    [("count", 1e15), ("count", 1e300), ("count", 10**15), ("count", 123456789012345678), ("amount", 0.3333333333333333),
     ("amount", 0.12345678901234567), ("amount", 1e15), ("amount", 1e300), ("amount", 1.7976931348623157e308), ("amount", 1234567890123.4567)],
)  # fmt: skip
def test_more_than_15_digits_are_told(kind: FieldKind, held: float) -> None:
    assert judge(kind, held).codes == ("C108",)


@pytest.mark.parametrize(
    ("kind", "held", "value"),
    [("count", 6.999999999999999, "7"), ("count", 7.000000000000001, "7"), ("count", 999999.9999999999, "1000000"),
     ("count", -6.999999999999999, "-7"), ("amount", 0.30000000000000004, "0.3"), ("amount", 1.1 + 2.2, "3.3"),
     ("amount", 0.7 + 0.1, "0.8"), ("amount", 123456789.12345601, "123456789.123456"), ("amount", 9876543210.1 + 0.2, "9876543210.3")],
)  # fmt: skip
def test_what_arithmetic_leaves_behind_15_digits_is_not_there(kind: FieldKind, held: float, value: str) -> None:
    assert len(repr(held)) > len(value)
    assert judge(kind, held) == (Decimal(value), ("C102",) if held < 0 else ())
    assert exact(judge(kind, held).value or 0) == value


@given(st.lists(st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100), min_size=1, max_size=50))
def test_a_sum_of_amounts_to_the_cent_is_that_sum(amounts: list[Decimal]) -> None:
    added = sum(map(float, amounts))
    # What 15 digits show is meant, also where it is what arithmetic left.
    assume(significant_digits(Decimal(repr(added))) > 15 or Decimal(repr(added)) == sum(amounts))
    assert judge("amount", added) == (sum(amounts), ())


def test_a_sum_of_many_amounts_is_to_the_fen() -> None:
    amounts = ["0.03", "8388615.12", "0.04", "3.45", "3.45", "15.54", "23.87"]
    assert judge("amount", sum(map(float, amounts))) == (sum(map(Decimal, amounts)), ())


@given(st.integers(10**15, 10**16 - 1).filter(lambda fen: fen % 10 and 100 < fen % 10_000 < 9_900))
def test_an_amount_of_16_digits_is_told(fen: int) -> None:
    amount = float(Decimal(fen).scaleb(-6))
    # From 2^33 on, the next double may be what 15 digits mean: nothing of the 16th is stored then.
    assume(significant_digits(Decimal(repr(amount))) == 16)
    assert judge("amount", amount).codes == ("C108",)
    assert judge("count", float(fen)).codes == ("C108",)


@pytest.mark.parametrize("held", [0.1234567, 0.0000001, 12.3456789, 0.000000001, -0.0000000012])
def test_an_amount_finer_than_a_fen_is_told(held: float) -> None:
    assert set(judge("amount", held).codes) & {"C109", "C108"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("held", [5.551115123125783e-17, -1.3877787807814457e-17, 5e-324, -9.9e-10])
def test_what_is_left_where_numbers_cancel_out_is_0(kind: FieldKind, held: float) -> None:
    assert judge(kind, held) == (0, ())


@pytest.mark.parametrize("held", [0.0, 0.000001, 12.5, 0.1, 99999999.123456, 123456789.123456, 1e14])
def test_an_amount_to_the_fen_is_fine(held: float) -> None:
    assert judge("amount", held) == (Decimal(repr(held)), ())


@pytest.mark.parametrize("kind", KINDS)
def test_a_formula_without_a_result_is_said_as_such_and_not_as_blank(kind: FieldKind) -> None:
    assert judge(kind, NoValue("formula", "=1+1")) == (None, ("C110",))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("held", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_means_none(kind: FieldKind, held: float) -> None:
    value, codes = judge(kind, held)
    assert value is None
    assert codes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("held", [0, 0.0, -0.0])
def test_zero_has_no_sign(kind: FieldKind, held: float) -> None:
    value, codes = judge(kind, held)
    assert codes == ()
    assert value is not None
    assert exact(value) == "0"


def test_minus_zero_as_text_is_zero() -> None:
    for kind in KINDS:
        value, codes = judge(kind, "-0")
        assert codes == ("C104",)
        assert value is not None
        assert exact(value) == "0"


# --- laws ------------------------------------------------------------------------------------------------------------

COUNTS = st.integers(0, 10**15 - 1)


@given(COUNTS)
def test_every_count_that_a_spreadsheet_can_hold_is_itself(number: int) -> None:
    value, codes = judge("count", float(number))
    assert (value, codes) == (number, ())
    assert type(value) is int
    assert judge("count", number) == (number, ())


@given(COUNTS, st.sampled_from(["{}", " {} ", "{}件", "{:,}", "+{}", "0{}", "{}.0", "\u3000{}\n"]))
def test_every_way_to_type_a_count_as_text_means_that_count(number: int, way: str) -> None:
    value, codes = judge("count", way.format(number))
    assert (value, codes[0]) == (number, "C104")


@given(COUNTS)
def test_full_width_digits_mean_the_same(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert judge("count", wide) == (number, ("C104",))


@given(st.integers(0, 10**14))
def test_every_amount_in_fen_is_exact(fen: int) -> None:
    amount = Decimal(fen) / 10**6
    value, codes = judge("amount", float(amount))
    assert (value, codes) == (amount, ())
    assert not isinstance(value, float)


@given(st.floats() | st.text(max_size=50) | st.integers() | st.booleans(), st.sampled_from(KINDS))
def test_anything_gets_a_verdict(held: Any, kind: FieldKind) -> None:
    value, codes = judge(kind, held)
    assert value is None or isinstance(value, int | Decimal)
    assert value is not None or codes
    if codes == ():
        assert value is not None
        assert 0 <= value < 10**15
        assert kind == "amount" or type(value) is int


@given(st.text(st.characters(categories=("Nd", "No", "Nl")), min_size=1, max_size=6))
def test_digits_of_other_scripts_are_never_guessed(text: str) -> None:
    value: Number | None = judge("count", text).value
    plain = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    assert (value is not None) == (plain.isascii() and plain.isdigit())


# --- borders ---------------------------------------------------------------------------------------------------------

COUNT_UNITS = ("件次", "人次", "件", "条", "份", "次", "个", "宗", "起", "人", "项", "部", "笔", "户", "名")


@pytest.mark.parametrize("unit", COUNT_UNITS)
def test_the_unit_of_a_count_is_understood(unit: str) -> None:
    assert judge("count", f"12{unit}") == (12, ("C104",))
    assert judge("amount", f"12{unit}") == (None, ("C103",))


@pytest.mark.parametrize("unit", ["万元", "万元人民币"])
def test_the_unit_of_an_amount_is_understood(unit: str) -> None:
    assert judge("amount", f"12.5 {unit}") == (Decimal("12.5"), ("C104",))
    assert judge("count", f"12{unit}") == (None, ("C103",))


def test_a_unit_said_twice_is_no_number() -> None:
    assert judge("count", "12次件") == (None, ("C103",))
    assert judge("count", "12名户") == (None, ("C103",))
    assert judge("amount", "12万元万元") == (None, ("C103",))


def test_a_count_with_a_unit_that_is_no_whole_number() -> None:
    assert judge("count", "2.5件") == (Decimal("2.5"), ("C104", "C105"))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("count", "6.999999999999999", "7"), ("count", "6.0000000000000002", "6"), ("amount", "0.30000000000000004", "0.3"),
     ("amount", "12.500000000000002", "12.5")],
)  # fmt: skip
def test_a_text_stands_for_what_the_number_would(kind: FieldKind, text: str, value: str) -> None:
    assert judge(kind, text) == (Decimal(value), ("C104",))
    assert judge(kind, text).is_sure


@pytest.mark.parametrize(
    ("kind", "text"),
    [("count", "6.00000000000001"), ("amount", "1234567890123.4567"), ("amount", "0.1234567890123456")],
)
def test_a_text_of_digits_that_are_seen_keeps_them(kind: FieldKind, text: str) -> None:
    assert judge(kind, text).value == Decimal(text)


@pytest.mark.parametrize(("text", "value"), [("0" * 39 + "5", 5), ("0" * 40 + "5", None)])
def test_text_of_more_than_forty_digits_is_no_number(text: str, value: int | None) -> None:
    assert judge("count", text).value == value


@pytest.mark.parametrize("text", ["#GETTING_DATA", "#SPILL!", "#CALC!", "#spill!", " #N/A "])
def test_an_error_value_as_text_is_told_like_the_others(text: str) -> None:
    assert judge("count", text) == (None, ("C106",))


@pytest.mark.parametrize(
    "text", ["无", "没有", "暂无", "无此项", "/", "\\", "-", "—", "——", "―", "－", "一", "×", "〇", "○", "零"]
)
def test_what_clerks_write_for_nothing_is_no_number_but_known(text: str) -> None:
    assert judge("count", text) == (None, ("C103",))
    assert text in NOTHING


@pytest.mark.parametrize(
    ("held", "codes"),
    [(999_999_999_999_999, ()), (10**15, ("C108",)), (-(10**15), ("C102", "C108")), (10**15 + 10**14, ("C108",)),
     (5 * 10**14, ()), (1, ()), (0, ()), (-1, ("C102",))],
)  # fmt: skip
def test_fifteen_digits_are_the_border(held: int, codes: tuple[str, ...]) -> None:
    assert judge("count", held) == (held, codes)
    assert judge("amount", float(held)) == (held, codes)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("0.000001", ()), ("0.0000015", ("C109",)), ("123456789.123456", ()), ("1234567890.123456", ("C108",)), ("-0.0000001", ("C102", "C109"))],
)  # fmt: skip
def test_the_finest_amount_is_a_fen(text: str, codes: tuple[str, ...]) -> None:
    assert judge("amount", float(text)) == (Decimal(text), codes)
    assert judge("amount", text) == (Decimal(text), ("C104", *codes))


def test_a_fraction_of_a_count_keeps_its_number() -> None:
    assert judge("count", 2.5) == (Decimal("2.5"), ("C105",))
    assert judge("count", -2.5) == (Decimal("-2.5"), ("C102", "C105"))


@pytest.mark.parametrize(("number", "digits"), [("0.0120", 2), ("100", 1), ("-120.5", 4), ("0", 0), ("1E+3", 1)])
def test_digits_that_count(number: str, digits: int) -> None:
    assert significant_digits(Decimal(number)) == digits


def test_a_whole_amount_is_an_amount_all_the_same() -> None:
    assert [type(judge("amount", held).value) for held in (7, 7.0, "7", 0)] == [Decimal] * 4
    assert [type(judge("count", held).value) for held in (7, 7.0, "7", 0)] == [int] * 4


@pytest.mark.parametrize(
    ("verdict", "sure"),
    [
        (judge("count", 5.0), True),
        (judge("count", "5件"), True),
        (judge("count", "-5"), False),
        (judge("count", "见附件"), False),
        (judge("count", BLANK), False),
        (Verdict(None, ("C104",)), False),
        (Verdict(5, ("C104", "C102")), False),
        (Verdict(5, ("C102", "C104")), False),
        (Verdict(5, ("B101",)), False),
    ],
)
def test_a_number_is_sure_where_no_rule_but_that_of_texts_is_broken(verdict: Verdict, sure: bool) -> None:
    assert verdict.is_sure is sure
