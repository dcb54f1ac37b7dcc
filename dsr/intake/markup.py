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
_DENSE = 8_000  # so many tags cost the parser seconds
_ATTRIBUTES = 1_000  # of one tag: the parser compares each with all before it
_BODIES = 100  # the parser gives the attributes of all of them to one element
_OF_A_BODY = 50  # attributes
_REOPENED = 100_000  # tags, times kinds of letters: these are opened anew in every paragraph
_SPACE = r" \t\n\f\r"
_NAME = rf"[^{_SPACE}/>]*+"
_ATTRIBUTE = (  # as HTML cuts it: a quote counts behind an equals sign only
    rf"(?>[{_SPACE}/]*+[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"?|'[^']*+'?|[^{_SPACE}>\"'][^{_SPACE}>]*+)?+)?+)"
)
_LOOKED_AT = 4  # times the mark-up: tags that seem to begin within others
_TAG_BEGINS = re.compile("<(?=/?[A-Za-z])")
_OPENING = re.compile(
    rf"</?[A-Za-z]{_NAME}{_ATTRIBUTE}{{0,{_ATTRIBUTES}}}+({_ATTRIBUTE})?+[{_SPACE}/]*+"
)
_BODY = re.compile(rf"<(?:html|body)(?=[{_SPACE}/])", re.IGNORECASE)
_MANY_OF_A_BODY = re.compile(rf"{_BODY.pattern}{_ATTRIBUTE}{{{_OF_A_BODY}}}", re.IGNORECASE)
_LETTERS = re.compile(
    rf"(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[{_SPACE}/>])"
    rf"{_ATTRIBUTE}*+[{_SPACE}/]*+(>)?",
    re.IGNORECASE,
)


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
    text, hidden, doubt = _parsed(html)
    if hidden or _INVISIBLE.search(text):
        warnings.append("hidden text was removed")
    if doubt:
        warnings.append("some of its text may be hidden: its styles are read only in part")
    return _tidy(text), tuple(warnings)


def roughly(html: str) -> str:
    """Return about the text of mark-up, without reading it: what stands behind its styles."""
    return " ".join(_TAG.sub("", html[html.rfind("</style>") + 1 :]).split())


def _is_dense(html: str) -> bool:
    """Say whether the parser, which nothing interrupts, would take long; told by what it does."""
    pieces = html.split("<")
    if len(pieces) > _DENSE or len(_BODY.findall(html)) > _BODIES:
        return True
    if _MANY_OF_A_BODY.search(html) or _has_large_tag(html):
        return True
    letters = [found for found in map(_LETTERS.match, pieces) if found]
    whole = {found[0] for found in letters if found[1]}
    cut = sum(not found[1] for found in letters)  # what it is stands further on
    return (len(whole) + cut) * len(pieces) > _REOPENED


def _has_large_tag(html: str) -> bool:
    """Say whether a tag has too many attributes, wherever the parser may see one begin."""
    left = _LOOKED_AT * len(html)
    for begins in _TAG_BEGINS.finditer(html):
        found = _OPENING.match(html, begins.start())
        if found is None:
            continue
        left -= found.end() - found.start()
        if found[1] or left < 0:
            return True
    return False


def _parsed(html: str) -> tuple[str, bool, bool]:
    """Return the text, whether some was hidden, and whether more may be."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    body = tree.body
    if body is None:
        return _TAG.sub(" ", html), False, False
    painted = any("background" in node.text(deep=False).lower() for node in tree.css("style"))
    doubt = write_in(tree)
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
    return tree.body.text() if tree.body else "", hidden, doubt


def _tidy(text: str) -> str:
    """Return text with single blanks, at most one empty line, no invisible characters."""
    text = _INVISIBLE.sub("", text.replace("\r", "\n"))
    text = _BLANKS.sub(" ", text)
    return _EDGES.sub("\n", _GAPS.sub("\n\n", text)).strip()
