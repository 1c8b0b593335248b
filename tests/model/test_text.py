"""How things are said on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xlcheck.model.text import across, hung, shortened

LINES = st.lists(
    st.sampled_from(["核对", "依申请公开!D5", "（", "，", "；", " ", "a", "60", "\x1b[31m\x1b[1mB101\x1b[0m"]),
    max_size=40,
).map("".join)


@given(LINES, st.integers(20, 100))
def test_broken_lines_fit_and_say_the_same(text: str, width: int) -> None:
    broken = hung(f"  {text}", width)
    assert broken.replace("\n", "").replace(" ", "") == text.replace(" ", "")
    for line in broken.split("\n"):
        assert across(line.lstrip(" ")) <= width - 2


def test_what_goes_on_hangs_and_marks_begin_no_line() -> None:
    first, *others = hung("  B101 " + "勾稽关系，" * 20, 40).split("\n")
    assert first.startswith("  B101")
    assert all(line.startswith("      ") and line[6] != "，" for line in others)
    assert hung("短", 10) == "短"


@given(st.text("甲乙ab （", max_size=30), st.integers(2, 20))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    said = shortened(text, most)
    assert across(said) <= most
    assert said == text or (said.endswith("…") and text.startswith(said[:-1]))
