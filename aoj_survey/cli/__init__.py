"""Door 2: the `aoj` commands, one file per noun: parse, call, print."""

from pathlib import Path

import click

from . import (
    accounts,
    answers,
    audit,
    bounces,
    custodians,
    datasets,
    demo,
    doctor,
    errata,
    exports,
    frame,
    groups,
    init,
    invitations,
    messages,
    plugins,
    questionnaires,
    regions,
    responses,
    serve,
    waves,
)
from .door import Door

__all__ = ["main"]


@click.group(cls=Door)
@click.option(
    "--instance",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="AOJ_INSTANCE",
    default=Path("instance"),
    show_default=True,
    help="Folder with settings, keys and database.",
)
@click.pass_context
def main(context: click.Context, instance: Path) -> None:
    """Survey engine for recurring monitors among small, named populations."""
    context.obj = instance


for noun in (
    accounts.accounts,
    answers.answers,
    audit.audit,
    custodians.custodians,
    datasets.datasets,
    demo.demo,
    doctor.doctor,
    errata.errata,
    exports.exports,
    frame.frame,
    groups.groups,
    init.init,
    invitations.invitations,
    messages.messages,
    plugins.plugins,
    questionnaires.questionnaires,
    regions.regions,
    responses.responses,
    serve.serve,
    serve.worker,
    waves.waves,
):
    main.add_command(noun)

messages.messages.add_command(bounces.bounced)
