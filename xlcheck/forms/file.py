"""Form files: TOML → :class:`~xlcheck.model.form.Form`, with all faults told at once."""

from __future__ import annotations

from pathlib import Path

from xlcheck.forms.ready import kept, unpack
from xlcheck.model.errors import Error
from xlcheck.model.form import Form

EDITIONS = Path(__file__).parent / "editions"
"""The forms that come with xlcheck, one file an edition."""

DEFAULT = "disclosure-2021"
"""The form of a command that names none."""


class InvalidForm(Error):
    """A form file with faults.

    Attributes:
        faults: one line each, ``place: what is wrong``.
    """

    code = "form"

    def __init__(self, name: str, faults: tuple[str, ...]) -> None:
        super().__init__(name, faults)
        self.faults = faults

    def __str__(self) -> str:
        return f"表格定义文件“{self.args[0]}”有 {len(self.faults)} 处错误：\n" + "\n".join(self.faults)


def form_ids() -> tuple[str, ...]:
    """The ids of the forms that come with xlcheck."""
    return tuple(sorted(path.stem for path in EDITIONS.glob("*.toml")))


def load_form(name: str | Path = DEFAULT) -> Form:
    """Load a form by its id, or from a ``.toml`` file of your own.

    Raises:
        InvalidForm: the file has faults; all are told.
        OSError: there is no such form or file.
    """
    text = form_text(name)
    packed = None if is_own(name) else kept(EDITIONS / f"{name}.json", text)
    return parse_form(text, Path(name).name) if packed is None else unpack(packed)


def is_own(name: str | Path) -> bool:
    """Whether a form is named by a file of the user's own, not by the id of one that comes with xlcheck."""
    return str(name).endswith(".toml")


def form_text(name: str | Path = DEFAULT) -> str:
    """The text of a form file, by the form's id or from a ``.toml`` file of your own.

    Raises:
        InvalidForm: it is no text.
        OSError: there is no such form or file.
    """
    path = Path(name) if is_own(name) else EDITIONS / f"{name}.toml"
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidForm(path.name, (f"byte {error.start}: not UTF-8",)) from error


def parse_form(text: str, name: str = "form") -> Form:
    """Make a form of the text of a form file.

    Raises:
        InvalidForm: the text has faults; all are told.
    """
    # What comes with xlcheck is kept ready, so that most processes never parse a form.
    from xlcheck.forms import toml
    from xlcheck.forms.definition import define
    from xlcheck.forms.faults import Faults

    try:
        data = toml.loads(text)
    except toml.TOMLDecodeError as error:
        raise InvalidForm(name, (str(error),)) from error
    faults = Faults()
    form = define(data, faults)
    if faults.found:
        raise InvalidForm(name, tuple(faults.found))
    return form
