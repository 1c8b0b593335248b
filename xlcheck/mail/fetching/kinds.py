"""What each part of a letter is: a workbook, something that may hold one, something else that was sent, or of no concern."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from xlcheck.files.names import ENDINGS, REPORT_ENDINGS
from xlcheck.guard.admit import admit
from xlcheck.mail.fetching.letter import Attachment, Letter
from xlcheck.model.errors import Refused
from xlcheck.model.tuples import NamedTuple

_SHEETS = ENDINGS | {".xlsb", ".csv", ".numbers", ".xlt", ".xltx", ".xltm", ".ett", ".fods"}
_SHEET_TYPES = re.compile(
    r"(?i)application/(vnd\.ms-excel|vnd\.openxmlformats-officedocument\.spreadsheetml|.*\.spreadsheet|.*excel)"
)
_ARCHIVES = frozenset(
    {".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".cab", ".arj", ".lzh", ".iso", ".001"}
)
_ARCHIVE_MARKS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_CONTAINERS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
"""What workbooks begin with, and much else."""
_FORK_MARK = b"\0\5\x16\7"
"""AppleDouble (RFC 1740): what a Mac keeps beside a file, sent along with it."""
_TNEF_MARK = b"\x78\x9f\x3e\x22"
_SEALS = re.compile(r"application/(x-)?pkcs7-mime|application/pgp-encrypted")
_DOCUMENTS = {
    "文字文档": {".doc", ".docx", ".docm", ".dot", ".dotx", ".rtf", ".odt", ".wps", ".wpt", ".pages", ".uof", ".ofd"},
    " PDF 文件": {".pdf"},
    "图片": {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp"},
    "演示文稿": {".ppt", ".pptx", ".pps", ".ppsx", ".dps", ".odp"},
    "文本": {".txt", ".htm", ".html", ".mht", ".mhtml", ".xml", ".json", ".md"},
}
_ANY_DOCUMENT = frozenset().union(*_DOCUMENTS.values())
_CARDS = re.compile(
    r"(?i)application/(x-)?(pkcs7-signature|pgp-signature|pgp-keys)|text/(calendar|(x-)?vcard)|message/(delivery-status"
    r"|disposition-notification|rfc822-headers)|text/rfc822-headers"
)
"""What programs attach by themselves: signatures, cards, and reports of delivery."""
_ADDED = re.compile(r"(?i)ATT\d+\.(txt|htm|html|bin)|signature\.asc|.*\.(p7s|vcf|ics)")

_ARCHIVE = "附件是压缩包，没有打开；请对方直接发送工作簿"
_TNEF = "附件是 Outlook 专用格式，没有打开；请对方改用“纯文本”或“HTML”格式重新发送"
_LETTER = "附件是一封信，没有打开；请对方直接发送工作簿"
_NESTED = "附件在信里转发的另一封信中，没有取；请对方直接发送工作簿"
_SEALED = "信经数字证书签名打包或加密，没有打开；请对方不签名、不加密，重新发送工作簿"
_PIECE = "信被拆成几封发送，没有取；请对方在一封信里发送工作簿"
_WRITTEN = "附件写在信的正文里（uuencode），没有取；请对方用邮箱的“添加附件”重新发送工作簿"
_LINK = "信里没有工作簿，只有网盘或“超大附件”的链接，没有下载；请对方把工作簿作为普通附件发送"
_FORK = "附件里只有苹果电脑的附加信息，没有表格；请对方重新发送工作簿"
_FILL = "把数填在模板里，发送工作簿（.xlsx、.xls、.et 或 .ods）"
_NO_WORKBOOK = f"附件是{{}}，不是工作簿，没有取；请对方{_FILL}"


class HeldBack(NamedTuple):
    """What is not saved, and why."""

    name: str
    """As the letter has it; empty for the letter itself."""
    reason: str
    """In a clerk's words: what is wrong and what to do."""


class Kinds(NamedTuple):
    """What a letter holds."""

    workbooks: list[Attachment]
    held: list[HeldBack]
    """What may hold a workbook and is not opened."""
    waiting: list[HeldBack]
    """What a person must look at where the letter holds nothing else of concern: then it is what the unit sent."""
    others: tuple[str, ...]
    """The names of attachments that are of no concern."""
    documents: tuple[Attachment, ...] = ()
    """Those of `waiting` that may be a report."""


def kinds_of(letter: Letter) -> Kinds:
    """What a letter holds; nothing is opened but what looks like a workbook, by the guard."""
    workbooks: list[Attachment] = []
    held: list[HeldBack] = []
    waiting: list[HeldBack] = []
    others: list[str] = []
    documents: list[Attachment] = []
    for attachment in _without_forks(letter.attachments):
        if _is_workbook(attachment):
            workbooks.append(attachment)
        elif reason := _why_not(attachment):
            held.append(HeldBack(attachment.name, reason))
        elif not _is_of_no_concern(attachment):
            waiting.append(HeldBack(attachment.name, _NO_WORKBOOK.format(_kind(attachment.name))))
            documents += [attachment] if _ending(attachment.name) in REPORT_ENDINGS else []
        elif attachment.name:
            others.append(attachment.name)
    held += [HeldBack(each.name, _NESTED) for each in letter.nested if _is_workbook(each) or _why_not(each)]
    for name in letter.uuencoded:
        (held if _ending(name) in _SHEETS | _ARCHIVES else waiting).append(HeldBack(name, _WRITTEN))
    waiting += [HeldBack(each.name, _NESTED) for each in letter.nested if _ending(each.name) in _ANY_DOCUMENT]
    waiting += [HeldBack("", _LINK)] if letter.linked else []
    return Kinds(workbooks, held, waiting, tuple(others), tuple(documents))


def _without_forks(attachments: Sequence[Attachment]) -> list[Attachment]:
    """The attachments; what a Mac sent along with a file is none, unless the file itself is missing."""
    forks = [each for each in attachments if each.data.startswith(_FORK_MARK)]
    files = [each for each in attachments if not each.data.startswith(_FORK_MARK)]
    return files if len(forks) <= len(files) else list(attachments)


def _is_of_no_concern(attachment: Attachment) -> bool:
    own = _CARDS.fullmatch(attachment.type) or _ADDED.fullmatch(attachment.name.strip())
    return attachment.shown or bool(own) or (not attachment.name and not attachment.data)


def no_report(name: str, why: str) -> str:
    """Why a document is not saved, where `why` says what is wrong with it."""
    return f"附件是{_kind(name)}，没有取（{why}）；请对方改好后重新发送，或者{_FILL}"


def _kind(name: str) -> str:
    """What an attachment is, to a clerk."""
    ending = _ending(name)
    return next((kind for kind, endings in _DOCUMENTS.items() if ending in endings), "别的文件")


def _ending(name: str) -> str:
    return os.path.splitext(name.strip())[1].lower()


def _is_workbook(attachment: Attachment) -> bool:
    if attachment.data.startswith(_FORK_MARK):
        return False
    if _ending(attachment.name) in _SHEETS or _SHEET_TYPES.match(attachment.type):
        return True
    if not attachment.data.startswith(_CONTAINERS):
        return False
    try:
        admit(attachment.data)
    except Refused:
        return False
    return True


def _why_not(attachment: Attachment) -> str:
    ending = _ending(attachment.name)
    if attachment.type == "message/partial":
        return _PIECE
    if attachment.type == "message/external-body":
        return _LINK
    if ending == ".p7m" or _SEALS.fullmatch(attachment.type):
        return _SEALED
    if attachment.data.startswith(_FORK_MARK):
        return _FORK
    if (
        attachment.name.lower() == "winmail.dat"
        or attachment.type.endswith("ms-tnef")
        or attachment.data.startswith(_TNEF_MARK)
    ):
        return _TNEF
    if ending in (".eml", ".msg"):
        return _LETTER
    if ending in _ARCHIVES or attachment.data.startswith(_ARCHIVE_MARKS):
        return _ARCHIVE
    return ""
