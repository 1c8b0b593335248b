"""Form files: TOML → :class:`~xlcheck.model.form.Form`, with all faults told at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlcheck.forms.ready import kept, unpack
from xlcheck.model.errors import Error
from xlcheck.model.form import Form

if TYPE_CHECKING:
    from xlcheck.forms.faults import Faults

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
    """The ids of the forms that come with xlcheck, the usual one first."""
    return tuple(sorted((path.stem for path in EDITIONS.glob("*.toml")), key=lambda name: (name != DEFAULT, name)))


def load_form(name: str | Path = DEFAULT) -> Form:
    """Load a form by its id, or from a ``.toml`` file of your own.

    Raises:
        InvalidForm: the file has faults; all are told.
        OSError: there is no such form or file.
    """
    text = form_text(name)
    packed = None if is_own(name) else kept(EDITIONS / f"{name}.json", whole_text(text))
    return parse_form(text, Path(name).name) if packed is None else unpack(packed)


def is_own(name: str | Path) -> bool:
    """Whether a form is named by a file of the user's own, not by the id of one that comes with xlcheck."""
    return str(name).endswith(".toml")


def whole_text(text: str) -> str:
    """The text of a form file and those of the forms that it is based on: all that its form is made of."""
    _, found, after = f"\n{text}".partition('\nbase = "')
    name = after.partition('"')[0]
    return f"{text}\0{whole_text(form_text(name))}" if found and name in form_ids() else text


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

    faults = Faults()
    try:
        form = define(_data(text, faults), faults)
    except toml.TOMLDecodeError as error:
        raise InvalidForm(name, (str(error),)) from error
    if faults.found:
        raise InvalidForm(name, tuple(faults.found))
    return form


def _data(text: str, faults: Faults, above: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """What a form file says, laid over the form that it is based on, if it is; `above` are those based on this one."""
    from xlcheck.forms import toml
    from xlcheck.forms.variant import laid_over

    data = toml.loads(text)
    if "base" not in data:
        return data
    base = data["base"]
    if base not in form_ids() or base in above:
        faults.add("base", f"no form that comes with xlcheck and can be the base: {base!r}")
        return {key: value for key, value in data.items() if key != "base"}
    return laid_over(_data(form_text(base), faults, (*above, base)), data, faults)
