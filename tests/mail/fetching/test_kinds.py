"""What a letter holds: nothing that a unit sent in place of a workbook goes by unseen."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile

import pytest

from tests.mail.fetching.test_sort import BOOK, UNITS, reasons, sorted_letter, zipped
from tests.servers.replies import XLSX, Part, attached, headed, letter, multipart, text
from xlcheck.mail.fetching.elsewhere import has_link, uuencoded

JYJ, STRANGER = "jyj@example.org", "someone@example.com"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def html(body: str, encoding: str = "utf-8") -> Part:
    head = f"Content-Type: text/html; charset={encoding}\r\nContent-Transfer-Encoding: base64".encode()
    return Part(head, base64.encodebytes(body.encode(encoding)))


def docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return buffer.getvalue()


def written(data: bytes, name: str, stripped: bool = False) -> str:
    """A file as uuencode writes it; some servers strip blanks at the ends of lines."""
    lines = [binascii.b2a_uu(data[at : at + 45]).decode("ascii").rstrip("\n") for at in range(0, len(data), 45)]
    body = "\r\n".join(line.rstrip() if stripped else line for line in lines)
    return f"请查收\r\n\r\nbegin 644 {name}\r\n{body}\r\n`\r\nend\r\n"


def alone(head: str, body: bytes = b"") -> bytes:
    """A letter that is one part."""
    return f"From: {JYJ}\r\nMIME-Version: 1.0\r\n{head}\r\n\r\n".encode() + body


DOCUMENTS = {
    "docx": (attached(docx(), "年报.docx", DOCX), "文字文档"),
    "broken docx": (attached(b"PK\3\4xxxx", "nb.docx", DOCX), "文字文档"),
    "doc": (attached(b"\xd0\xcf\x11\xe0" + b"x" * 600, "年报.doc", "application/msword"), "文字文档"),
    "wps": (attached(b"x", "年报.WPS", "application/kswps"), "文字文档"),
    "ofd": (attached(b"x", "年报.ofd"), "文字文档"),
    "pdf": (headed(b"Content-Disposition: attachment; filename=scan.pdf", b"%PDF-1.7", "application/pdf"), "PDF 文件"),
    "photo": (headed(b"Content-Disposition: attachment; filename=a.jpg", b"\xff\xd8", "image/jpeg"), "图片"),
    "photo of a phone": (
        headed(b"Content-Disposition: inline; filename=a.HEIC\r\nContent-ID: <1@phone>", b"x", "image/heic"), "图片"
    ),
    "unnamed photo": (headed(b"Content-Disposition: attachment", b"\xff\xd8", "image/jpeg"), "别的文件"),
    "text": (attached(b"1", "年报.txt", "text/plain"), "文本"),
    "page": (attached(b"1", "年报.htm", "text/html"), "文本"),
    "slides": (attached(b"1", "年报.dps"), "演示文稿"),
    "unknown": (attached(b"1", "年报.dat2"), "别的文件"),
    "unnamed": (headed(b"X: y", b"%PDF-1.7"), "别的文件"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_unit_sends_in_place_of_a_workbook_waits_for_a_person(name: str) -> None:
    part, kind = DOCUMENTS[name]
    found = sorted_letter(letter(JYJ, part))
    (reason,) = reasons(found)
    assert kind in reason and "发送工作簿（.xlsx" in reason and reason.count("附件是") == 1
    beside = sorted_letter(letter(JYJ, attached(BOOK), part))
    assert (len(beside.taken), beside.held) == (1, ())
    assert [one.name for one in found.held if one.name] == list(beside.others)
    assert sorted_letter(letter(STRANGER, part)).kind == "unrelated"


LINKS = {
    "QQ": "https://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=abc&code=1234",
    "QQ, newer": "https://wx.mail.qq.com/ftn/download?func=3&key=abc&code=12ab",
    "Tencent's for firms": "https://exmail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=abc&code=1",
    "163": "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT",
    "163, older": "http://fs.163.com/fs/display/?p=X-NETEASE-HUGE-ATTACHMENT&file=abc",
    "163, Mac": "https://dashi.163.com/html/cloud-attachment-download/?key=abc",
    "126": "https://mail.126.com/large-attachment-download/index.html?p=abc",
    "another": "https://mail.example.org/coremail/XJS/bigfile/download.jsp?share_link=1",
    "Baidu": "https://pan.baidu.com/s/1abc?pwd=1234",
    "kdocs": "https://www.kdocs.cn/l/abc",
    "a workbook": "http://www.example.org/files/年报.xlsx?x=1",
    "an archive": "http://www.example.org/files/a.rar",
}


@pytest.mark.parametrize("name", LINKS)
def test_a_link_to_a_file_that_is_not_attached(name: str) -> None:
    link = LINKS[name]
    shown = html(f'<div>年报</div><a href="{link.replace("&", "&amp;")}">进入下载页面</a>', "gbk")
    for raw in (
        letter(JYJ, shown),
        letter(JYJ, multipart(text(f"年报：{link}"), shown, kind="alternative", boundary="=_in")),
        alone("Content-Type: text/plain; charset=utf-8", f"年报：{link}".encode()),
        alone(shown.headers.decode(), shown.body),
    ):
        assert ["“超大附件”的链接" in reason for reason in reasons(sorted_letter(raw))] == [True]
    assert len(sorted_letter(letter(JYJ, shown, attached(BOOK))).taken) == 1
    assert sorted_letter(letter(STRANGER, shown)).kind == "unrelated"


@pytest.mark.parametrize(
    ("said", "linked"),
    [
        ("从QQ邮箱发来的超大附件 https://example.org/x", True),
        ("链接: https://example.org/x 提取码: 1234", True),
        ("我局网站：https://www.example.gov.cn/zwgk/index.html", False),
        ("超大附件发不出去", False),
        ("收到。\n> 文件在 https://pan.baidu.com/s/1 领取\n", False),
        ("", False),
    ],
)
def test_which_texts_link_to_a_file(said: str, linked: bool) -> None:
    assert has_link(said) is linked


@pytest.mark.parametrize("stripped", [False, True])
@pytest.mark.parametrize("name", ["nb.xlsx", "年报.xls", "年 报.et"])
def test_a_file_written_into_the_text_is_held_back_whoever_sent_it(name: str, stripped: bool) -> None:
    body = written(BOOK, name, stripped)
    for raw in (
        alone("Content-Type: text/plain; charset=gb2312", body.encode("gbk")),
        alone("X-Mailer: old", body.encode()),
        letter(JYJ, Part(b"Content-Type: text/plain; charset=utf-8", body.encode())),
    ):
        found = sorted_letter(raw)
        assert [one.name for one in found.held] == [name]
        assert "uuencode" in found.held[0].reason
        assert sorted_letter(raw.replace(JYJ.encode(), STRANGER.encode())).kind == "stranger"


def test_only_the_beginning_of_a_file_is_one() -> None:
    assert uuencoded("we begin 644 words\nbegin 9 x\nM\nbegin 644\nM\n") == ()
    assert uuencoded("begin 644 a.xlsx\nM1\nend\nbegin-base64 644 b.doc\nUEs=\n====\n") == ("a.xlsx", "b.doc")


def test_what_the_transfer_encoding_calls_uuencoded_is_read() -> None:
    body = written(BOOK, "nb.xlsx").partition("\r\n\r\n")[2].encode()
    head = b"Content-Type: application/octet-stream; name=nb.xlsx\r\nContent-Transfer-Encoding: x-uuencode"
    assert [taken.data for taken in sorted_letter(letter(JYJ, Part(head, body))).taken] == [BOOK]


SEALED = {
    "signed, opaque": 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
    "older": "application/x-pkcs7-mime; name=smime.p7m",
    "encrypted": 'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
    "known by its name": 'application/octet-stream; name="SMIME.P7M"',
    "without a name": "application/pkcs7-mime",
}


@pytest.mark.parametrize("name", SEALED)
def test_a_letter_in_an_envelope_of_its_own(name: str) -> None:
    raw = alone(f"Content-Type: {SEALED[name]}\r\nContent-Transfer-Encoding: base64", b"MIIBAGp1bms=")
    assert ["签名打包或加密" in reason for reason in reasons(sorted_letter(raw))] == [True]
    assert sorted_letter(raw.replace(JYJ.encode(), STRANGER.encode())).kind == "stranger"


def test_a_letter_encrypted_with_pgp() -> None:
    inner = multipart(
        Part(b"Content-Type: application/pgp-encrypted", b"Version: 1"),
        headed(b"Content-Disposition: inline; filename=encrypted.asc", b"x"),
        kind="encrypted",
        boundary="=_in",
    )
    assert any("加密" in reason for reason in reasons(sorted_letter(letter(JYJ, inner))))


def test_a_signature_beside_a_letter_is_of_no_concern() -> None:
    signature = headed(b"Content-Disposition: attachment; filename=smime.p7s", b"x", "application/pkcs7-signature")
    for inner in ([text(), attached(BOOK)], [text()]):
        signed = multipart(
            multipart(*inner, boundary="=_in"), signature, kind="signed; protocol=x; micalg=sha-256", boundary="=_out"
        )
        found = sorted_letter(alone(signed.headers.decode(), signed.body))
        assert (len(found.taken), found.held, found.others) == (len(inner) - 1, (), ("smime.p7s",))


FORK = b"\0\5\x16\7" + b"\0\2\0\0Mac OS X        " + b"\0" * 40


@pytest.mark.parametrize("kind", ["application/applefile", "application/octet-stream", XLSX])
@pytest.mark.parametrize("name", ["年报.xlsx", "._年报.xlsx", "%年报.xlsx"])
def test_a_file_of_a_mac_is_one_workbook(kind: str, name: str) -> None:
    fork = attached(FORK, name, kind)
    for parts in (
        [multipart(fork, attached(BOOK, kind=XLSX), kind="appledouble", boundary="=_in")],
        [fork, attached(BOOK)],
        [attached(BOOK), fork],
    ):
        found = sorted_letter(letter(JYJ, *parts))
        assert ([UNITS[taken.unit].name for taken in found.taken], found.held) == (["市教育局"], ())


def test_what_a_mac_keeps_beside_a_file_without_the_file() -> None:
    found = sorted_letter(letter(JYJ, attached(FORK, "年报.xlsx", "application/applefile")))
    assert ["苹果电脑" in reason for reason in reasons(found)] == [True]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (attached(b"\x78\x9f\x3e\x22" + b"x" * 40, "ATT0.dat"), "Outlook 专用格式"),
        (attached(b"x", "Winmail.DAT"), "Outlook 专用格式"),
        (attached(b"x", "年报.rar"), "压缩包"),
        (attached(b"7z\xbc\xaf\x27\x1c", "年报.docx"), "压缩包"),
        (Part(b"Content-Type: message/partial; id=x; number=1; total=2", letter(JYJ, attached(BOOK), boundary="=_i")), "拆成几封"),
        (Part(b"Content-Type: message/external-body; access-type=URL; URL=x", b"\r\n"), "链接"),
        (Part(b"Content-Type: message/rfc822", letter("a@b", attached(BOOK, ""), boundary="=_i")), "转发的另一封信"),
        (Part(b"Content-Type: message/rfc822", letter("a@b", attached(zipped(), "a.zip"), boundary="=_i")), "转发"),
    ],
)  # fmt: skip
def test_what_may_hold_a_workbook_is_held_back_whoever_sent_it(part: Part, reason: str) -> None:
    for others in ([], [attached(BOOK, "年报2.xlsx")]):
        found = sorted_letter(letter(JYJ, *others, part))
        assert (len(found.taken), [reason in said for said in reasons(found)]) == (len(others), [True]), reasons(found)
    assert sorted_letter(letter(STRANGER, part)).kind == "stranger"


@pytest.mark.parametrize(
    "inner", [attached(b"x", "年报.docx"), html(f'<a href="{LINKS["QQ"]}">x</a>')], ids=["a document", "a link"]
)
def test_a_forwarded_letter_with_something_else(inner: Part) -> None:
    forwarded = Part(b"Content-Type: message/rfc822", letter("a@b", inner, boundary="=_i"))
    assert len(sorted_letter(letter(JYJ, forwarded)).held) == 1
    assert sorted_letter(letter(JYJ, forwarded, attached(BOOK))).held == ()


def test_what_programs_add_by_themselves_is_of_no_concern() -> None:
    logo = Part(b"Content-Type: image/png; name=logo.png\r\nContent-ID: <1@x>", b"\x89PNG")
    raw = letter(
        JYJ,
        html('收到<img src="cid:1@x">'),
        logo,
        attached(b"x", "张三.vcf", "text/x-vcard"),
        attached(b"x", "ATT00001.htm", "text/html"),
        attached(b"x", "invite.ics", "text/calendar"),
    )
    found = sorted_letter(raw)
    assert (found.held, len(found.others)) == ((), 4)
