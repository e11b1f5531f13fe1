"""Limited Markdown: what an author may mark up, made into HTML that runs nothing.

HTML in a text is shown as it was typed. Sanitising afterwards is a second lock on the same door, and the
only reason why the result may be called safe.
"""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_INLINE_RULES = ["emphasis", "escape"]
_BLOCK_RULES = [*_INLINE_RULES, "link", "list", "newline"]
_INLINE_TAGS = {"strong", "em"}
_BLOCK_TAGS = {*_INLINE_TAGS, "p", "br", "ul", "ol", "li", "a"}
# The star takes away what nh3 allows everywhere.
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
_SCHEMES = {"https", "http", "mailto", "tel"}
_INLINE = MarkdownIt("zero", {"html": False}).enable(_INLINE_RULES)
_BLOCK = MarkdownIt("zero", {"html": False, "breaks": True}).enable(_BLOCK_RULES)
_LINE_ENDS = re.compile(r"\s*\n\s*")


def _keep_whole_links(_tag: str, name: str, value: str) -> str | None:
    """What nh3 takes for an address on our own site leads nowhere from a question; only whole addresses stay."""
    return value if name != "href" or value.partition(":")[0].lower() in _SCHEMES else None


@lru_cache(maxsize=4096)
def show_inline(text: str) -> Markup:
    """Return a text of one paragraph as HTML: *stressed* and **strong**, nothing else.

    For questions, answers and whatever stands inside a label or a heading.
    """
    html = _INLINE.renderInline(_LINE_ENDS.sub(" ", text))
    clean = nh3.clean(html, tags=_INLINE_TAGS, attributes={"*": set()})
    return Markup(clean)  # noqa: S704


@lru_cache(maxsize=4096)
def show_block(text: str) -> Markup:
    """Return a longer text as HTML: paragraphs, lists, links, and what `show_inline` allows.

    For hints, explanations and purposes. Links tell nothing to where they lead.
    """
    html = nh3.clean(
        _BLOCK.render(text),
        tags=_BLOCK_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_whole_links,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return Markup(html)  # noqa: S704


@lru_cache(maxsize=4096)
def show_plain(text: str) -> str:
    """Return what one reads of `show_inline`, without marks, for mails, tables and labels of a dataset."""
    (inline,) = _INLINE.parseInline(_LINE_ENDS.sub(" ", text))
    return "".join(token.content for token in inline.children or [])
