"""The rules of docs/architecture.md as plain functions over parsed modules: each returns what breaks its rule."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

ROOT = "aoj_survey"
ORDER = (
    "errors",
    "wording",
    "config",
    "keys",
    "db",
    "questionnaire",
    "disclosure",
    "statistics",
    "hooks",
    "installation",
    "interview",
    "authoring",
    "regions",
    "waves",
    "invitations",
    "open_answers",
    "responses",
    "reviewing",
    "tracking",
    "fieldwork",
    "preflight",
    "relinking",
    "accounts",
    "datasets",
    "history",
    "exports",
    "results",
    "releases",
    "factsheets",
    "api",
    "testing",
    "demo",
    "web",
    "app",
    "worker",
    "cli",
)
PURE = {"questionnaire", "disclosure", "statistics", "interview", "authoring"}
FLASK = {"app", "web", "cli", "demo", "worker", "db"}
EXTENSIONS = {"web", "db", "accounts", "invitations.line"}
HEAVY = {"numpy", "scipy", "polars", "pyarrow", "pandas", "duckdb", "matplotlib", "sklearn", "statsmodels"}
FORBIDDEN = {"manager", "helper", "handler", "util", "utils", "common", "managers", "helpers", "handlers"}
NOT_IN_WEB = {"datasets", "history", "exports", "results", "demo", "factsheets"}
DICTATED = {"SilentHandler": "what werkzeug's make_server takes is called a request handler"}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"}
LONGEST_FUNCTION, LONGEST_MODULE, MAY_EXCEED = 40, 300, 0.01

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A parsed file; `name` is dotted (`aoj_survey.web.links`), a package's is that of its `__init__`."""

    name: str
    source: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed source."""
        return ast.parse(self.source)

    @property
    def part(self) -> str:
        """The part of the application it belongs to: `web` for `aoj_survey.web.links`, empty for the root."""
        return self.name.partition(".")[2].partition(".")[0]

    @property
    def path_in_root(self) -> str:
        """Its name within the application: `web.links`."""
        return self.name.partition(".")[2]


@dataclass(frozen=True)
class Import:
    """`from target import names`, or `import target` with no names."""

    target: str
    names: tuple[str, ...]
    line: int
    relative: bool
    deferred: bool


def read_modules(folder: Path) -> list[Module]:
    """Return every module of a package that lies in this folder."""
    return [
        Module(
            ".".join(path.relative_to(folder.parent).with_suffix("").parts).removesuffix(".__init__"),
            path.read_text(encoding="utf-8"),
            path.name == "__init__.py",
        )
        for path in sorted(folder.rglob("*.py"))
    ]


def list_imports(module: Module) -> list[Import]:
    """Return the imports of a module, relative ones made whole."""
    tree = module.tree
    inside = {id(node) for function in list_functions(tree) for node in ast.walk(function)}
    found: list[Import] = []
    for node in ast.walk(tree):
        deferred = id(node) in inside
        if isinstance(node, ast.Import):
            found += [Import(alias.name, (), node.lineno, False, deferred) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            found.append(Import(_resolve(module, node), names, node.lineno, node.level > 0, deferred))
    return found


def _resolve(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    up = node.level - module.is_package
    parts = module.name.split(".")
    return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])


def list_functions(tree: ast.AST) -> list[Function]:
    """Return every function, methods and nested ones included."""
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def _own(modules: Sequence[Module]) -> Iterator[tuple[Module, Import]]:
    for module in modules:
        for item in list_imports(module):
            if item.target == ROOT or item.target.startswith(f"{ROOT}."):
                yield module, item


def _parts_of(item: Import) -> set[str]:
    _, _, rest = item.target.partition(".")
    return {rest.partition(".")[0]} if rest else set(item.names)


# Rule 1


def against_the_order(modules: Sequence[Module], order: Sequence[str] = ORDER) -> list[str]:
    """Imports of a part that stands later in the order than the importer, and parts that stand nowhere."""
    place = {name: number for number, name in enumerate(order)}
    faults = [
        f"{module.name} stands nowhere in the order" for module in modules if module.part not in {*place, ""}
    ]
    faults += [
        f"{module.name}:{item.line} imports {part}, which stands after {module.part}"
        for module, item in _own(modules)
        for part in _parts_of(item) & set(place)
        if place[part] > place.get(module.part, len(place))
    ]
    return faults


def import_cycles(modules: Sequence[Module]) -> list[str]:
    """Modules that, directly or not, import themselves."""
    reached = reach(modules)
    return [f"{name} imports itself by a detour" for name in reached if name in reached[name]]


def reach(modules: Sequence[Module]) -> dict[str, set[str]]:
    """Return, per module, all modules (and outer packages) that importing it brings along."""
    direct = direct_imports(modules)
    reached: dict[str, set[str]] = {}
    for name in direct:
        seen: set[str] = set()
        waiting = list(direct[name])
        while waiting:
            found = waiting.pop()
            if found not in seen:
                seen.add(found)
                waiting += direct.get(found, ())
        reached[name] = seen
    return reached


def direct_imports(modules: Sequence[Module]) -> dict[str, set[str]]:
    """Return what each module imports at its top: own modules by name, others by their first part."""
    known = {module.name for module in modules}
    direct: dict[str, set[str]] = {module.name: set() for module in modules}
    for module in modules:
        for item in list_imports(module):
            if item.deferred:
                continue
            if item.target.partition(".")[0] != ROOT:
                direct[module.name].add(item.target.partition(".")[0])
                continue
            inner = {f"{item.target}.{name}" for name in item.names} & known
            # `from . import x` within a package needs the sibling, not the face that is being made.
            if not (inner and item.relative):
                direct[module.name].add(item.target)
            direct[module.name] |= inner
    return direct


# Rule 2


def past_the_face(modules: Sequence[Module]) -> list[str]:
    """Imports of inner modules of another package, or of names that its face does not offer."""
    faces = {module.name: face_of(module) for module in modules if module.is_package and module.part}
    faults: list[str] = []
    for module, item in _own(modules):
        package = ".".join(item.target.split(".")[:2])
        if package not in faces or module.part == item.target.split(".")[1]:
            continue
        if item.target != package:
            faults.append(f"{module.name}:{item.line} imports {item.target}, past the face of {package}")
        unoffered = sorted(set(item.names) - faces[package])
        faults += [
            f"{module.name}:{item.line} imports {name}, which {package} does not offer" for name in unoffered
        ]
    return faults


def face_of(module: Module) -> set[str]:
    """Return the names in a package's `__all__`."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return set(ast.literal_eval(node.value))
    return set()


def absolute_within(modules: Sequence[Module]) -> list[str]:
    """Absolute imports within a package, which should be relative."""
    return [
        f"{module.name}:{item.line} imports {item.target} of its own package by its whole name"
        for module, item in _own(modules)
        if not item.relative and module.part and item.target.split(".")[1:2] == [module.part]
    ]


# Rules 3 and 4


def flask_out_of_place(modules: Sequence[Module]) -> list[str]:
    """Imports of Flask, its extensions or SQLAlchemy where they do not belong."""
    faults: list[str] = []
    for module in modules:
        for item in list_imports(module):
            outer = item.target.partition(".")[0]
            allowed = (
                (outer != "flask" or module.part in FLASK)
                and (not outer.startswith("flask_") or bool({module.part, module.path_in_root} & EXTENSIONS))
                and (outer != "sqlalchemy" or module.part not in PURE)
            )
            if not allowed:
                faults.append(f"{module.name}:{item.line} imports {outer}")
    return faults


def heavy_in_web(modules: Sequence[Module]) -> list[str]:
    """What the web process would load, by whatever detour, of the analysis stack and the packages that use it."""
    reached = reach(modules)
    unwanted = HEAVY | {f"{ROOT}.{name}" for name in NOT_IN_WEB}
    return [
        f"{start} brings along {found}"
        for start in (f"{ROOT}.app", f"{ROOT}.web")
        for found in sorted(reached.get(start, ()))
        if found in unwanted or found.startswith(tuple(f"{name}." for name in unwanted))
    ]


# Rule 5


def deferred_imports(modules: Sequence[Module]) -> list[str]:
    """Imports inside functions without a comment that names an optional dependency."""
    faults: list[str] = []
    for module in modules:
        lines = module.source.splitlines()
        for item in list_imports(module):
            near = " ".join(lines[max(item.line - 2, 0) : item.line]).lower()
            if item.deferred and not ("#" in near and "optional" in near):
                faults.append(f"{module.name}:{item.line} imports {item.target} inside a function")
    return faults


def clock_readers(modules: Sequence[Module]) -> list[str]:
    """Readings of the clock outside `app.py`."""
    return [
        f"{module.name}:{node.lineno} reads the clock by {ast.unparse(node)}"
        for module in modules
        if module.part != "app"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ".".join(ast.unparse(node).split(".")[-2:]) in CLOCKS
    ]


# Rule 6


def too_long(modules: Sequence[Module]) -> list[str]:
    """Functions and modules over the bounds, where more than one in a hundred of their kind are."""
    functions = {
        f"{module.name}.{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules
        for node in list_functions(module.tree)
    }
    files = {module.name: len(module.source.splitlines()) for module in modules}
    return _exceeding(functions, LONGEST_FUNCTION) + _exceeding(files, LONGEST_MODULE)


def _exceeding(lengths: Mapping[str, int], longest: int) -> list[str]:
    over = [f"{name} has {length} lines" for name, length in lengths.items() if length > longest]
    return over if len(over) > MAY_EXCEED * len(lengths) else []


def untyped(modules: Sequence[Module]) -> list[str]:
    """Functions with an argument or outcome that is not annotated."""
    return [
        f"{module.name}:{node.lineno} {node.name} is not wholly typed"
        for module in modules
        for node in list_functions(module.tree)
        if node.returns is None or any(argument.annotation is None for argument in _arguments(node))
    ]


def _arguments(node: Function) -> list[ast.arg]:
    given = node.args
    listed = [*given.posonlyargs, *given.args]
    listed = listed[1:] if listed and listed[0].arg in {"self", "cls"} else listed
    return [*listed, *given.kwonlyargs, *(extra for extra in (given.vararg, given.kwarg) if extra)]


def undocumented(modules: Sequence[Module]) -> list[str]:
    """Modules, and public classes, functions and methods, without a docstring."""
    faults = [f"{module.name} has no docstring" for module in modules if _lacks_words(module.tree)]
    for module in modules:
        faults += [
            f"{module.name}:{line} {name} has no docstring" for name, line in _silent(module.tree.body)
        ]
    return faults


def _lacks_words(tree: ast.Module) -> bool:
    return bool(tree.body) and ast.get_docstring(tree) is None


def _silent(body: Sequence[ast.stmt]) -> Iterator[tuple[str, int]]:
    for node in body:
        if not isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ) or node.name.startswith("_"):
            continue
        if ast.get_docstring(node) is None and not _overrides(node):
            yield node.name, node.lineno
        if isinstance(node, ast.ClassDef):
            yield from _silent(node.body)


def _overrides(node: ast.stmt) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(ast.unparse(item).endswith(("override", "overload", ".setter")) for item in decorators)


# Rule 7


def vague_names(modules: Sequence[Module]) -> list[str]:
    """Modules, classes and functions with a name that says nothing of the trade."""
    faults = [
        f"{module.name} has a vague name"
        for module in modules
        if _words(module.name.split(".")[-1]) & FORBIDDEN
    ]
    for module in modules:
        faults += [
            f"{module.name}:{node.lineno} {node.name} has a vague name"
            for node in ast.walk(module.tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and node.name not in DICTATED
            and _words(node.name) & FORBIDDEN
        ]
    return faults


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


RULES: tuple[Callable[[Sequence[Module]], list[str]], ...] = (
    against_the_order,
    import_cycles,
    past_the_face,
    absolute_within,
    flask_out_of_place,
    heavy_in_web,
    deferred_imports,
    clock_readers,
    too_long,
    untyped,
    undocumented,
    vague_names,
)
