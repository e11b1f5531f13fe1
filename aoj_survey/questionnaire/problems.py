"""Every problem a questionnaire file can have: code, what is wrong, what to do.

The codes are stable: tests, the corpus and `aoj questionnaires check --json` name them.
"""

from dataclasses import dataclass, field

from aoj_survey.errors import Problem, QuestionnaireError


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1, `start` and `end` are offsets in the text.

    `style` is YAML's: None or "" for plain, `'`, `"`, `|` or `>`.
    """

    line: int
    column: int
    start: int = 0
    end: int = 0
    style: str | None = None


_LONGEST = 300
MAX_PROBLEMS = 200

CATALOGUE: dict[str, tuple[str, str]] = {
    # Reading the file.
    "too-many-problems": (
        "There are more than {limit} problems; the rest of the file was not looked at.",
        "Mend these first, then check the file again.",
    ),
    "too-large": (
        "The file is {size} bytes; at most {limit} are read.",
        "Split it in two questionnaires, or remove what does not belong in it.",
    ),
    "not-utf8": ("The file is not UTF-8 text.", "Save it as UTF-8."),
    "control-character": (
        "There is a character here that cannot be shown (U+{codepoint:04X}).",
        "Remove it; it often comes along when copying from another program.",
    ),
    "yaml": (
        "This is not valid YAML: {reason}.",
        "Check indentation, colons and quotes here and just above.",
    ),
    "several-documents": (
        "A second document starts here.",
        "Keep one questionnaire per file; remove the `---`.",
    ),
    "anchor": (
        "Anchors and aliases (`&name`, `*name`) are not read.",
        "Write the value out, or use a scale for answers that return.",
    ),
    "tag": ("YAML tags (`{tag}`) are not read.", "Remove the tag."),
    "too-deep": (
        "This is nested more than {limit} levels deep.",
        "Look for a bracket or indentation too many.",
    ),
    "duplicate-key": ("The key `{key}` is already in this mapping.", "Keep one of the two."),
    "key-not-text": ("A key must be a word.", "Put the key between quotes, or check the indentation."),
    # The shape.
    "not-a-mapping": (
        "A questionnaire is a mapping that starts with `format: 1`.",
        "Look at questionnaires/README.md for an example.",
    ),
    "unknown-format": (
        "This engine reads `format: 1`.",
        "Write `format: 1`, or use the engine the file was made for.",
    ),
    "missing-key": ("The key `{key}` is missing.", "Add it."),
    "unknown-key": ("The key `{key}` is not known here.", "{suggestion}"),
    "wrong-type": ("`{key}` must be {expected}.", "{suggestion}"),
    "out-of-range": ("`{key}` is not right: {reason}.", "Choose a value within the bounds."),
    "bad-name": ("`{value}` cannot be used as `{key}`.", "Use {rule}."),
    "bad-code": (
        "`{value}` is not a code.",
        "Use at most 32 small letters, figures and `_`; start with a letter, do not end with `_`.",
    ),
    "reserved-code": (
        "`{value}` cannot be the code of a question: it means something to the engine or to a statistics program.",
        "Choose another code, for example `{value}_vraag`.",
    ),
    "bad-date": ("`{value}` is no date of this kind.", "Write it like `{example}`."),
    "text-empty": ("The text is empty.", "Write the text, or remove the key."),
    "missing-translation": (
        "There is no text here in: {languages}.",
        "Write at least the file's first language; it is shown where a translation is missing.",
    ),
    "unknown-language": (
        "`{languages}` is not in the file's `languages`.",
        "Add it to `languages`, or remove this text.",
    ),
    "first-unchecked": (
        "The first language is the fallback, so it cannot be `unchecked`.",
        "Put a language that was checked first.",
    ),
    "unknown-kind": ("`{value}` is not a kind of question.", "Choose from: {known}."),
    "key-not-for-kind": ("A question of kind `{kind}` has no `{key}`.", "Remove it, or change the kind."),
    "scale-or-choices": (
        "A question of kind `{kind}` takes its answers from `scale` or from `choices`.",
        "Give one of the two.",
    ),
    # The meaning.
    "duplicate-code": (
        "The code `{value}` is used twice.",
        "Give each question and group a code of its own.",
    ),
    "duplicate-choice": ("Two answers have the same {key} `{value}`.", "Give each its own."),
    "dont-know-value": (
        "The value 99 and `dont_know: true` go together.",
        "Give the answer with `dont_know: true` the value 99, and no other answer.",
    ),
    "long-column": (
        "The column `{value}` in the dataset would be longer than 32 characters.",
        "Shorten the code of the question or of the answer.",
    ),
    "unknown-scale": ("There is no scale `{value}`.", "Add it to `scales`, or choose from: {known}."),
    "unknown-role": ("`{value}` is not a role.", "Choose from: {known}."),
    "twice-in-list": ("`{value}` is in the list twice.", "Keep one."),
    "min-above-max": ("`min` ({minimum}) is above `max` ({maximum}).", "Swap them or mend one."),
    "earliest-after-latest": ("`earliest` is after `latest`.", "Swap them or mend one."),
    "choice-not-for-kind": (
        "An answer with `{key}` does not fit a question of kind `{kind}`.",
        "Remove `{key}` from the answer, or change the kind.",
    ),
    "length-without-other": (
        "`max_length` of an answer goes with `other: true`.",
        "Add `other: true` for a text beside this answer, or remove `max_length`.",
    ),
    "text-not-said": (
        "The kind `{kind}` takes answers in own words, and does not say so.",
        'Whoever made it: give the kind type="open" and a `max_length`, so that the opening keeps these answers apart.',
    ),
    "text-with-columns": (
        "The kind `{kind}` takes answers in own words, and has no `max_length` or fills columns.",
        "Whoever made it: give the kind a `max_length`, and no columns; the opening takes these answers apart.",
    ),
    # Quotes in texts.
    "unknown-quote": (
        "`{{{value}}}` quotes no earlier question.",
        "Use the code of a question on an earlier page, or write `\\{{` for a plain brace.",
    ),
    "quote-not-for-kind": (
        "The answer to `{value}` cannot be quoted: it is of kind `{kind}`.",
        "Quote a choice, more answers, a mark or a number.",
    ),
    "unknown-word": ("There is no word `{value}`.", "Add it to `words`, or choose from: {known}."),
    # Conditions.
    "condition-syntax": ("The condition cannot be read here: {reason}.", 'Write it like `doelen == "ja"`.'),
    "condition-unknown-name": ("No question has the code `{value}`.", "{suggestion}"),
    "condition-forward": (
        "`{value}` is asked later than this question.",
        "A condition can only look back: move one of the two questions.",
    ),
    "condition-same-page": (
        "`{value}` is on the same page as this question.",
        "Put the question that decides on a page before this one.",
    ),
    "condition-unknown-choice": ("`{value}` is not one of the answers.", "Choose from: {known}."),
    "condition-type": (
        "{reason}.",
        'Write `item == "code"`, `item > 5` for a number, `"code" in item` where more answers are possible.',
    ),
    "condition-constant": (
        "The condition looks at no answer.",
        "Name the question it depends on, or remove `ask_if`.",
    ),
    "condition-never": (
        "This condition can never be true, whatever was answered before and whoever answers.",
        "Look for answers that exclude each other, here or in the conditions of the questions it names.",
    ),
    # Published editions.
    "edition-edited": (
        "{value} was published, and is not what it was then.",
        "Undo the change and make a new edition with it, so that what was asked then stays known.",
    ),
    "edition-gone": (
        "{value} was published, and its file is not there.",
        "Put it back from version control.",
    ),
    # Overlays of a region.
    "overlay-shared": (
        "`{value}` is shared: its code, text, order, answers and condition stay as they are, for comparison.",
        "Leave the shared part as it is, and add a question of your own beside it.",
    ),
    "overlay-shared-text": (
        "The shared text in `{languages}` stays as it is, so that everybody answers the same question.",
        "Translate only into languages that `languages` of this overlay adds.",
    ),
    "overlay-prefix": (
        "`{value}` does not start with `{prefix}`.",
        "Let codes of your own start with the region, so that they never meet those of others.",
    ),
    "overlay-questionnaire": (
        "This overlay is for {value}, and the questionnaire is {known}.",
        "Mend `overlay` and `edition`, or use the overlay with that questionnaire.",
    ),
    "overlay-region": (
        "This overlay is for the region `{value}`, and it is used for `{known}`.",
        "Mend `region`, or use the overlay for that region only.",
    ),
    "overlay-language": (
        "`{value}` is a language of the shared questionnaire already.",
        "Remove it from `languages`; only languages that are not there yet can be added.",
    ),
    "overlay-base": (
        "The questionnaire of this overlay is not there: {value}.",
        "Mend `overlay` and `edition`: the name and the edition of the questionnaire.",
    ),
    "overlay-theme": ("There is no theme `{value}`.", "Choose from: {known}."),
    "overlay-locked": (
        "The theme `{value}` is locked: every region asks it, so that regions can be compared.",
        "Remove it from `leave_out`.",
    ),
    "overlay-needed": (
        "Without the theme `{value}`, `{item}` cannot be asked: it depends on `{needed}`.",
        "Keep the theme, or leave out the theme of `{item}` too.",
    ),
    "overlay-empty": ("Nothing would be left of the questionnaire.", "Keep at least one theme."),
    "overlay-place": (
        "`{value}` is no {part} of the shared questionnaire, or its theme is left out.",
        "Use the code of a shared {part}.",
    ),
    "overlay-addition": (
        "An addition has one place and one of `themes` and `items`.",
        "Write `before_theme` or `after_theme` with `themes`, or `before_item` or `after_item` with `items`.",
    ),
    "overlay-twice": ("`{value}` is given by another overlay of this region too.", "Keep one of the two."),
    "unknown-text": (
        "There is no text named `{value}`.",
        "Use a name such as `title`, `theme.code`, `item.code`, `item.code.hint` or `scale.name.answer`.",
    ),
}
"""Problem code -> (what is wrong, what to do), both filled with `str.format`."""


def _shorten(value: str | int) -> str | int:
    """Keep a message readable when what is quoted in it is a whole paragraph, or a file."""
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


@dataclass(slots=True)
class Report:
    """The problems found so far in one file."""

    file: str
    problems: list[Problem] = field(default_factory=list[Problem])
    _known: set[Problem] = field(default_factory=set[Problem])

    def add(self, code: str, mark: Mark, **values: str | int) -> None:
        """Add the problem with this code of the catalogue at a place.

        Raises QuestionnaireError when there are too many: looking for more would take minutes.
        """
        found = self._describe(code, mark, **values)
        if found in self._known:
            return
        if len(self.problems) == MAX_PROBLEMS:
            last = self._describe("too-many-problems", mark, limit=MAX_PROBLEMS)
            raise QuestionnaireError([*self.sort(), last])
        self._known.add(found)
        self.problems.append(found)

    def _describe(self, code: str, mark: Mark, **values: str | int) -> Problem:
        what, remedy = CATALOGUE[code]
        shown = {key: _shorten(value) for key, value in values.items()}
        return Problem(code, self.file, mark.line, mark.column, what.format(**shown), remedy.format(**shown))

    def sort(self) -> list[Problem]:
        """Return the problems in file order."""
        return sorted(self.problems, key=lambda found: (found.line, found.column, found.code))
