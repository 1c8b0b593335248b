"""Passwords of the office's users."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from xlcheck.web import passwords
from xlcheck.web.passwords import LONGEST, PoorPassword, hashed, is_outdated, is_password, random_password, strength


@pytest.fixture(autouse=True)
def _hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())


def test_only_the_password_itself_is_taken() -> None:
    kept = hashed("春眠不觉晓，处处闻啼鸟。", "张三")
    assert kept.startswith("$argon2id$")
    assert "春" not in kept
    assert is_password("春眠不觉晓，处处闻啼鸟。", "x") is False
    assert not is_password("春眠不觉晓，处处闻啼鸟", kept)
    assert not is_password("春眠不觉晓，处处闻啼鸟。", None)
    assert not is_password("x" * (LONGEST + 1), kept)
    assert is_password("春眠不觉晓，处处闻啼鸟。", kept)
    assert not is_outdated(kept)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 129,
        "aaaaaaaaaaaaaaaa",
        "121212121212",
        "zhangsan-2026-zhangsan",
        "password1234",
        "qwertyuiop12",
        "a1b2c3d4e5f6",
    ],
)
def test_what_others_could_guess_is_refused(password: str) -> None:
    with pytest.raises(PoorPassword):
        hashed(password, "zhangsan")


def test_what_is_made_at_random_is_taken_and_never_the_same() -> None:
    made = {random_password() for _ in range(50)}
    assert len(made) == 50
    assert all(strength(one, "张三") == 4 for one in made)


def test_a_long_password_is_looked_at_quickly() -> None:
    assert strength("甲乙丙丁" * 32, "") >= 0
    assert strength("春眠不觉晓，处处闻啼鸟。" * 10, "张三") == 4
