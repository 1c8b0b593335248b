"""统一社会信用代码 as people's lists hold them: how they are meant, what programs did to them, and whether they can be right.

GB 32100-2015: 18 characters, digits and capitals without I, O, Z, S and V; the last one proves the others (appendix A).
"""

from __future__ import annotations

import re

from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.identity import code_key

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a code; each counts as its place here."""
_MODULUS = len(_SIGNS)
_LENGTH = 18
_KEPT = 15
"""Digits of a number that spreadsheet programs keep."""

_AS_NUMBER = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]{2}")
_AS_FORMULA = re.compile(r'="(.*)"')
_AFTER_MARK = re.compile(r"['‘’](.+)")


class TypedCode(NamedTuple):
    """A code as a list holds it."""

    code: str
    """How it is meant; empty where that is lost, or where there is none."""
    doubt: str
    """What is odd about how it is written, or cannot be right, in a clerk's words; empty for a sound code."""


def typed_code(text: str) -> TypedCode:
    """What the text of a cell means as a code."""
    text = text.strip()
    if _AS_NUMBER.fullmatch(text) and len(text) != _LENGTH:
        said = f"“{text}”是表格程序把 18 位代码当成数之后的样子，后几位已经丢失；请把这一列的格式改为“文本”，重新填写 18 位代码"
        return TypedCode("", said)
    inner, dressed = _undressed(text)
    code = code_key(inner)
    if code and code != inner and not dressed:
        dressed = f"“{text}”里有{_odd_signs(inner)}"
    used = f"{dressed}，已按“{code}”使用" if dressed else ""
    return TypedCode(code, "；".join(part for part in (used, _fault(code)) if part))


def check_sign(code: str) -> str:
    """The character that must follow the first 17 of a code (GB 32100-2015, appendix A)."""
    total = sum(_SIGNS.index(sign) * pow(3, place, _MODULUS) for place, sign in enumerate(code[: _LENGTH - 1]))
    return _SIGNS[-total % _MODULUS]


def _undressed(text: str) -> tuple[str, str]:
    """A code without what was put around it so that programs keep it a text, and what that was."""
    if formula := _AS_FORMULA.fullmatch(text):
        return formula[1], f'“{text}”带着公式的写法 ="…"'
    if marked := _AFTER_MARK.fullmatch(text):
        return marked[1], f"“{text}”前面有一个单引号"
    return text, ""


def _odd_signs(text: str) -> str:
    odd = []
    if any(sign.isspace() for sign in text):
        odd.append("空格或换行")
    if any(ord(sign) > 0x7F and not sign.isspace() for sign in text):
        odd.append("全角字符")
    if any("a" <= sign <= "z" for sign in text):
        odd.append("小写字母")
    return "、".join(odd) or "多余的字符"


def _fault(code: str) -> str:
    """Why it can be nobody's code; empty if it may be one."""
    if not code:
        return ""
    if len(code) != _LENGTH:
        return f"“{code}”有 {len(code)} 位，统一社会信用代码应为 {_LENGTH} 位，请核对"
    if strange := dict.fromkeys(sign for sign in code if sign not in _SIGNS):
        said = f"“{code}”里有“{'”“'.join(strange)}”，统一社会信用代码只有数字和大写字母，并且没有 I、O、Z、S、V，请核对"
        return f"{said}（可能把数字 0、1、2、5 写成了字母）" if set(strange) & set("OIZS") else said
    expected = check_sign(code)
    if code[-1] == expected:
        return ""
    if code.isdigit() and code.endswith("0" * (_LENGTH - _KEPT)):
        return f"“{code}”末 3 位都是 0，校验位不对，可能曾被当成数，只留下前 {_KEPT} 位；请重新填写 18 位代码"
    return f"“{code}”的校验位不对（前 17 位无误时，最后一位应为 {expected}），可能抄错了一位，请核对"
