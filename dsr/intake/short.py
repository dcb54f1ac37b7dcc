"""What a letter asks for that is no sentence: a heading with its law, one word, a hint of a law.

Such texts are compared without the lists of any one language: data are in `dsr.rules.short`.
"""

import re
from collections.abc import Iterator

from dsr.domain.vocabulary import Kind, Scope
from dsr.intake.clauses import HEADING, Clause
from dsr.intake.page import Page
from dsr.intake.right import MEDIUM, Right
from dsr.rules.folding import fold
from dsr.rules.lexicon import TOKEN, UNSPACED
from dsr.rules.naming import article_number
from dsr.rules.short import Meant, ShortWords, short_words

SHORT = 600  # characters of subject and text
_POINTING = 300  # characters of a text that only points at what came with it
_LONGEST_WORD = 60  # characters of a text of one word
_PIECES = re.compile(r"[^\n]+?(?:[.!?;](?=\s|$)|\n|$)")
_ORDINALS = re.compile(r"(?<=\w)[.](?=\s?\d)")  # "Art. 15": no sentence ends there
_EASTERN_ARTICLE = re.compile(r"第\s?[〇零一二三四五六七八九十百\d]{1,6}\s?条|제?\s?\d{1,3}\s?조")
_AROUND = " \t.,;:!?*-–—_\"'“”„«»()[]。！？，、：「」<>#"
_BESIDE = 4  # words beside the noun, the law and the article of a heading
_SIGNS = 12  # characters in a row of Chinese or the like, the same


def rights_of_short(page: Page) -> list[Right]:
    """Return what a short text asks for by a heading alone, or by one word.

    Args:
        page: The text, of which no sentence asks for anything.
    """
    if len(page.text) > SHORT:
        return []
    words = short_words()
    folded = fold(page.text)
    if word := _one_word(page, folded, words):
        return [word]
    found = list(_headings(page, folded, words))
    if found and (words.teaching.search(folded) or _is_policy_talk(page)):
        return []
    return found


def _one_word(page: Page, folded: str, words: ShortWords) -> Right | None:
    """Return that advertising is to end, where a mail's text is one word that says so."""
    text = folded[page.body :].strip() or folded
    if len(text) > _LONGEST_WORD:
        return None
    if " ".join(text.strip(_AROUND + "\n").split()) not in words.stop:
        return None
    start = folded.rindex(text.strip(_AROUND + "\n"))
    span = start, start + len(text.strip(_AROUND + "\n"))
    clause = Clause(*span, alone=True)
    return Right(Kind.WITHDRAWAL, Scope.MARKETING, MEDIUM, span, _name(page, "stop"), clause)


def _name(page: Page, what: str) -> str:
    language = page.language.partition("-")[0]
    return f"{'en' if language == 'und' else language}.short {what}"


def _headings(page: Page, folded: str, words: ShortWords) -> Iterator[Right]:
    lawful = _may_hint(page, words)
    for match in _PIECES.finditer(_ORDINALS.sub(" ", folded)):
        start, end = match.span()
        line = folded[start:end]
        if not 0 < len(line.strip()) <= HEADING or "?" in line or "？" in line:
            continue
        whole = " ".join(line.strip(_AROUND).split())
        clause = Clause(start, end, alone=True)
        if whole in words.headings:
            yield from _meant(words.headings, (whole, start, end), page, clause)
        elif lawful and (law := words.laws.search(line)):
            yield from _beside_law(page, words, clause, (line, law))


def _beside_law(
    page: Page, words: ShortWords, clause: Clause, told: tuple[str, re.Match[str]]
) -> Iterator[Right]:
    """Yield the right whose noun stands in a heading with a law, and hardly anything else."""
    line, law = told
    rest = article_number().sub(" ", line.replace(law[0], " ", 1))
    rest = words.requests.sub(" ", _EASTERN_ARTICLE.sub(" ", rest))
    for noun in sorted(words.nouns, key=lambda word: (-len(word), word)):
        at = _find(noun, line)
        if at < 0:
            continue
        beside = TOKEN.findall(rest.replace(noun, " ", 1))
        if len(beside) > (_SIGNS if noun >= UNSPACED else _BESIDE):
            return
        start = clause.start + min(at, law.start())
        end = clause.start + max(at + len(noun), law.end())
        yield from _meant(words.nouns, (noun, start, end), page, clause)
        return


def _find(word: str, line: str) -> int:
    if word >= UNSPACED:
        return line.find(word)
    if word not in line:
        return -1
    found = re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", line)
    return found.start() if found else -1


def _meant(known: Meant, told: tuple[str, int, int], page: Page, clause: Clause) -> Iterator[Right]:
    word, start, end = told
    here = page.language.partition("-")[0]
    meanings = sorted(known[word], key=lambda one: one[0] != here)
    language, kind, scope = meanings[0]
    name = f"{language}.short {kind}"
    yield Right(kind, scope, MEDIUM, (start, end), name, clause, heading=True)


def hint_in(page: Page) -> str:
    """Return what a text says of a law or of rights without asking for anything; empty if nothing.

    Args:
        page: The text.
    """
    words = short_words()
    if not _may_hint(page, words):
        return ""
    head, text = fold(page.text[: page.body]), fold(page.text)
    read = text if len(text) <= SHORT else head
    hint = _hint(read, words)
    if not hint or words.teaching.search(read):
        return ""
    return "" if len(text) <= SHORT and _is_policy_talk(page) else hint


def _may_hint(page: Page, words: ShortWords) -> bool:
    """Say whether a word stands there without which nothing needs to be looked for."""
    if page.hinted:
        return True
    return not page.text.isascii() and any(map(page.text.__contains__, words.signs))


def _hint(read: str, words: ShortWords) -> str:
    if words.laws.search(read):
        return "names a law of data protection"
    if words.exercises.search(read):
        return "speaks of exercising rights"
    if words.rights.search(read) and _names_an_article(read):
        return "names articles beside rights"
    return ""


def _is_policy_talk(page: Page) -> bool:
    """Say whether a text explains rights to its readers."""
    begin = page.body if page.text[page.body :].strip() else 0
    return any(
        clause.start >= begin and page.found(clause, lexicon).has(group)
        for lexicon in page.smellers or page.spoken(())
        for group in ("frame", "soft_frame")
        for clause in page.holding([group], lexicon)
    )


def is_taught(page: Page) -> bool:
    """Say whether a subject speaks of courses, guides and the like.

    Args:
        page: The text.
    """
    return short_words().teaching.search(fold(page.text[: page.body])) is not None


def _names_an_article(text: str) -> bool:
    return bool(article_number().search(text) or _EASTERN_ARTICLE.search(text))


def beside_pointing(subject: str, text: str) -> str | None:
    """Return what a text says beside that something came with it; None if it points at nothing.

    Args:
        subject: The subject.
        text: What was written now.
    """
    if len(text) > _POINTING:
        return None
    rest, pointed = short_words().points.subn(" ", fold(f"{subject}\n{text}"))
    return rest if pointed else None
