"""The words and signs of a condition."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"""|(?P<text>"(?:[^"\\\n]|\\["'\\])*"|'(?:[^'\\\n]|\\["'\\])*')"""
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[<>!()\[\],-]))"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A `number`, `name`, `text` (with its quotes) or `sign`, or the `end`, with its offset in the condition."""

    kind: str
    text: str
    offset: int


def split_tokens(source: str) -> tuple[list[Token], int | None]:
    """Return the tokens with the end as the last, and the offset of a character without meaning, or None."""
    end = len(source.rstrip())
    tokens: list[Token] = []
    offset = 0
    wrong: int | None = None
    while offset < end and wrong is None:
        match = _TOKEN.match(source, offset)
        if match is None or match.lastgroup is None:
            wrong = end - len(source[offset:end].lstrip())
        else:
            tokens.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            offset = match.end()
    return [*tokens, Token("end", "the end of the condition", end)], wrong
