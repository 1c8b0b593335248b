"""What servers say, and what that means to a clerk."""

from __future__ import annotations

import pytest

from xlcheck.mail.replies import refusal


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [(550, "User unknown", "对方没有这个邮箱，请核对地址（550 User unknown）"), (550, b"5.1.1 no such user", "没有这个邮箱"), (553, "Mailbox not found", "没有这个邮箱"),
     (552, "5.2.2 mailbox full", "邮箱已满"), (552, "5.3.4 message too big", "信太大"), (554, "5.7.1 spam detected", "垃圾邮件"), (554, "rejected", "对方服务器不收（554 rejected）"),
     (451, "greylisted", "请过一会儿再运行一次（451 greylisted）")],
)  # fmt: skip
def test_a_refusal_is_said_in_chinese_first(code: int, text: str | bytes, said: str) -> None:
    assert said in refusal(code, text)
