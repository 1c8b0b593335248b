"""The settings file of a campaign's folder, ``campaign.toml``: what commands would otherwise be told each time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from xlcheck.files.content import open_file, why, write_bytes
from xlcheck.forms.toml import TOMLDecodeError, loads
from xlcheck.model.errors import Error
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple

SETTINGS_FILE = "campaign.toml"
"""Its name, by which a campaign's folder is known."""

LEDGER_FILE = "台账.sqlite"
"""The ledger in the folder, where the settings name no other."""

_LARGEST = 1 << 20

Value = TypeVar("Value", str, bool)


class InvalidSettings(Error):
    """A settings file that cannot be used; the message says why, for a clerk."""

    code = "settings"


class SendSettings(NamedTuple):
    """How letters leave."""

    smtp: str = ""
    """As ``xlcheck mail --smtp`` has it; empty to write letters into the folder only."""
    sender: str = ""
    """``市政务公开办 <gkb@example.org>``; empty for the user of `smtp`."""
    password_file: str = ""
    rate: str = ""
    """``20/min``; empty for as fast as the server takes them."""


class FetchSettings(NamedTuple):
    """How letters are fetched."""

    imap: str = ""
    """As ``xlcheck inbox`` has it."""
    password_file: str = ""
    server: str = ""
    """What the office's mail server calls itself in Authentication-Results."""


class TemplateSettings(NamedTuple):
    """What stands in the tables that go out, besides what is known of their units; as ``xlcheck template`` has it."""

    totals: bool = False
    """Whether sums are worked out by formulas."""
    zeros: bool = False
    """Whether all other fields hold 0."""


class CampaignSettings(NamedTuple):
    """What stands in the file. Paths are as seen from its folder."""

    campaign: int
    """Which one of the ledger's."""
    ledger: str = ""
    """``postgresql://…``, or a file; empty for :data:`LEDGER_FILE` in the folder."""
    last_year: str = ""
    """The folder of last year's campaign; empty to look for it."""
    send: SendSettings = SendSettings()
    fetch: FetchSettings = FetchSettings()
    template: TemplateSettings = TemplateSettings()

    def ledger_in(self, folder: Path) -> str:
        """The ledger's file or URL."""
        return self.ledger if "://" in self.ledger else str(folder / (self.ledger or LEDGER_FILE))


def load_settings(folder: Path) -> CampaignSettings:
    """The settings in a folder.

    Raises:
        InvalidSettings: there are none, or they have a fault.
    """
    path = folder / SETTINGS_FILE
    try:
        with open_file(path) as file:
            return settings_of(file.read(_LARGEST))
    except FileNotFoundError as error:
        said = f"“{folder}”里没有 {SETTINGS_FILE}，不是报送工作的文件夹；新的一年请先运行 xlcheck campaign new 年度"
        raise InvalidSettings(said) from error
    except OSError as error:
        raise InvalidSettings(f"无法读取“{path}”（{why(error)}）") from error
    except InvalidSettings as error:
        raise InvalidSettings(f"“{path}”{error.message}") from error


def settings_of(data: bytes) -> CampaignSettings:
    """The settings that a file holds.

    Raises:
        InvalidSettings: they have a fault; said without the file's name.
    """
    try:
        return _settings(loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise InvalidSettings("不是 UTF-8 编码的，请用记事本另存为 UTF-8") from error
    except TOMLDecodeError as error:
        raise InvalidSettings(f"{_where(error)}写法有误；文字要放在英文双引号里，一个名称只能写一次") from error


def _where(error: Exception) -> str:
    """Where the writing of a TOML file is wrong: its library says it in English."""
    found = re.search(r"at line (\d+)", str(error))
    return f"第 {found.group(1)} 行" if found else ""


def write_settings(folder: Path, settings: CampaignSettings) -> None:
    """Write them with what each line means; an earlier file is replaced.

    Raises:
        InvalidSettings: the ledger's address holds a password.
        OSError: they cannot be written.
    """
    refuse_password(settings.ledger)
    values = {f"{section}_{name}" if section else name: value for section, name, value in _all(settings)}
    text = _TEXT.format(**{name: _literal(value) for name, value in values.items()})
    write_bytes(folder / SETTINGS_FILE, text.encode("utf-8"))


def change_settings(folder: Path, settings: CampaignSettings) -> None:
    """Write those that differ from the file's; all else in it stays as a person wrote it, comments and order included.

    Raises:
        InvalidSettings: the file has a fault, or the ledger's address holds a password.
        OSError: it cannot be written.
    """
    import tomlkit  # only whoever changes them needs it

    refuse_password(settings.ledger)
    before = {(section, name): value for section, name, value in _all(load_settings(folder))}
    path = folder / SETTINGS_FILE
    document = tomlkit.parse(path.read_bytes().decode("utf-8-sig"))
    for section, name, value in _all(settings):
        if value != before[section, name]:
            table: Any = document.setdefault(section, tomlkit.table()) if section else document
            table[name] = value if isinstance(value, int) else clean(value)
    write_bytes(path, tomlkit.dumps(document).encode("utf-8"))


def _all(settings: CampaignSettings) -> Iterator[tuple[str, str, str | int]]:
    """Each of them: its section, its name, and its value."""
    for name, value in settings._asdict().items():
        if name in _SECTIONS:
            yield from ((name, one, each) for one, each in value._asdict().items())
        else:
            yield "", name, value


def _literal(value: str | int) -> str:
    # What JSON writes is TOML, too, but for DEL, which clean takes away.
    return json.dumps(clean(value) if isinstance(value, str) else value, ensure_ascii=False)


_TEXT = f"""\
# 一年报送工作的设置。改好保存后，下次运行就按新的。密码不要写在这里：写在别的文件里，这里只写那个文件的名称。

# 台账里的哪一项工作；由 xlcheck 填写，请不要改。
campaign = {{campaign}}

# 台账放在哪里：空着是本文件夹里的“{LEDGER_FILE}”。几个人一起用的，写 PostgreSQL 的地址，
# 如 "postgresql://用户名@服务器/数据库"；密码放在用户文件夹的 .pgpass 里，或者环境变量 PGPASSWORD 里。
ledger = {{ledger}}

# 上年报送工作的文件夹，用来与上年比对；空着就自己找：先在同一台账里，再在旁边的文件夹里。
last_year = {{last_year}}

# 发信：服务器的写法与 xlcheck mail --smtp 相同，如 "用户名@qq.com"；空着只把信写成文件，不发送。
[send]
smtp = {{send_smtp}}
# 发件人，如 "市政务公开办 <gkb@example.org>"；空着用上面的用户名。
sender = {{send_sender}}
# 存放密码（授权码）的文件。
password_file = {{send_password_file}}
# 最快多少，如 "20/min"；空着不限。
rate = {{send_rate}}

# 收信：邮箱的写法与 xlcheck inbox 相同，如 "用户名@qq.com"。
[fetch]
imap = {{fetch_imap}}
password_file = {{fetch_password_file}}
# 本单位邮件服务器在 Authentication-Results 里的名称；空着不看。
server = {{fetch_server}}

# 发给各单位的填报表：合计数用公式算好（totals）、其余各格预填 0（zeros）；true 是，false 否。
[template]
totals = {{template_totals}}
zeros = {{template_zeros}}
"""

_SECTIONS = ("send", "fetch", "template")


# --- what was read ---------------------------------------------------------------------------------------------------


def _settings(found: dict[str, Any]) -> CampaignSettings:
    known = set(CampaignSettings._fields)
    if unknown := sorted(found.keys() - known):
        raise InvalidSettings(f"里不认识“{clean(unknown[0])}”；可以写的有：{'、'.join(sorted(known))}")
    number = found.get("campaign")
    if type(number) is not int or number < 1:
        raise InvalidSettings(
            "里的“campaign”要是 xlcheck 写的那个整数；改丢了的，"
            "请把这个文件移走，再用 xlcheck campaign new 年度 --join --folder 文件夹 重新写出设置"
        )
    texts = _texts(
        {key: found[key] for key in ("ledger", "last_year") if key in found}, ("ledger", "last_year"), "里的"
    )
    refuse_password(texts.get("ledger", ""))
    send = SendSettings(**_texts(found.get("send", {}), SendSettings._fields, "里 [send] 下面的"))
    fetch = FetchSettings(**_texts(found.get("fetch", {}), FetchSettings._fields, "里 [fetch] 下面的"))
    switches = _section(
        found.get("template", {}), TemplateSettings._fields, "里 [template] 下面的", bool, " true 或 false"
    )
    return CampaignSettings(number, send=send, fetch=fetch, template=TemplateSettings(**switches), **texts)


def _texts(table: Any, known: tuple[str, ...], where: str) -> dict[str, str]:
    return _section(table, known, where, str, "放在英文双引号里的文字")


def _section(table: Any, known: tuple[str, ...], where: str, kind: type[Value], wanted: str) -> dict[str, Value]:
    if not isinstance(table, dict):
        raise InvalidSettings(f"{where.removesuffix('下面的')}要单独成一段，下面每行一项")
    for name, value in table.items():
        if name not in known:
            raise InvalidSettings(f"{where}“{clean(name)}”不认识；可以写的有：{'、'.join(known)}")
        if not isinstance(value, kind):
            raise InvalidSettings(f"{where}“{name}”要是{wanted}")
    return table


def refuse_password(ledger: str) -> None:
    """Refuse a ledger's address with a password, which everybody who sees the folder would see.

    Raises:
        InvalidSettings: it holds one.
    """
    user, at, _ = ledger.partition("://")[2].rpartition("@")
    if at and ":" in user:
        raise InvalidSettings(
            "“ledger”的地址里写了密码；请删去密码，放在用户文件夹的 .pgpass 里，或者环境变量 PGPASSWORD 里"
        )
