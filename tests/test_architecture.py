"""The rules of docs/architecture.md hold; and each rule notices a small module that breaks it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from aoj_survey.config import ROOT
from tests import architecture
from tests.architecture import (
    ORDER,
    RULES,
    Module,
    absolute_within,
    against_the_order,
    clock_readers,
    deferred_imports,
    face_of,
    flask_out_of_place,
    heavy_in_web,
    import_cycles,
    list_imports,
    past_the_face,
    read_modules,
    too_long,
    undocumented,
    untyped,
    vague_names,
)

Rule = Callable[[Sequence[Module]], list[str]]


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return read_modules(ROOT / "aoj_survey")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_application_keeps_the_rule(modules: list[Module], rule: Rule) -> None:
    assert len(modules) > 80
    assert rule(modules) == []


def test_every_package_has_a_face(modules: list[Module]) -> None:
    faceless = {
        module.name for module in modules if module.is_package and module.part and not face_of(module)
    }
    # The commands are called by their script alone.
    assert faceless <= {"aoj_survey.cli"}


def test_the_decision_tells_the_same_order() -> None:
    decision = (ROOT / "docs" / "decisions" / "0001-order-of-imports.md").read_text(encoding="utf-8")
    told = " ".join(decision.replace("`", " ").split())
    assert " ".join(ORDER) in told


def test_region_modules_import_no_inner_module() -> None:
    plugins = [
        Module(path.stem, path.read_text(encoding="utf-8")) for path in (ROOT / "plugins").rglob("*.py")
    ]
    inner = [
        item for module in plugins for item in list_imports(module) if item.target.startswith("aoj_survey.")
    ]
    assert [item for item in inner if item.target != "aoj_survey.api"] == []


# Each rule can fail


def package(name: str, *offers: str, source: str = "") -> Module:
    return Module(f"aoj_survey.{name}", f"{source}\n__all__ = {list(offers)!r}\n", is_package=True)


def file(name: str, source: str) -> Module:
    return Module(f"aoj_survey.{name}", source)


BROKEN: list[tuple[Rule, list[Module], str]] = [
    (
        against_the_order,
        [file("regions.models", "from ..waves import Wave")],
        "imports waves, which stands after",
    ),
    (
        against_the_order,
        [file("waves.models", "from aoj_survey.web import join_web")],
        "web, which stands after",
    ),
    (against_the_order, [file("waves.models", "from aoj_survey import cli")], "cli, which stands after"),
    (
        against_the_order,
        [file("waves.models", "import aoj_survey.responses")],
        "responses, which stands after",
    ),
    (against_the_order, [file("waves", "def f():\n    from .web import x")], "web, which stands after"),
    (against_the_order, [file("oddments.thing", "")], "stands nowhere"),
    (
        import_cycles,
        [
            file("a.one", "from .two import x"),
            file("a.two", "from .three import y"),
            file("a.three", "from . import one"),
        ],
        "a.one imports itself",
    ),
    (
        import_cycles,
        [
            package("a", "x", source="from aoj_survey.b import y"),
            package("b", "y", source="import aoj_survey.a"),
        ],
        "b imports itself",
    ),
    (
        past_the_face,
        [package("waves", "Wave"), file("web.pages", "from ..waves.models import Wave")],
        "past the face of aoj_survey.waves",
    ),
    (
        past_the_face,
        [package("waves", "Wave"), file("web.pages", "import aoj_survey.waves.models")],
        "past the face of aoj_survey.waves",
    ),
    (
        past_the_face,
        [package("waves", "Wave"), file("web.pages", "from ..waves import Wave, models")],
        "imports models, which aoj_survey.waves does not offer",
    ),
    (
        absolute_within,
        [package("waves", "Wave"), file("waves.planning", "from aoj_survey.waves.models import Wave")],
        "of its own package by its whole name",
    ),
    (flask_out_of_place, [file("responses.opening", "from flask import g")], "imports flask"),
    (flask_out_of_place, [file("responses.opening", "import flask_login")], "imports flask_login"),
    (flask_out_of_place, [file("cli.waves", "from flask_mail import Mail")], "imports flask_mail"),
    (flask_out_of_place, [file("statistics.estimates", "import sqlalchemy as sa")], "imports sqlalchemy"),
    (flask_out_of_place, [file("interview.path", "from sqlalchemy.orm import Mapped")], "imports sqlalchemy"),
    (
        heavy_in_web,
        [
            package("web", source="from ..tracking import x"),
            package("tracking", "x", source="import numpy.linalg"),
        ],
        "web brings along numpy",
    ),
    (
        heavy_in_web,
        [
            file("app", "from .web import x"),
            package("web", "x", source="from .pages import x"),
            file("web.pages", "from ..datasets import make_dataset"),
            package("datasets", "make_dataset"),
        ],
        "app brings along aoj_survey.datasets",
    ),
    (deferred_imports, [file("demo.mailbox", "def f():\n    import json")], "imports json inside a function"),
    (
        deferred_imports,
        [file("demo.mailbox", "def f():\n    # because\n    import json")],
        "json inside a function",
    ),
    (clock_readers, [file("waves.planning", "x = datetime.now(UTC)")], "datetime.now"),
    (clock_readers, [file("web.pages", "import datetime\nx = datetime.datetime.utcnow()")], "utcnow"),
    (clock_readers, [file("cli.waves", "x = lambda: date.today()")], "date.today"),
    (clock_readers, [file("worker", "import time\nread = time.time")], "time.time"),
    (
        too_long,
        [file("waves.planning", "def f() -> None:\n" + "    x = 1\n" * 40)],
        "planning.f has 41 lines",
    ),
    (too_long, [file("waves.planning", "x = 1\n" * 301)], "planning has 301 lines"),
    (untyped, [file("waves.planning", "def f(x) -> int: ...")], "f is not wholly typed"),
    (untyped, [file("waves.planning", "def f(x: int): ...")], "f is not wholly typed"),
    (untyped, [file("waves.planning", "def f(*rest, key: int) -> int: ...")], "f is not wholly typed"),
    (
        untyped,
        [file("waves.planning", "class A:\n    async def f(self, x) -> int: ...")],
        "f is not wholly typed",
    ),
    (undocumented, [file("waves.planning", "x = 1")], "planning has no docstring"),
    (undocumented, [file("waves.planning", '"""Doc."""\ndef f() -> int: ...')], "f has no docstring"),
    (undocumented, [file("waves.planning", '"""Doc."""\nclass A:\n    x = 1')], "A has no docstring"),
    (
        undocumented,
        [file("waves.planning", '"""Doc."""\nclass A:\n    """Doc."""\n    def f(self) -> int: ...')],
        "f has no docstring",
    ),
    (vague_names, [file("web.helpers", "")], "web.helpers has a vague name"),
    (vague_names, [file("web.common", "")], "web.common has a vague name"),
    (vague_names, [file("web.pages", "class KeyManager: ...")], "KeyManager has a vague name"),
    (vague_names, [file("web.pages", "def handler_of(x: int) -> int: ...")], "handler_of has a vague name"),
    (
        vague_names,
        [file("web.pages", "class A:\n    def date_util(self) -> int: ...")],
        "date_util has a vague",
    ),
]


@pytest.mark.parametrize(("rule", "modules", "fault"), BROKEN, ids=[case[2] for case in BROKEN])
def test_twin_a_module_that_breaks_the_rule_is_noticed(rule: Rule, modules: list[Module], fault: str) -> None:
    faults = rule(modules)
    assert [line for line in faults if fault in line] != []


KEPT: list[tuple[Rule, list[Module]]] = [
    (
        against_the_order,
        [file("waves.models", "from ..regions import Region\nfrom .planning import Plan\nimport re")],
    ),
    (import_cycles, [file("a.one", "from .two import x"), file("a.two", "def f():\n    from .one import y")]),
    (
        import_cycles,
        [
            package("a", "one", source="from .one import x"),
            file("a.one", "from . import two"),
            file("a.two", ""),
        ],
    ),
    (past_the_face, [package("waves", "Wave"), file("waves.planning", "from .models import Wave")]),
    (past_the_face, [package("waves", "Wave"), file("web.pages", "from ..waves import Wave")]),
    (
        flask_out_of_place,
        [file("web.pages", "import flask, flask_babel"), file("waves.models", "import sqlalchemy")],
    ),
    (heavy_in_web, [file("app", "import json"), file("results.figures", "import numpy")]),
    (deferred_imports, [file("demo.mailbox", "def f():\n    # Optional dependency: x.\n    import json")]),
    (clock_readers, [file("app", "x = datetime.now(UTC)"), file("cli.serve", "x = time.monotonic()")]),
    (too_long, [file("waves.planning", "def f() -> None:\n" + "    x = 1\n" * 39)]),
    (untyped, [file("waves.planning", "class A:\n    def f(self, *x: int, **y: int) -> int: ...")]),
    (undocumented, [file("waves.planning", '"""Doc."""\ndef _f() -> int: ...')]),
    (vague_names, [file("web.pages", "def utilise() -> None: ...\nclass Uncommon: ...")]),
]


@pytest.mark.parametrize(("rule", "modules"), KEPT)
def test_what_keeps_the_rule_is_left_alone(rule: Rule, modules: list[Module]) -> None:
    assert rule(modules) == []


def test_every_rule_has_a_twin() -> None:
    assert {case[0] for case in BROKEN} == set(RULES)


def test_one_in_a_hundred_may_be_longer() -> None:
    long = "def f() -> None:\n" + "    x = 1\n" * 40
    short = [f"def g{number}() -> None: ...\n" for number in range(99)]
    files = [file(f"waves.m{number}", source) for number, source in enumerate(short)]
    assert too_long([*files, file("waves.long", long)]) == []
    assert len(too_long([*files[1:], file("waves.long", long)])) == 1


def test_modules_are_read_with_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "aoj_survey" / "web"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "pages.py").write_text("")
    found = {(module.name, module.is_package) for module in read_modules(tmp_path / "aoj_survey")}
    assert found == {("aoj_survey.web", True), ("aoj_survey.web.pages", False)}
    assert architecture.ROOT == "aoj_survey"
