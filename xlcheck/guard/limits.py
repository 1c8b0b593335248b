"""What the guard allows, and how it says no."""

from __future__ import annotations

from xlcheck.model.numbers import MIB
from xlcheck.model.tuples import NamedTuple


class Limits(NamedTuple):
    """The most a workbook may hold; far above any honest submission, far below what harms a parser.

    `microseconds` and `room_bytes` are the budget of a file, by which less than 2 seconds and 150 MB are kept with its copy; all others
    bound one thing. What costs most, the cells, areas and rules, is judged together besides: each may take its part.
    """

    microseconds: int = 1_600_000
    """Of a processor that all tags, records, strings and bytes of a file may cost together: :mod:`xlcheck.guard.budget`."""
    room_bytes: int = 120 * MIB
    """Of memory that a file, what it unfolds to and its copy may take together."""
    file_bytes: int = 20 * MIB
    """Of the file as it lies on the disk."""
    members: int = 2_000
    """Members of a zip container, directories included."""
    inflated_bytes: int = 64 * MIB
    """Of all members together."""
    member_bytes: int = 48 * MIB
    """Of one member."""
    ratio: int = 200
    """Inflated to compressed bytes of the whole container; deflate itself ends near 1,030."""
    ratio_from: int = 8 * MIB
    """Inflated bytes above which `ratio` is judged: small files of white space compress well and harm nobody."""
    sheets: int = 256
    cells: int = 250_000
    """Cells of all sheets, filled or only styled; a row counts as four."""
    rows: int = 16_384
    """A *filled* cell must lie above this row (counted from 0)."""
    columns: int = 512
    """A *filled* cell must lie left of this column (counted from 0)."""
    grid: int = 524_288
    """Rows times columns of the rectangle from A1 that holds all filled cells of a sheet: calamine's dense range."""
    area: int = 65_536
    """Cells of all merged ranges and ranged links, of a column or row to the sheet's end 256, and eight for each."""
    rules: int = 100_000
    """Tags and references before and after the cells of all sheets, which are all looked through for marks."""
    formula_chars: int = 2_000_000
    """Of the shared formulas of a sheet once each cell holds its own copy."""
    strings: int = 1_000_000
    """Shared strings that a table claims to hold."""
    string_bytes: int = 16 * MIB
    """Of the table of shared strings."""
    text_bytes: int = 16 * MIB
    """Of all texts once each cell holds its own copy."""
    tags: int = 3_000_000
    """Tags of all XML members."""
    other_tags: int = 200_000
    """Tags outside sheets and shared strings: styles, names, rules, drawings."""
    tag_bytes: int = 65_536
    """Of one tag: quick-xml compares each attribute of a tag with all before it."""
    style_tag_bytes: int = 4_096
    """Of one tag of the styles: openpyxl, which drafts forms, matches number formats in time quadratic to their length."""
    name_chars: int = 8_192
    """The root of the summed squares of the texts in the workbook part: so long openpyxl, which drafts forms, takes to match print titles."""
    links: int = 10_000
    """Relationships of all members."""
    unfolded_bytes: int = 256 * MIB
    """Of all members, each counted as often as relationships lead to it."""
    document_cells: int = 20_000
    """Cells of all tables of a document that is no workbook; the form has some 400."""
    document_tables: int = 500
    """Tables of a document; the form has three, and pages are laid out with some more."""
    document_columns: int = 512
    """Columns of one of its tables; a span of more ends there."""
    text_file_bytes: int = 2 * MIB
    """Of a report as plain text; one of thirty pages has some 100 kB."""
    pdf_content_bytes: int = 8 * MIB
    """Of everything in a PDF but fonts and pictures, inflated; a report of thirty pages has some 2 MB."""
    pdf_pages: int = 300
    """Of a PDF."""
    pdf_glyphs: int = 100_000
    """Characters on all pages of a PDF; a report of thirty pages has some 20,000."""
    pdf_objects: int = 60_000
    """Texts, lines and pictures on all pages of a PDF; eight pieces of a line count as one more."""
    pdf_table_marks: int = 30_000
    """Characters and objects on those pages of a PDF that have tables, which are read twice."""


LIMITS = Limits()
