"""The reference of hooks says what the code says: headings are signatures, examples load, users are real."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from inspect import Parameter, Signature, signature
from pathlib import Path

import pytest

from aoj_survey import api
from aoj_survey.config import ROOT
from aoj_survey.hooks import HOOKS, load_hooks

README = (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")
TESTS_OF_HOOKS = ROOT / "tests" / "hooks" / "test_hooks.py"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
PREAMBLE = f"""
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional
from aoj_survey.api import {", ".join(api.__all__)}
__version__ = "1"
"""


def write_heading(name: str, shape: Signature) -> str:
    return f"{name}{shape}".replace("'", "")


def read_sections(text: str) -> dict[str, str]:
    """The sections of the reference, by heading."""
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)
    bodies = (body.partition("\n## ")[0] for body in parts[2::2])
    return dict(zip(parts[1::2], bodies, strict=True))


def find_faults(hooks: Mapping[str, Signature], text: str) -> list[str]:
    """What is wrong with a reference of these hooks."""
    sections = read_sections(text)
    headings = {write_heading(name, shape): (name, shape) for name, shape in hooks.items()}
    faults = [f"not a hook: {heading}" for heading in sections if heading not in headings]
    for heading, (name, shape) in headings.items():
        body = sections.get(heading)
        if body is None:
            faults.append(f"not documented: {heading}")
            continue
        if not any(f"def {name}(" in block for block in BLOCK.findall(body)):
            faults.append(f"no example: {name}")
        faults += [
            f"no argument {given}: {name}" for given in shape.parameters if f"- `{given}`:" not in body
        ]
        if "New in" not in body:
            faults.append(f"no version: {name}")
        if not re.findall(r"^Used by .*`plugins/(\w+)`", body, flags=re.MULTILINE):
            faults.append(f"no user: {name}")
    return faults


def find_untested(hooks: Iterable[str], source: str) -> list[str]:
    """Hooks without a test that is named after them."""
    tests = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [hook for hook in hooks if not any(test.startswith(f"test_{hook}_") for test in tests)]


def test_every_hook_is_documented_by_its_signature_with_arguments_an_example_and_a_user() -> None:
    assert find_faults(HOOKS, README) == []


def test_a_hook_that_is_not_documented_is_found() -> None:
    shape = Signature([Parameter("region", Parameter.KEYWORD_ONLY)])
    assert find_faults({**HOOKS, "aoj_new": shape}, README) == ["not documented: aoj_new(*, region)"]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("aoj_reminder_day(proposed: date,", "aoj_reminder_day(proposed: str,", "not a hook: "),
        ("- `questionnaire`:", "- questionnaire:", "no argument questionnaire: aoj_overlays"),
        ("def aoj_region() ->", "def region() ->", "no example: aoj_region"),
        ("Used by `plugins/almere`.", "Used by many.", "no user: aoj_item_kinds"),
    ],
)
def test_a_reference_that_differs_from_the_code_is_found(before: str, after: str, fault: str) -> None:
    assert before in README
    assert any(found.startswith(fault) for found in find_faults(HOOKS, README.replace(before, after)))


def test_every_hook_has_a_test_named_after_it() -> None:
    assert find_untested(HOOKS, TESTS_OF_HOOKS.read_text(encoding="utf-8")) == []


def test_a_hook_without_a_test_is_found() -> None:
    source = TESTS_OF_HOOKS.read_text(encoding="utf-8")
    assert find_untested([*HOOKS, "aoj_new"], source) == ["aoj_new"]
    assert find_untested(HOOKS, source.replace("test_aoj_region_", "test_region_")) == ["aoj_region"]


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_of_a_hook_loads(hook: str, tmp_path: Path) -> None:
    body = read_sections(README)[write_heading(hook, HOOKS[hook])]
    folder = tmp_path / "rijnmeer"
    folder.mkdir()
    (folder / "__init__.py").write_text(PREAMBLE + "\n".join(BLOCK.findall(body)), encoding="utf-8")
    hooks = load_hooks(tmp_path, ["rijnmeer"])
    assert hooks.failures == {}
    assert hooks.modules["rijnmeer"].hooks == (hook,)


@pytest.mark.parametrize("hook", HOOKS)
def test_the_users_named_are_users(hook: str) -> None:
    body = read_sections(README)[write_heading(hook, HOOKS[hook])]
    users = re.findall(r"`plugins/(\w+)`", body.partition("Used by")[2])
    hooks = load_hooks(ROOT / "plugins", users)
    assert users
    assert all(hook in hooks.modules[user].hooks for user in users)


def test_the_example_module_has_every_hook() -> None:
    assert set(load_hooks(ROOT / "plugins", ["example"]).modules["example"].hooks) == set(HOOKS)


def test_every_hook_says_in_the_code_when_it_is_asked_and_since_when() -> None:
    for name in HOOKS:
        text = getattr(sys.modules["aoj_survey.hooks.spec"], name).__doc__ or ""
        assert "New in" in text, name
        assert "Asked" in text, name
        for argument in HOOKS[name].parameters:
            assert f"{argument}: " in text, (name, argument)


def test_the_example_of_a_test_passes(tmp_path: Path) -> None:
    """The last two code blocks are a conftest and a test; they run on a copy of the example."""
    conftest, test = BLOCK.findall(README.partition("## Try a module")[2])
    folder = tmp_path / "example"
    shutil.copytree(ROOT / "plugins" / "example", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    (folder / "test_example.py").write_text(test, encoding="utf-8")
    assert run_pytest(folder).returncode == 0
    (folder / "test_example.py").write_text(
        test.replace("voorbeeld_uren", "voorbeeld_dagen", 1), encoding="utf-8"
    )
    assert run_pytest(folder).returncode == 1


def run_pytest(folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def test_signatures_are_read_from_the_code() -> None:
    def aoj_new(region: str) -> None: ...

    assert write_heading("aoj_new", signature(aoj_new)) == "aoj_new(region: str) -> None"
