"""`aoj questionnaires import-xlsform` and `export-xlsform`: spreadsheets of ODK and Kobo."""

from collections.abc import Sequence
from pathlib import Path

import click

from aoj_survey.authoring import ReadForm, Remark, read_form, write_form
from aoj_survey.errors import XlsformError
from aoj_survey.questionnaire import load_questionnaire

_file = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.command("import-xlsform")
@_file
@click.option("--questionnaire", required=True, help="The name it gets, such as buurt-monitor.")
@click.option("--edition", required=True, help="The edition it is, such as 2026.")
@click.option("--roles", required=True, help="Who is asked, with commas between: ib,zoco.")
@click.option("--language", default="nl", show_default=True, help="Of texts where FILE names no language.")
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="YAML file to write."
)
@click.option("--force", is_flag=True, help="Write over what is there.")
@click.pass_context
def import_xlsform(
    context: click.Context,
    file: Path,
    questionnaire: str,
    edition: str,
    roles: str,
    language: str,
    output: Path,
    force: bool,
) -> None:
    """Write the XLSForm in FILE as a questionnaire, and tell what could not be carried over.

    Exits with 1 when the questionnaire does not compile yet; it is written all the same, to be mended.
    """
    _refuse_existing(output, force=force)
    asked = [role.strip() for role in roles.split(",") if role.strip()]
    form = read_form(file.read_bytes(), questionnaire, edition, asked, language=language, file=str(output))
    output.write_text(form.text, "utf-8")
    _print_remarks(form.remarks, "carried over otherwise or left out")
    _print_problems(form)
    click.echo(f"Wrote {output}. Read it through, then look at it with: aoj questionnaires check {output}")
    context.exit(1 if form.problems else 0)


@click.command("export-xlsform")
@_file
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="XLSX file to write."
)
@click.option("--language", "languages", multiple=True, help="Only these; without it all that were checked.")
@click.option("--force", is_flag=True, help="Write over what is there.")
def export_xlsform(file: Path, output: Path, languages: tuple[str, ...], force: bool) -> None:
    """Write the questionnaire in FILE as an XLSForm, and tell what that cannot hold."""
    _refuse_existing(output, force=force)
    instrument = load_questionnaire(file, "", unchecked=bool(languages))
    if unknown := [code for code in languages if code not in instrument.languages]:
        known = ", ".join(instrument.languages)
        raise XlsformError(f"{file} is not in the language {unknown[0]}. Choose from: {known}.")
    form = write_form(instrument, languages)
    output.write_bytes(form.content)
    _print_remarks(form.remarks, "not in the XLSForm as it is in the file")
    click.echo(f"Wrote {output}.")


def _refuse_existing(output: Path, *, force: bool) -> None:
    if output.exists() and not force:
        raise XlsformError(
            f"There is {output} already; nothing was changed. Choose another name, or add --force."
        )


def _print_remarks(remarks: Sequence[Remark], what: str) -> None:
    for remark in remarks:
        click.echo(str(remark))
    if remarks:
        click.echo(f"{len(remarks)} {what}; see above.")


def _print_problems(form: ReadForm) -> None:
    for problem in form.problems:
        click.echo(str(problem))
    if form.problems:
        click.echo(f"It does not compile yet: {len(form.problems)} to mend, see above.")
