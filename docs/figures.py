"""What the code knows, as texts for the pages.

The name of a figure is the place of a value in the package, without ``xlcheck.``: ``guard.limits.LIMITS.members``, and behind
it ``MB`` where bytes are meant. Whatever is no single value has a maker of its own; its name is the maker's and what follows
is given to it: ``option verify --max-size``, ``modules guard``.
"""

from __future__ import annotations

import csv
import importlib
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import click

from docs import folders, slips, statements
from tests.hostile import documents
from xlcheck.commands.cli import cli
from xlcheck.forms.file import load_form
from xlcheck.forms.rules import catalogue
from xlcheck.guard.limits import Limits
from xlcheck.mail.hosts import PROVIDERS
from xlcheck.model.numbers import MIB

_DOCS = Path(__file__).parent


def figure(name: str) -> str:
    """The text of a figure.

    Raises:
        LookupError: there is no such module, or no such maker.
        AttributeError: there is no such value in it.
        TypeError: it is no number and no text.
    """
    first, *rest = name.split(" ")
    if maker := MAKERS.get(first):
        return maker(*rest)
    return said(value(first), *rest)


def value(path: str) -> object:
    """The value at a place in the package: a module, and what it calls by the names behind it."""
    modules = [module for module in folders.FILES if path.startswith(f"{module}.")]
    if not modules:
        raise LookupError(path)
    module = max(modules, key=len)
    found: object = importlib.import_module(f"xlcheck.{module}")
    for name in path.removeprefix(f"{module}.").split("."):
        found = _inside_of(found, name)
    return found


def _inside_of(found: object, name: str) -> object:
    """What a value calls by a name: a key, the default of a named tuple's field, or an attribute."""
    for names in (found, getattr(found, "_field_defaults", {}) if isinstance(found, type) else {}):
        if isinstance(names, Mapping) and name in names:
            return names[name]
    return getattr(found, name)


def said(found: object, unit: str = "") -> str:
    """A value as pages say it: thousands parted by commas, texts one after the other."""
    if isinstance(found, int | float) and unit:
        return f"{found / {'MB': MIB, 'GB': 1024 * MIB}[unit]:,g} {unit}"
    if isinstance(found, int | float):
        return f"{found:,g}" if found < 1_000_000 else f"{found:,.0f}"
    if isinstance(found, tuple | list) and not hasattr(found, "_fields"):
        return ", ".join(map(said, found))
    if isinstance(found, str | Decimal):
        return str(found)
    raise TypeError(f"no figure: {type(found).__name__}")


# --- makers ----------------------------------------------------------------------------------------------------------


def _fields(*table: str) -> str:
    return str(sum(field.table in (table or field.table) for field in load_form().fields))


def _relations(*code: str) -> str:
    return str(sum(relation.code in (code or relation.code) for relation in load_form().relations))


def _kinds() -> str:
    """The relations of the form by their codes."""
    form = load_form()
    rules = catalogue(form)
    counts = Counter(relation.code for relation in form.relations)
    lines = ["| code | it fails where | how many |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {code} | {rules[code].title} | {count} |" for code, count in counts.items())])


def _command(name: str) -> click.Command:
    """A command of the command line, or one of a group there."""
    command: click.Command | None = cli
    for part in name.split():
        if not isinstance(command, click.Group):
            raise LookupError(name)
        command = command.get_command(click.Context(command), part)
    if command is None:
        raise LookupError(name)
    return command


def _option(command: str, name: str) -> str:
    return said(next(one.default for one in _command(command).params if name in one.opts))


def _help(*names: str) -> str:
    """What ``xlcheck NAME --help`` prints on a terminal of 100 columns."""
    name = " ".join(names)
    command = _command(name)
    context = command.make_context(
        f"xlcheck {name}", [], resilient_parsing=True, terminal_width=100, max_content_width=100
    )
    return f"```text\n{command.get_help(context)}\n```"


def _slip(name: str) -> str:
    return str(slips.costs()[name])


def _limits() -> str:
    """All limits of the guard, each with its reason."""
    reasons = folders.attribute_docs("guard.limits", "Limits")
    lines = ["| limit | | of what, and why |", "|---|---|---|"]
    for name, most in Limits()._asdict().items():
        size = said(most, "MB") if name.endswith("bytes") and most >= MIB else said(most)
        size = said(most, "MB") if name == "ratio_from" else size
        lines.append(f"| `{name}` | {size} | {reasons.get(name, '')} |")
    return "\n".join(lines)


def _pages(name: str) -> str:
    """The pages of a folder of docs, each by its heading; the index first."""
    found = sorted((_DOCS / name).rglob("*.md"), key=lambda path: (path.stem != "index", path))
    titles = [(path, path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")) for path in found]
    return "\n".join(f"- [{title}]({path.relative_to(_DOCS).as_posix()})" for path, title in titles) + "\n\n"


def _inside() -> str:
    """The pages of the package's folders, in their order."""
    return ", ".join(
        f"[{name}](inside/{name}.md)" for name in folders.FOLDERS if folders.PACKAGE.joinpath(name).is_dir()
    )


def _providers() -> str:
    """The short names of mail providers."""
    return ", ".join(f"`{name}` ({one.smtp.removeprefix('smtp.')})" for name, one in PROVIDERS.items())


_SPELT = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls",), "ods": (".ods",)}


def _hostile(*kinds: str) -> str:
    """How many kinds of hostile files there are: workbooks of an ending in the corpus, or documents by the names of their lists."""
    with (_DOCS.parent / "tests/hostile/corpus/manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        endings = [Path(row["name"]).suffix for row in csv.DictReader(file)]
    if kinds[0].islower():
        return str(sum(ending in _SPELT[kinds[0]] for ending in endings))
    return str(sum(len(getattr(documents, kind)) for kind in kinds))


MAKERS: Mapping[str, Callable[..., str]] = {
    "fields": _fields,
    "relations": _relations,
    "kinds": _kinds,
    "option": _option,
    "help": _help,
    "slip": _slip,
    "limits": _limits,
    "pages": _pages,
    "inside": _inside,
    "providers": _providers,
    "hostile": _hostile,
    "stating": statements.stating,
    "silent": statements.silent,
    "folders": folders.table,
    "modules": folders.modules,
    "owners": folders.owners,
    "touching": folders.touching,
}
