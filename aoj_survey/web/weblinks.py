"""Web addresses in a plain text, made into links."""

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def link_addresses(text: str) -> Markup:
    """Return the text escaped, with its web addresses as links."""
    parts: list[Markup] = []
    end = 0
    for match in ADDRESS.finditer(text):
        parts += [escape(text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])
