"""One family of errors: each has a code of its own and a sentence, and survives the way out of a child process."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
from pathlib import Path

import xlcheck
from xlcheck.forms.file import InvalidForm
from xlcheck.model.errors import Error, Refused
from xlcheck.tasks.given import CannotDo
from xlcheck.totals.publish import Occupied

MODULES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(xlcheck.__path__, "xlcheck.")
    if not module.name.endswith("__main__")
]
FOUND = {
    each
    for module in MODULES
    for each in vars(module).values()
    if inspect.isclass(each) and issubclass(each, BaseException) and each.__module__.startswith("xlcheck.")
}


def test_every_error_is_of_the_family() -> None:
    assert len(FOUND) > 20
    assert {each.__name__ for each in FOUND if not issubclass(each, Error) and each.__name__[0] != "_"} == set()


def test_every_kind_has_a_code_of_its_own() -> None:
    # A refused file and a task that cannot be done have many: their instances say which.
    codes = [each.code for each in FOUND if issubclass(each, Error) and not issubclass(each, (Refused, CannotDo))]
    assert len(set(codes)) == len(codes)


def test_an_error_comes_out_of_another_process_as_it_was() -> None:
    for error in (Refused("F102", "加了密"), InvalidForm("a.toml", ("id: missing",)), Occupied(Path("a"), "甲局")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.code, again.message) == (type(error), error.code, error.message)
        assert again.message


def test_the_sentence_is_what_is_printed() -> None:
    assert str(Refused("F101", "坏了")) == Refused("F101", "坏了").message == "坏了"
    assert InvalidForm("a.toml", ("一", "二")).message == "表格定义文件“a.toml”有 2 处错误：\n一\n二"
