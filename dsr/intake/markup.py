"""Mark-up mail to plain text. Nothing is rendered, nothing is fetched, hidden text is dropped."""

import re

from dsr.intake.hidden import without_hidden
from dsr.intake.sheets import write_in

_BLOCKS = (
    "p,div,li,tr,h1,h2,h3,h4,h5,h6,table,ul,ol,blockquote,pre,section,article,header,"
    "footer,hr,dt,dd,address,form"
)
_CELLS = "td,th"
_DROPPED = "script,style,head,template,noscript,title,svg,object,iframe,noframes,noembed,datalist"
_TAG = re.compile(r"<[^<>]*>")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_BLANKS = re.compile(r"[ \t\f\v\u00a0\u3000]+")
_GAPS = re.compile(r" ?\n[ \n]*\n ?")
_EDGES = re.compile(r" ?\n ?")
_DENSE = 8_000  # so many tags, or attributes of one tag, cost the parser seconds
_ATTRIBUTES = 6_000


def text_of(html: str, limit: int) -> tuple[str, tuple[str, ...]]:
    """Return the visible text of mark-up, and warnings.

    Args:
        html: The mark-up; any text.
        limit: How many characters of it to read.
    """
    warnings: list[str] = []
    if len(html) > limit:
        html = html[:limit]
        warnings.append("the mark-up is long: only its beginning was read")
    if _is_dense(html):
        warnings.append("the mark-up is strange: its tags were only cut out")
        return _tidy(_TAG.sub(" ", html)), tuple(warnings)
    text, hidden = _parsed(html)
    if hidden or _INVISIBLE.search(text):
        warnings.append("hidden text was removed")
    return _tidy(text), tuple(warnings)


def roughly(html: str) -> str:
    """Return about the text of mark-up, without reading it: what stands behind its styles."""
    return _BLANKS.sub(" ", _TAG.sub("", html[html.rfind("</style>") + 1 :]))


def _is_dense(html: str) -> bool:
    pieces = html.split("<")
    if len(pieces) > _DENSE:
        return True
    long = [piece for piece in pieces if len(piece) > _ATTRIBUTES]
    return any(len(piece.split()) + piece.count("/") > _ATTRIBUTES for piece in long)


def _parsed(html: str) -> tuple[str, bool]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    body = tree.body
    if body is None:
        return _TAG.sub(" ", html), False
    painted = any("background" in node.text().lower() for node in tree.css("style"))
    write_in(tree)
    for node in reversed(tree.css(_DROPPED)):  # what lies inside goes first
        node.decompose()
    hidden = without_hidden(tree, painted=painted)
    for node in tree.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    for node in tree.css("br"):
        node.insert_after("\n")
    for node in tree.css(_CELLS):
        node.insert_after(" ")
    return tree.body.text() if tree.body else "", hidden


def _tidy(text: str) -> str:
    """Return text with single blanks, at most one empty line, no invisible characters."""
    text = _INVISIBLE.sub("", text.replace("\r", "\n"))
    text = _BLANKS.sub(" ", text)
    return _EDGES.sub("\n", _GAPS.sub("\n\n", text)).strip()
