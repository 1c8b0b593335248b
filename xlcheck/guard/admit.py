"""The door: every file's bytes pass here before any parser sees them.

calamine runs in native code: what makes it abort cannot be caught. So nothing is handed on that no honest submission
holds. The kind is told by the bytes, never by the file's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from xlcheck.guard.budget import Budget
from xlcheck.guard.clean import Values, clean_package
from xlcheck.guard.container import inflate
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.memory import Ask, afresh
from xlcheck.guard.ooxml import check_ooxml
from xlcheck.guard.plain import PlainBook
from xlcheck.model.errors import Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

if TYPE_CHECKING:
    from xlcheck.guard.ods_found import OdsStyled, OdsTable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What an OLE2 container begins with ([MS-CFB] 2.2)."""


class Package(NamedTuple):
    """A file that was admitted, opened."""

    kind: Literal["xlsx", "ods", "xls"]
    parts: Mapping[str, bytes]
    """Every member of a zip container by its name, inflated; those that a reader of ours needs in UTF-8. Empty for an .xls."""
    macros: bool
    """Whether it holds a VBA project."""
    values: Values | bytes | None
    """What `safe` is made of; None for the parts of an .ods."""
    data: bytes
    """The file itself, decrypted if it was locked with the default password."""
    locked: bool = False
    """Whether it was."""
    tables: tuple[OdsTable, ...] = ()
    """What the guard's one pass found in the tables of an .ods, for its reader."""
    named: Mapping[str, str] = MappingProxyType({})
    """Ranges of an .ods by their names in small letters, as it spells them."""
    styled: OdsStyled | None = None
    """The own styles of the content of an .ods, and those that it names, if the guard's pass told that."""
    plain: PlainBook | None = None
    """What the guard's one pass found in the sheets of an .xlsx, for its reader."""

    @property
    def safe(self) -> bytes:
        """What to hand to calamine in place of the file: a container with nothing in it but the values."""
        if self.values is None:
            from xlcheck.guard.ods import respelt

            return respelt(self.parts)
        return self.values if isinstance(self.values, bytes) else clean_package(self.values)


def admit(data: bytes, limits: Limits = LIMITS, ask: Ask = afresh) -> Package:
    """Open the file with these bytes, if it is a workbook that no parser can come to harm with.

    Args:
        data: the file's bytes.
        limits: what it may hold.
        ask: may know what was found out about members of other files.

    Raises:
        Refused: it is damaged, encrypted, not a workbook, or beyond `limits`.
        MemoryError: this process may not have as much memory as it takes; that says nothing of the file.
    """
    try:
        return _open(data, limits, ask)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever else a hostile file provokes is a damaged file, too
        raise damaged("内容无法识别") from error


def _open(data: bytes, limits: Limits, ask: Ask) -> Package:
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _open_zip(data, limits, ask)
    if data.startswith(_OLE):
        return _open_ole(data, limits, ask)
    from xlcheck.guard.kinds import no_workbook  # late, as below: most files are .xlsx, and startup time counts

    raise no_workbook(data)


def _open_zip(data: bytes, limits: Limits, ask: Ask) -> Package:
    contents = inflate(data, limits, ask)
    budget = Budget(data, limits)
    budget.charge_parts(contents.parts, ask)
    names = {name.lower() for name in contents.parts} | contents.unsure
    if "[content_types].xml" not in names and names & {"mimetype", "meta-inf/manifest.xml"}:
        from xlcheck.guard.ods import check_ods

        document = check_ods(contents, limits, budget, ask)
        macros = any(name.startswith("Basic/") for name in document.parts)
        return Package(
            "ods",
            document.parts,
            macros,
            document.safe,
            data,
            tables=document.tables,
            named=document.named,
            styled=document.styled,
        )
    if "[content_types].xml" not in names:
        from xlcheck.guard.kinds import no_package

        raise no_package(names)
    book = check_ooxml(contents, limits, budget, ask)
    macros = any(name.endswith("vbaproject.bin") for name in names)
    return Package("xlsx", book.parts, macros, book.values, data, plain=book.plain)


def _open_ole(data: bytes, limits: Limits, ask: Ask) -> Package:
    from xlcheck.guard.biff import check_biff
    from xlcheck.guard.biff_spared import set_right, spared
    from xlcheck.guard.ole import compound, wrap
    from xlcheck.guard.unlock import is_locked, unlocked

    file = compound(data, limits)
    if file.locked:
        return _open_zip(unlocked(file, limits), limits, ask)._replace(locked=True)
    locked = is_locked(file.workbook)
    if locked:
        data = unlocked(file, limits)
        file = compound(data, limits)._replace(macros=file.macros)
    stream = set_right(file.workbook)
    check_biff(stream, limits, Budget(data, limits))
    return Package("xls", {}, file.macros, wrap({"Workbook": spared(stream)}), data, locked)
