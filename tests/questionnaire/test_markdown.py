"""Limited Markdown: what may be marked up, and that nothing an author types can run."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import Markup

from aoj_survey.questionnaire import show_block, show_inline, show_plain

INLINE = {"strong", "em"}
SCHEMES = ("http:", "https:", "mailto:", "tel:")
BLOCK = INLINE | {"p", "br", "ul", "ol", "li", "a"}


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes += attrs


def is_harmless(html: str, allowed: set[str]) -> bool:
    tags = Tags(html)
    targets = [value or "" for name, value in tags.attributes if name == "href"]
    links = all(":" not in target or target.startswith(SCHEMES) for target in targets)
    return (
        tags.found <= allowed and {name for name, _ in tags.attributes} <= {"href", "rel", "start"} and links
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Denk aan **alle** kinderen.", "Denk aan <strong>alle</strong> kinderen."),
        ("Denk aan *uw* kinderen.", "Denk aan <em>uw</em> kinderen."),
        ("Is 3 < 4 & 5 > 4?", "Is 3 &lt; 4 &amp; 5 &gt; 4?"),
        ("<b>vet</b>", "&lt;b&gt;vet&lt;/b&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&amp; blijft", "&amp;amp; blijft"),
        (r"\*geen nadruk\*", "*geen nadruk*"),
        ("# geen kop", "# geen kop"),
        ("[link](https://aoj.example)", "[link](https://aoj.example)"),
        ("een\ntwee", "een twee"),
        ("snake_case_blijft", "snake_case_blijft"),
    ],
)
def test_a_question_may_stress_words_and_nothing_else(text: str, html: str) -> None:
    assert show_inline(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Een.\n\nTwee.", "<p>Een.</p>\n<p>Twee.</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("Een\nTwee", "<p>Een<br>\nTwee</p>\n"),
        ("1 is heel slecht, 10 is uitstekend.", "<p>1 is heel slecht, 10 is uitstekend.</p>\n"),
        (
            "[Lees meer](https://aoj.example/?a=1&b=2)",
            '<p><a href="https://aoj.example/?a=1&amp;b=2" rel="noopener noreferrer">Lees meer</a></p>\n',
        ),
        ("[klik](&lt;javascript:)", '<p><a rel="noopener noreferrer">klik</a></p>\n'),
        ("[klik](javascript:alert(1))", "<p>[klik](javascript:alert(1))</p>\n"),
        ('<img src="x" onerror="alert(1)">', '<p>&lt;img src="x" onerror="alert(1)"&gt;</p>\n'),
    ],
)
def test_a_hint_may_have_paragraphs_lists_and_links(text: str, html: str) -> None:
    assert show_block(text) == html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Denk aan **alle** *kleine* kinderen.", "Denk aan alle kleine kinderen."),
        ("1. eerste jaar", "1. eerste jaar"),
        ("2e jaar\n3. derde jaar", "2e jaar 3. derde jaar"),
        ("- *geen* van deze", "- geen van deze"),
        ("3 \\* 4", "3 * 4"),
        ("[Lees meer](https://aoj.example)", "[Lees meer](https://aoj.example)"),
        ("<b>3 < 4</b> &amp;", "<b>3 < 4</b> &amp;"),
        ("een\n\ntwee", "een twee"),
        ("", ""),
    ],
)
def test_the_plain_text_is_what_one_reads(text: str, plain: str) -> None:
    assert show_plain(text) == plain


@given(
    text=st.text(max_size=40)
    | st.lists(st.sampled_from(["1. ", "- ", "*a*", "**", "\\", "&", "<b>", "\n"])).map("".join)
)
def test_the_plain_text_of_a_question_is_its_html_without_tags(text: str) -> None:
    assert show_plain(text) == unescape(re.sub("</?(em|strong)>", "", show_inline(text)))


def test_the_result_is_safe_to_put_in_a_template() -> None:
    assert isinstance(show_inline("x"), Markup)
    assert isinstance(show_block("x"), Markup)


pieces = st.lists(
    st.sampled_from(
        ["<script>", "</p>", "<img src=x onerror=y>", "[a](", "javascript:", "data:text/html,", ")", "**", "*", "\n", "- ",
         "<!--", "&lt;", "&#x3c;", "\\", "`", "![", "](http://x.example 'y')", "<a href='//x'>", "<svg/onload=z>", '"', ">"]
    )
    | st.text(max_size=4),
    max_size=12,
).map("".join)  # fmt: skip


@given(text=pieces)
def test_no_text_makes_other_tags_than_are_allowed(text: str) -> None:
    assert is_harmless(show_inline(text), INLINE)
    assert is_harmless(show_block(text), BLOCK)


def test_markdown_as_it_comes_would_let_html_through() -> None:
    text = "<script>alert(1)</script>"
    assert not is_harmless(MarkdownIt().render(text), BLOCK)
    assert not is_harmless(MarkdownIt("zero", {"html": True}).enable("html_block").render(text), BLOCK)
