"""A form file for an office's own tables, drafted from how they are drawn; the office looks through it and mends it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlcheck.forms.added import Addition, Repeated, addition, repeated
from xlcheck.forms.outline import Outline
from xlcheck.forms.tables import IDLE
from xlcheck.model.cells import Cell, Place, cell_name, column_name
from xlcheck.model.form import FIELD_KINDS, FieldKind
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple

_LEAST_WIDTH, _USUAL_WIDTH, _MOST_WIDTH = 4.0, 9.0, 100.0
_PADDING = 0.71
"""What the stored width of a column has beyond the characters that fit in."""
_USUAL_HEIGHT, _MOST_HEIGHT = 24.0, 400.0
_LONGEST = 500
"""No label is longer."""
_CODES = range(901, 1000)


class DraftCover(NamedTuple):
    """The first sheet of a workbook, where it says who reports and for which year."""

    sheet: str
    title: str
    subtitle: str
    first_row: int
    """From 1."""
    columns: tuple[str, str]
    entries: tuple[tuple[str, str], ...]
    """Keys and labels, one a row."""


class DraftGuide(NamedTuple):
    """The sheet that says how to fill the others in."""

    sheet: str
    title: str
    lines: tuple[str, ...]


def draft(
    name: str, tables: Sequence[Outline], cover: DraftCover | None, guide: DraftGuide | None, passed: Sequence[str] = ()
) -> str:
    """The text of a form file that the loader takes.

    Args:
        name: what the form is called where nothing else says.
        tables: the tables, each on its sheet.
        cover: None for the usual one.
        guide: None for the usual one.
        passed: the names of sheets that were passed over.
    """
    title = (cover.title if cover else "") or next((table.title for table in tables if table.title), "") or name
    taken = {table.sheet.name for table in tables}
    return "\n".join(
        [
            *_head(name, title, passed),
            *_cover(cover or _usual_cover(taken, title)),
            *_guide(guide or _usual_guide(taken | {cover.sheet if cover else ""})),
            *(line for number, table in enumerate(tables, start=1) for line in _table(f"t{number}", table)),
            *_relations(tables),
        ]
    )


def _text(text: str) -> str:
    """As TOML writes it: its strings are those of JSON, but for one character."""
    return json.dumps(entered(text, _LONGEST, lines=True) or "—", ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _comment(text: str) -> str:
    return f"# {entered(text, _LONGEST)}"


def _head(name: str, title: str, passed: Sequence[str]) -> list[str]:
    return [
        "# 由 xlcheck form draft 按工作簿的样子起草。请逐项核对：哪些格要填、勾稽关系对不对、各处说明怎样写。",
        "# 改完后运行 xlcheck form check，再用 xlcheck template --form 生成模板看一看。井号后面是说明，程序不读。",
        *(_comment(f"工作表“{sheet}”里没有认出要填的格，没有写进来。") for sheet in passed),
        "",
        f"id = {_text(name)}",
        f"title = {_text(title)}",
        "# 版次和模板版本，改了表就换一个。",
        'edition = "1"',
        'template_version = "1"',
        "",
        "# 表的依据，请填写。",
        "[source]",
        'document = "（文号）"',
        f"title = {_text(title)}",
        'clause = "（第几部分）"',
        'law = "（法律法规）"',
    ]


def _usual_cover(taken: Iterable[str], title: str) -> DraftCover:
    sheet = next(name for name in ("封面", "封面页", "报送封面", "封面（首页）") if name not in taken)
    return DraftCover(
        sheet, title, "", 4, ("B", "C"), (("unit", "单位名称"), ("year", "报告年度"), ("filler", "填报人"))
    )


def _cover(cover: DraftCover) -> Iterator[str]:
    yield from (
        "",
        "# 封面：谁报的，报哪一年的。单位（unit）和年度（year）两项不能少。",
        "[cover]",
        f"sheet = {_text(cover.sheet)}",
        f"title = {_text(cover.title)}",
        f"subtitle = {_text(cover.subtitle or '（请填写：副标题）')}",
        f'labels_column = "{cover.columns[0]}"',
        f'values_column = "{cover.columns[1]}"',
        f"first_row = {cover.first_row}",
    )
    for key, label in cover.entries:
        yield from ("", "[[cover.entries]]", f"key = {_text(key)}", f"label = {_text(label)}")
        yield from ("required = true",) if key in ("unit", "year") else ()
        yield f"prompt = {_text('四位数字，例如 2025。' if key == 'year' else f'请填写{label}。')}"
    yield from (
        "",
        "[cover.notes]",
        'title = "情况说明（仅用于答复核实性问题）"',
        'heads = ["规则编号和单元格", "情况说明"]',
        'prompts = ["照审核结果填写规则编号和单元格", "说明该数为什么是对的。强制性问题必须改正，不能用说明代替。"]',
        "lines = 12",
    )


def _usual_guide(taken: Iterable[str]) -> DraftGuide:
    sheet = next(name for name in ("填报说明", "填写说明", "说明", "怎样填写") if name not in taken)
    lines = (
        "一、只有浅黄色的单元格可以填写。表头、表名、工作表名称和顺序请勿改动，也不要插入或删除行、列。",
        "二、每一格都要填写；没有发生的填 0，不要留空，不要填“无”“/”“—”等文字。",
    )
    return DraftGuide(sheet, sheet, lines)


def _guide(guide: DraftGuide) -> Iterator[str]:
    yield from ("", "[guide]", f"sheet = {_text(guide.sheet)}", f"title = {_text(guide.title)}", "lines = [")
    yield from (f"  {_text(line)}," for line in guide.lines)
    yield "]"


# --- a table ---------------------------------------------------------------------------------------------------------


def _table(key: str, table: Outline) -> Iterator[str]:
    sheet, (top, left), (bottom, right) = table.sheet, table.first, table.last
    moved = max(1 - top, 0)
    yield from ("", "# " + "-" * 100)
    if not table.title:
        yield _comment(f"工作表“{sheet.name}”的表上面没有认出表名，用工作表的名称代替，请改。")
    if moved:
        yield _comment("原表从第 1 行画起，没有地方放表名，这里往下移了一行。")
    if table.remarks:
        yield _comment(f"没有作为填数的格：{'、'.join(map(cell_name, table.remarks[:20]))}（表头要的是文字）。")
    kinds = set(table.fields.values())
    if "amount" in kinds:
        yield _comment("amount 是可以带小数的数，从数字格式、有效性或表头看出，请核对；count 是不小于 0 的整数。")
    if "change" in kinds:
        yield _comment(
            "change 是可以为负的整数（增减数），不能带小数；增减的是金额的，请分成增加、减少两格，都用 amount。"
        )
    yield from ("[[tables]]", f'key = "{key}"', f"title = {_text(table.title or sheet.name)}")
    yield f"sheet = {_text(sheet.name)}"
    if table.title and table.title_row:
        yield f"title_row = {table.title_row + 1}"
    yield f'at = "{cell_name((top + moved, left))}"'
    yield f"widths = [{', '.join(f'{_width(sheet.widths.get(at)):g}' for at in range(left, right + 1))}]"
    usual = _usual_height(sheet.heights.get(row) for row in range(top, bottom + 1))
    yield f"row_height = {usual:g}"
    if sheet.landscape:
        yield "landscape = true"
    yield "rows = ["
    for row in range(top, bottom + 1):
        cells = [_drawn(table, (row, column)) for column in range(left, right + 1)]
        key_of = (
            f'key = "r{row + 1}", ' if any((row, column) in table.fields for column in range(left, right + 1)) else ""
        )
        height = sheet.heights.get(row)
        tall = f", height = {min(height, _MOST_HEIGHT):g}" if height and height != usual else ""
        yield f"  {{ {key_of}cells = {_list(cells)}{tall} }},"
    yield "]"


def _width(width: float | None) -> float:
    return min(max(_USUAL_WIDTH if width is None else round(width - _PADDING, 2), _LEAST_WIDTH), _MOST_WIDTH)


def _usual_height(heights: Iterable[float | None]) -> float:
    ((height, _),) = Counter(heights).most_common(1)
    return min(height or _USUAL_HEIGHT, _MOST_HEIGHT)


def _drawn(table: Outline, cell: Cell) -> str:
    """A cell as the drawing writes it."""
    owner = table.owners.get(cell)
    if owner is None:
        return IDLE
    if owner != cell:
        return "<" if cell[1] > owner[1] else "^"
    if cell in table.fields:
        return f"{table.fields[cell]}:{_column(cell)}"
    drawn = table.sheet.cells[cell]
    text = "" if cell in table.remarks else drawn.text.strip()
    if cell in table.numbering:
        return f"{IDLE}{text}"
    if not text:
        return f"{IDLE}{'' if cell in table.remarks else drawn.number}"
    # What the drawing would take for a sign of its own begins with its full-width twin, which is compared as the same.
    signs = {"<": "＜", "^": "＾", IDLE: "．"}
    if text in ("<", "^") or text.startswith(IDLE):
        return signs[text[0]] + text[1:]
    return text.replace(":", "：", 1) if text.partition(":")[0] in FIELD_KINDS else text


def _column(cell: Cell) -> str:
    return column_name(cell[1]).lower()


# --- balances --------------------------------------------------------------------------------------------------------


class _Named(NamedTuple):
    """The fields of all tables, by where they stand."""

    tables: Mapping[str, tuple[str, Outline]]

    def has(self, place: Place) -> bool:
        """Whether it is a field."""
        return place.sheet in self.tables and place.cell in self.tables[place.sheet][1].fields

    def key(self, place: Place, row: str = "", column: str = "") -> str:
        """Its key, or that of a set of such."""
        return f"{self.tables[place.sheet][0]}.{row or f'r{place.cell[0] + 1}'}.{column or _column(place.cell)}"

    def says(self, place: Place, axis: int | None = None) -> str:
        """Its heads: 0 for its row's, 1 for its column's, None for both."""
        _, table = self.tables[place.sheet]
        (row, column), left, above = place.cell, "", ""
        for at in range(table.first[1], column):
            left = self._text(table, (row, at)) or left
        for at in range(table.first[0], row):
            above = self._text(table, (at, column)) or above
        said = (left, above) if axis is None else (left,) if axis == 0 else (above,)
        return "／".join(text for text in said if text) or cell_name(place.cell)

    def _text(self, table: Outline, cell: Cell) -> str:
        owner = table.owners.get(cell)
        return entered(table.sheet.cells[owner].text.strip(), 40) if owner is not None else ""


def _relations(tables: Sequence[Outline]) -> list[str]:
    named = _Named({table.sheet.name: (f"t{number}", table) for number, table in enumerate(tables, start=1)})
    added: list[Addition] = []
    other: list[str] = []
    for table in tables:
        for cell in table.fields:
            formula = table.sheet.cells[cell].formula
            one = addition(table.sheet.name, cell, formula) if formula else None
            if one is not None and all(map(named.has, (*one.parts, *one.less))):
                added.append(one)
            elif formula:
                other.append(
                    _comment(f"{table.sheet.name}!{cell_name(cell)} 的公式不是几格相加，没有写成勾稽关系：={formula}")
                )
    groups = repeated(added)
    lines = ["", "# " + "-" * 100]
    if groups:
        lines.append("# 勾稽关系：原表的公式就是这样相加的。原因和改法请写得更清楚。")
    else:
        lines.append("# 原表没有相加的公式，所以没有勾稽关系；怎样写见 docs/change/forms.md。")
    for code, group in zip(_CODES, groups, strict=False):
        lines += _relation(f"B{code}", group, named)
    lines += [
        _comment(f"勾稽关系太多，没有写进来：{cell_name(left.additions[0].total.cell)}")
        for left in groups[len(_CODES) :]
    ]
    return lines + other


def _relation(code: str, group: Repeated, named: _Named) -> Iterator[str]:
    one = group.additions[0]
    axis = group.along
    each = ""
    if axis is not None and len(group.additions) > 1:
        each = f"{{each_{code.lower()}}}"
        members = [_member(more.total, axis) for more in group.additions]
        names = [f"{named.says(more.total, axis)}{'列' if axis else '行'}" for more in group.additions]
        yield from (
            "",
            f"[sets.each_{code.lower()}]",
            f"members = {_list(members)}",
            f"names = {_list(_unlike(names))}",
        )
    whole = None if axis is None or len(one.parts) < 2 else f"parts_{code.lower()}"
    if whole is not None and axis is not None:
        says = f"{named.says(one.parts[0], 1 - axis)}至{named.says(one.parts[-1], 1 - axis)}之和"
        members = [_member(part, 1 - axis) for part in one.parts]
        yield from ("", f"[sets.{whole}]", f"name = {_text(says)}", f"members = {_list(members)}")
    left = [one.total, *one.less]
    terms = [_term(named, place, axis, each) for place in left]
    right = (
        [_term(named, part, axis, each) for part in one.parts]
        if whole is None
        else [_term(named, one.parts[0], axis, each, f"[{whole}]")]
    )
    across = None if axis is None else 1 - axis
    words = [named.says(place, across) for place in left]
    words += [f"[{whole}]"] if whole is not None else [named.says(part, across) for part in one.parts]
    total = named.says(one.total, across)
    others = "各项之和" if not one.less else "各项加减的结果"
    wrong = {named.key(one.total): 1}
    yield from (
        "",
        "[[relations]]",
        f'code = "{code}"',
        f"title = {_text(f'{total}不等于{others}')}",
        f"rule = {_text(' + '.join(terms) + ' = ' + ' + '.join(right))}",
        f"terms = {_list(words)}",
        f"why = {_text(f'原表“{total}”的公式就是这样相加的。')}",
        'mend = "核对各项和合计，改正填错的一格。"',
        f"wrong_says = {_text(f'{total} 1，其余各项 0')}",
        f"right_says = {_text(f'{total} 1，{named.says(one.parts[0], across)} 1，其余各项 0')}",
        f"wrong = {_values(wrong)}",
        f"right = {_values({**wrong, named.key(one.parts[0]): 1})}",
    )


def _member(place: Place, axis: int) -> str:
    return _column(place.cell) if axis else f"r{place.cell[0] + 1}"


def _term(named: _Named, place: Place, axis: int | None, each: str, summed: str = "") -> str:
    row, column = (summed, each) if axis == 1 else (each, summed)
    return named.key(place, row, column)


def _unlike(names: Sequence[str]) -> list[str]:
    """Names that differ, as far as needed by their numbers."""
    return [f"{name}（{number}）" if names.count(name) > 1 else name for number, name in enumerate(names, start=1)]


def _values(values: Mapping[str, int]) -> str:
    return f"{{ {', '.join(f'{json.dumps(key)} = {value}' for key, value in values.items())} }}"


def kinds_of_sums(tables: Sequence[Outline]) -> list[Outline]:
    """The tables, in which a total has decimals where a part of it has, and may be below 0 where one may be taken away."""
    kinds: dict[Place, FieldKind] = {
        Place(table.sheet.name, cell): kind for table in tables for cell, kind in table.fields.items()
    }
    sums = [
        one
        for table in tables
        for cell in table.fields
        if (formula := table.sheet.cells[cell].formula) and (one := addition(table.sheet.name, cell, formula))
    ]
    for one in (*sums, *sums):  # twice: totals are parts of totals
        parts = {kinds.get(part) for part in (*one.parts, *one.less)}
        if "amount" in parts and one.total in kinds:
            kinds[one.total] = "amount"
    return [
        table._replace(fields={cell: kinds[Place(table.sheet.name, cell)] for cell in table.fields}) for table in tables
    ]
