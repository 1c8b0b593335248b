"""Extras: libraries that xlcheck comes without."""

from __future__ import annotations

import sys

import pytest

from xlcheck.model.extras import how_to_get


def test_a_build_into_which_nothing_can_be_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert how_to_get("cluster") == "请先安装：pip install 'xlcheck[cluster]'"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert how_to_get("cluster") == "免安装版不带这一部分，请另用 Python 安装：pip install 'xlcheck[cluster]'"
