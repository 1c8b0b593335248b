"""xlcheck: checks the mandated tables of Chinese government information disclosure reports.

Every name of ``__all__`` is loaded when it is first asked for, so that importing the package costs next to nothing.
"""

__version__ = "0.1.0"

__all__ = [
    "CannotDo",
    "Cause",
    "Converted",
    "Error",
    "Field",
    "FileDone",
    "FileReport",
    "Filled",
    "Finding",
    "Finished",
    "Form",
    "Notice",
    "Office",
    "Options",
    "Outcome",
    "Place",
    "Published",
    "Record",
    "Refused",
    "Rule",
    "Selection",
    "Started",
    "Submission",
    "Suggestion",
    "Summed",
    "Verified",
    "convert",
    "fill",
    "form",
    "read",
    "rules",
    "template",
    "total",
    "verify",
    "verify_all",
]

_HOMES = {
    "CannotDo": "tasks.given",
    "Cause": "model.finding",
    "Converted": "tasks.convert",
    "Error": "model.errors",
    "Field": "model.form",
    "FileDone": "tasks.events",
    "Filled": "tasks.fill",
    "Finding": "model.finding",
    "Finished": "tasks.events",
    "Form": "model.form",
    "Notice": "tasks.events",
    "Office": "model.office",
    "Options": "tasks.options",
    "Outcome": "model.finding",
    "Place": "model.cells",
    "Published": "totals.publish",
    "Record": "results.record",
    "Refused": "model.errors",
    "Rule": "forms.rules",
    "Selection": "totals.selection",
    "Started": "tasks.events",
    "Submission": "model.submission",
    "Suggestion": "model.finding",
    "Summed": "tasks.total",
    "Verified": "tasks.one",
}
"""The module of each name that does not stand in ``api``."""

TYPE_CHECKING = False  # typing's own would have to be imported
if TYPE_CHECKING:
    from xlcheck.api import FileReport, convert, fill, form, read, rules, template, total, verify, verify_all
    from xlcheck.forms.rules import Rule
    from xlcheck.model.cells import Place
    from xlcheck.model.errors import Error, Refused
    from xlcheck.model.finding import Cause, Finding, Outcome, Suggestion
    from xlcheck.model.form import Field, Form
    from xlcheck.model.office import Office
    from xlcheck.model.submission import Submission
    from xlcheck.results.record import Record
    from xlcheck.tasks.convert import Converted
    from xlcheck.tasks.events import FileDone, Finished, Notice, Started
    from xlcheck.tasks.fill import Filled
    from xlcheck.tasks.given import CannotDo
    from xlcheck.tasks.one import Verified
    from xlcheck.tasks.options import Options
    from xlcheck.tasks.total import Summed
    from xlcheck.totals.publish import Published
    from xlcheck.totals.selection import Selection
else:

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'api')}"), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
