"""Workbooks locked with a password, as programs lock them ([MS-OFFCRYPTO])."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from hashlib import md5, sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from tests.hostile import makers as hostile

DEFAULT = "VelvetSweatshop"
"""What every program tries before it asks."""
_SALT = bytes(range(16))
_NEVER = {0x0809, 0x002F}
"""Records that are not encrypted: BOF and FilePass ([MS-XLS] 2.2.10)."""


def locked_package(data: bytes, password: str = DEFAULT, agile: bool = True) -> bytes:
    """A package as Excel locks it since 2010, or as Excel 2007 did."""
    if agile:
        out = io.BytesIO()
        OOXMLFile(io.BytesIO(data)).encrypt(password, out)
        return out.getvalue()
    key = ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 24, 128, 16, _SALT)
    verifier = bytes(range(100, 116))
    header = struct.pack("<8L", 0x24, 0, 0x660E, 0x8004, 128, 24, 0, 0) + "AES\0".encode("utf-16-le")
    info = struct.pack("<2HLL", 3, 2, 0x24, len(header)) + header
    info += struct.pack("<L", 16) + _SALT + _aes(key, verifier)
    info += struct.pack("<L", 20) + _aes(key, sha1(verifier).digest().ljust(32, b"\0"))
    content = struct.pack("<Q", len(data)) + _aes(key, data.ljust(-(-len(data) // 16) * 16, b"\0"))
    return bytes(hostile.ole({"EncryptionInfo": info, "EncryptedPackage": content}))


def _aes(key: bytes, data: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # as the format has it
    return bytes(encryptor.update(data) + encryptor.finalize())


def locked_xls(stream: bytes, password: str = DEFAULT, xor: bool = False) -> bytes:
    """An .xls of a stream of records, locked by RC4 or as Excel 95 did."""
    secret = _xor_pass(password) if xor else _rc4_pass(password)
    records = list(_records(stream))
    begin = 4 + len(records[0][1])
    made = [records[0], (0x2F, secret), *records[1:]]
    moved = [(kind, _moved(kind, data, begin, 4 + len(secret))) for kind, data in made]
    locked = (_xored if xor else _streamed)(moved, password)
    return bytes(hostile.ole({"Workbook": locked}))


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        if not kind:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _moved(kind: int, data: bytes, begin: int, size: int) -> bytes:
    """The record, when so many bytes were put in: the list of sheets says where each begins."""
    if kind != 0x85:
        return data
    return struct.pack("<L", struct.unpack_from("<L", data)[0] + size) + data[4:]


def _kept(kind: int, data: bytes) -> int:
    """How many of a record's first bytes are not encrypted."""
    return len(data) if kind in _NEVER else 4 if kind == 0x85 else 0


def _rc4_pass(password: str) -> bytes:
    verifier = bytes(range(50, 66))
    hidden = DocumentRC4.decrypt(password, _SALT, io.BytesIO(verifier + md5(verifier).digest()), 1024).read()
    return struct.pack("<3H", 1, 1, 1) + _SALT + bytes(hidden)


def _streamed(records: list[tuple[int, bytes]], password: str) -> bytes:
    """RC4 runs over the whole stream; what is not encrypted is passed over."""
    plain = b"".join(hostile.record(kind, data) for kind, data in records)
    hidden = DocumentRC4.decrypt(password, _SALT, io.BytesIO(plain), 1024).read()
    out, at = bytearray(hidden), 0
    for kind, data in records:
        end = at + 4 + _kept(kind, data)
        out[at:end] = plain[at:end]
        at += 4 + len(data)
    return bytes(out)


def _xor_pass(password: str) -> bytes:
    known = next(number for number in range(1 << 16) if DocumentXOR.verifypw(password, number))
    return struct.pack("<3H", 0, DocumentXOR.create_xor_key_method1(password), known)


def _xored(records: list[tuple[int, bytes]], password: str) -> bytes:
    """Each byte is turned and met with one of sixteen, counted from where its record ends."""
    array = DocumentXOR.create_xor_array_method1(password)
    out = bytearray()
    for kind, data in records:
        out += struct.pack("<2H", kind, len(data))
        kept = _kept(kind, data)
        turn = len(out) + len(data) + (4 if kept == 4 else 0)
        out += data[:kept]
        out += bytes(DocumentXOR.rol(byte, 5, 8) ^ array[(turn + n) % 16] for n, byte in enumerate(data[kept:]))
    return bytes(out)
