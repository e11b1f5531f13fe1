"""`aoj responses`: small boxes that open together, and the bundle of what they held."""

import json
from pathlib import Path

from aoj_survey.cli.door import opened
from tests.conftest import FixedClock
from tests.responses.boxes import make_small

from .conftest import Aoj


def test_small_boxes_open_together_and_have_a_bundle(
    aoj: Aoj, instance: Path, clock: FixedClock, tmp_path: Path
) -> None:
    with opened(instance) as installation:
        for region, answered in (("duinstreek", 7), ("rijnmeer", 4)):
            make_small(installation.keys, clock, region, answered)
    refused = aoj("responses", "open", "2026", "rijnmeer")
    assert (refused.exit_code, "aoj responses open-together" in refused.output) == (1, True)
    early = aoj("exports", "write", "2026", "joint", "--to", tmp_path)
    assert (early.exit_code, "No small boxes of 2026" in early.output) == (1, True)
    result = aoj("responses", "open-together", "2026")
    assert result.exit_code == 0, result.output
    assert "Opened 11 responses of 2 small boxes of 2026, as answers of no region." in result.output
    alone = aoj("exports", "write", "2026", "rijnmeer", "--to", tmp_path)
    assert (alone.exit_code, "joint in the place of the region" in alone.output) == (1, True)
    written = aoj("exports", "write", "2026", "joint", "--to", tmp_path, "--open-answers")
    assert written.exit_code == 0, written.output
    folder = tmp_path / "aoj_joint_2026_v1"
    report = json.loads((folder / "reports" / "response.json").read_text())
    assert [row["done"] for row in report["rows"]] == [11]
    audit = json.loads((folder / "reports" / "privacy.json").read_text())["audit"]
    assert [(plan["measure"], plan["threshold"], plan["groups"]) for plan in audit["groups"]] == [
        ("strata", 10, ["joint/region"]),
        ("invited", 3, ["joint/ib"]),
        ("done", 3, ["joint/ib"]),
    ]
    with opened(instance) as installation:
        assert not list(installation.keys.path.rglob("box.key"))
    unwritten = aoj("exports", "release", "2026", "joint")
    assert (unwritten.exit_code, "is not a folder" in unwritten.output) == (1, True)
    aoj("exports", "write", "2026", "joint")
    assert "Released aoj_joint_2026_v1" in aoj("exports", "release", "2026", "joint").output
    [listed] = json.loads(aoj("exports", "list", "--json").output)
    assert (listed["region"], listed["rows"], listed["origin"], listed["fault"]) == ("joint", 11, "joint", "")
    assert "released aoj_joint_2026_v1" in aoj("accounts", "log").output
    closed = aoj("exports", "tables", "2026", "joint", "--profile", "besloten")
    assert "tables for everybody only" in closed.output
    assert aoj("exports", "tables", "2026", "joint").exit_code == 0
    released = aoj("exports", "release", "2026", "joint", "--tables")
    assert "Released aoj_joint_2026_tables_v1 (openbaar)" in released.output
