"""`aoj questionnaires`: tools for who writes them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from werkzeug.serving import make_server

from aoj_survey.app import read_clock
from aoj_survey.authoring import (
    Inspection,
    LanguageReport,
    check_published,
    compare_editions,
    inspect_file,
    print_questionnaire,
    read_head,
    report_translations,
)
from aoj_survey.config import Settings
from aoj_survey.demo import SilentHandler, find_free_port
from aoj_survey.errors import InstrumentError, Problem
from aoj_survey.questionnaire import (
    load_questionnaire,
    overlay_schema,
    questionnaire_schema,
    register_edition,
)
from aoj_survey.web import make_preview

from .authors import compile_file, gather_additions, gather_kinds, inspect, read_settings
from .door import as_json, print_json
from .questionnaires_xlsform import export_xlsform, import_xlsform

LEVELS = {"error": "fault", "advice": "advice", "tip": "tip"}

a_file = click.Path(path_type=Path, exists=True, dir_okay=False)
spoken = click.option(
    "--language", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Of the advice."
)
for_region = click.option("--region", default="", help="With what the modules of this region add.")
with_kinds = click.option(
    "--region", default="", help="With the kinds of questions of this region's modules."
)


@click.group()
def questionnaires() -> None:
    """Questionnaires written in YAML."""


# Checking


@questionnaires.command()
@click.argument("files", nargs=-1, required=True, type=a_file)
@for_region
@spoken
@as_json
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], region: str, language: str, as_json: bool) -> None:
    """Show every fault in FILES, or the advice on them, with the place and what to do.

    FILES are questionnaires, and overlays of regions. Exits with 1 when there is a fault; advice stops nothing.
    """
    settings = read_settings(context.obj)
    found = [problem for file in files for problem in inspect(settings, file, region, language).problems]
    published = check_published(files, gather_kinds(settings, region))
    problems = list(dict.fromkeys((*published, *found)))
    if as_json:
        print_json(problems)
    else:
        print_problems(problems, len(files))
    context.exit(1 if any(problem.level == "error" for problem in problems) else 0)


def print_problems(problems: Sequence[Problem], files: int) -> None:
    """Print problems under the file they are in, and a line that counts them."""
    for file in dict.fromkeys(problem.file for problem in problems):
        click.secho(file, bold=True)
        for problem in (problem for problem in problems if problem.file == file):
            place = f"{problem.line}:{problem.column}"
            click.echo(
                f"  {place:8} {LEVELS.get(problem.level, problem.level)}: {problem.code}: {problem.what}"
            )
            click.echo(f"           {problem.remedy}")
        click.echo()
    faults = sum(problem.level == "error" for problem in problems)
    told = [_count(faults, "fault"), _count(len(problems) - faults, "piece of advice", "pieces of advice")]
    click.echo(f"{_count(files, 'file')} checked, {', '.join(told)}.")


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number or 'no'} {one if number == 1 else more or one + 's'}"


# Editions


@questionnaires.command()
@click.argument("file", type=a_file)
@with_kinds
@click.pass_obj
def register(instance: Path, file: Path, region: str) -> None:
    """Publish the edition in FILE: from then on the check refuses changes to it.

    The register is editions.json beside the folders of the questionnaires.
    """
    path, head = file.resolve(), read_head(file)
    if (path.parent.name, path.stem) != (head.questionnaire, head.edition) or head.overlay:
        raise InstrumentError(
            f"{file} must lie in the folder of its questionnaire, under the name of its edition, "
            "as in aoj-professionals/2021.yaml. Move it there, or mend `questionnaire` and `edition` in it."
        )
    register_edition(path.parent.parent, path, gather_kinds(read_settings(instance), region))
    click.echo(f"Registered {path.parent.name} {path.stem}. Other wording is a new edition from now on.")


@questionnaires.command()
@click.argument("before", type=a_file)
@click.argument("after", type=a_file)
@click.option("--language", default="", help="Compare texts in this language only.")
@with_kinds
@as_json
@click.pass_obj
def diff(instance: Path, before: Path, after: Path, language: str, region: str, as_json: bool) -> None:
    """Show what became of each question between two editions, and what that means for its trend."""
    for path in (before, after):
        if read_head(path).overlay:
            raise InstrumentError(f"{path} is an overlay of a region. Give two editions of a questionnaire.")
    kinds = gather_kinds(read_settings(instance), region)
    old, new = (load_questionnaire(path, "", kinds=kinds) for path in (before, after))
    items = compare_editions(old, new, language)
    if as_json:
        print_json(items)
        return
    for item in items:
        renamed = f" (was {item.before})" if item.after and item.before not in {None, item.after} else ""
        others = [change for change in item.changes if change != item.change]
        click.secho(f"{item.after or item.before}{renamed}: {', '.join([item.change, *others])}", bold=True)
        click.echo(f"  {item.meaning}")
        for part in item.differences:
            name = f"{part.part} [{part.language}]" if part.language else part.part
            click.echo(f"  {name}\n    - {part.before}\n    + {part.after}")


# Translations


@questionnaires.command()
@click.argument("files", nargs=-1, required=True, type=a_file)
@for_region
@as_json
@click.pass_obj
def missing(instance: Path, files: tuple[Path, ...], region: str, as_json: bool) -> None:
    """Show which texts of FILES lack a translation; languages nobody checked yet are named apart."""
    settings = read_settings(instance)
    reports = {str(file): report_file(settings, file, region) for file in files}
    if as_json:
        print_json(reports)
        return
    for file, languages in reports.items():
        click.secho(file, bold=True)
        for report in languages:
            unchecked = "" if report.checked else " (not checked by a speaker, so not shown to anybody yet)"
            lacks = f"{len(report.missing)} of {report.texts} texts missing"
            click.echo(f"  {report.language}{unchecked}: {lacks}")
            for text in report.missing:
                click.echo(f"    {text.name}: {text.shown}")


def report_file(settings: Settings, file: Path, region: str) -> tuple[LanguageReport, ...]:
    """Return the languages of a file with what they lack; raises QuestionnaireError when it has faults."""
    instrument, unchecked = compile_file(settings, file, region)
    return report_translations(instrument, unchecked)


@questionnaires.command()
@click.option("--overlay", is_flag=True, help="Of a region's overlay instead of a questionnaire.")
@with_kinds
@click.pass_obj
def schema(instance: Path, overlay: bool, region: str) -> None:
    """Print the JSON Schema of a questionnaire file, for completion in an editor."""
    kinds = gather_kinds(read_settings(instance), region)
    print_json(overlay_schema(kinds) if overlay else questionnaire_schema(kinds))


# Looking at it


@questionnaires.command("print")
@click.argument("file", type=a_file)
@for_region
@click.option("--role", default="", help="Only what this role may be asked.")
@click.option("--language", default="", help="Of the texts; without it the file's first.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.pass_obj
def print_file(
    instance: Path, file: Path, region: str, role: str, language: str, output: Path | None
) -> None:
    """Print FILE as one HTML document, to review on screen or paper by people who read no YAML."""
    settings = read_settings(instance)
    hooks, _ = gather_additions(settings, file, region)
    instrument, unchecked = compile_file(settings, file, region)
    document = print_questionnaire(
        instrument,
        language or instrument.languages[0],
        role or None,
        kinds=hooks.hooks.kinds,
        unchecked=unchecked,
    )
    if output is None:
        click.echo(document)
        return
    output.write_text(document, "utf-8")
    click.echo(f"Wrote {output}. Open it in a browser, and print from there.")


@questionnaires.command()
@click.argument("file", type=a_file)
@for_region
@click.option("--port", default=8010, show_default=True, help="When it is taken, another is.")
@click.pass_obj
def preview(instance: Path, file: Path, region: str, port: int) -> None:
    """Show FILE as respondents see it, on this machine, and renew it with every save; Ctrl-C ends it."""
    settings = read_settings(instance)
    hooks, own = gather_additions(settings, file, region)

    def look(language: str) -> Inspection:
        found = inspect_file(file, hooks, Path(settings.questionnaire_directory), language, own)
        return replace(found, problems=(*check_published([file], hooks.hooks.kinds), *found.problems))

    app = make_preview(file, look, hooks, read_clock())
    server = make_server("127.0.0.1", find_free_port(port), app, threaded=True, request_handler=SilentHandler)
    click.echo(f"{file}: http://127.0.0.1:{server.server_port}/  (Ctrl-C ends it)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        server.server_close()


# XLSForm

for _command in (import_xlsform, export_xlsform):
    questionnaires.add_command(_command)
