"""`aoj accounts`: codes are printed once, and what was done is kept."""

import json

from .conftest import Aoj


def test_accounts_are_made_listed_renewed_and_removed(aoj: Aoj) -> None:
    assert "There are no accounts" in aoj("accounts", "list").output
    made = aoj("accounts", "add", "Verzonnen Een", "--right", "review", "--right", "download")
    assert made.exit_code == 0, made.output
    token = made.output.strip().rpartition("\n")[2]
    assert token.startswith("aoj_")
    renewed = aoj("accounts", "renew", "verzonnen een").output.strip().rpartition("\n")[2]
    assert renewed.startswith("aoj_")
    assert renewed != token
    assert aoj("accounts", "list").output == "Verzonnen Een: download, review\n"
    listed = json.loads(aoj("accounts", "list", "--json").output)
    assert listed == [
        {"name": "Verzonnen Een", "rights": ["download", "review"], "regions": [], "profiles": []}
    ]
    assert "stays approved" in aoj("accounts", "remove", "Verzonnen Een").output
    log = aoj("accounts", "log").output
    assert sorted(line.partition("UTC: ")[2] for line in log.splitlines()) == [
        "made an account for Verzonnen Een with the right to download, review",
        "removed the account of Verzonnen Een",
        "renewed the code of the account of Verzonnen Een",
    ]
    assert token not in log


def test_faults_are_one_clear_line(aoj: Aoj) -> None:
    refused = aoj("accounts", "add", "Verzonnen Een", "--right", "approve", "--right", "download")
    assert (refused.exit_code, "may do nothing else" in refused.output) == (1, True)
    assert "no account of Niemand" in aoj("accounts", "remove", "Niemand").output
    assert aoj("accounts", "add", "Verzonnen Een", "--right", "coordinate").exit_code == 2


def test_rights_are_limited_to_regions_that_there_are(aoj: Aoj) -> None:
    refused = aoj("accounts", "add", "Verzonnen Een", "--right", "download", "--region", "rijnmer")
    assert (refused.exit_code, "There is no region rijnmer. Known: joint" in refused.output) == (1, True)
    made = aoj(
        *("accounts", "add", "Verzonnen Een", "--right", "download"),
        *("--region", "joint", "--profile", "openbaar"),
    )
    assert made.exit_code == 0, made.output
    assert aoj("accounts", "list").output == "Verzonnen Een: download (joint; openbaar)\n"
    assert "with the right to download (joint; openbaar)" in aoj("accounts", "log").output
