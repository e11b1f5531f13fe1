"""`aoj questionnaires preview` as a process of its own: it serves, notices a save, and ends when asked."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from aoj_survey.config import ROOT
from aoj_survey.demo import Browser

from .authors import GOOD, OVERLAY, write


@contextmanager
def preview(*words: str | Path, instance: Path) -> Generator[tuple[Browser, subprocess.Popen[str]]]:
    command = [
        sys.executable,
        "-m",
        "aoj_survey.cli",
        "--instance",
        str(instance),
        "questionnaires",
        "preview",
    ]
    process = subprocess.Popen(
        [*command, *map(str, words), "--port", "0"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        browser = Browser(found[0])
        yield browser, process
        browser.close()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        process.stdout.close()


def test_a_preview_needs_no_installation_and_notices_a_save(tmp_path: Path) -> None:
    file, nowhere = write(tmp_path), tmp_path / "nowhere"
    with preview(file, instance=nowhere) as (browser, _):
        version = browser.get("/version").html
        assert "Heeft u overleg?" in browser.get("/v/ib-nl/p/overleg").html
        file.write_text(GOOD.replace("Heeft u overleg?", "Spreekt u elkaar?"), "utf-8")
        assert browser.get("/version").html != version
        assert "Spreekt u elkaar?" in browser.get("/v/ib-nl/p/overleg").html
        file.write_text(OVERLAY + "oops: {", "utf-8")
        assert "line error" in browser.get("/").html
        assert "Spreekt u elkaar?" in browser.get("/v/ib-nl/p/overleg").html
    assert not nowhere.exists()


def test_a_preview_for_a_region_has_what_its_module_adds(tmp_path: Path) -> None:
    file = ROOT / "questionnaires" / "aoj-professionals" / "2021.yaml"
    with preview(file, "--region", "almere", instance=tmp_path / "nowhere") as (browser, _):
        assert "almere_" in browser.get("/").html.partition('target="respondent"')[2]
