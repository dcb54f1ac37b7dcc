"""Which rights a text asks for, with the words that say so. Rules are data: `dsr.rules.phrases`."""

from dataclasses import dataclass, replace

from dsr.domain.vocabulary import Kind, RequesterRole, Scope
from dsr.intake import forms
from dsr.intake.identifiers import Identifier, identifiers_on
from dsr.intake.language import language_of
from dsr.intake.message import Message
from dsr.intake.named_laws import laws_in
from dsr.intake.occasions import OTHERS_WORDS, weakened
from dsr.intake.page import Page
from dsr.intake.questions import softened
from dsr.intake.right import HIGH, LOW, MEDIUM, KindFound, Right
from dsr.intake.rights import rights_in
from dsr.intake.short import SHORT, beside_pointing, hint_in, is_taught, rights_of_short
from dsr.intake.stated import Stated, stated_in
from dsr.intake.unclear import unclear_in
from dsr.intake.weighing import settled
from dsr.rules.folding import fold
from dsr.rules.lexicon import tokens_in
from dsr.rules.phrases import Lexicon, Phrases
from dsr.rules.quoting import bare_subject

__all__ = ["HIGH", "LOW", "MEDIUM", "Finding", "KindFound", "classify", "classify_message"]

THREATENS = "threatens with law or authority"
QUOTED = "only in the quoted text"
_RANK = {HIGH: 0, MEDIUM: 1, LOW: 2}
_READ = 20_000
_SUBJECT = 500
_LONG = 2_000
_YOUR_HONOURED = "贵"  # "贵公司": no essay calls its reader so
_LONG_HAN = 300  # a Chinese character says what five letters say
_PRIVATE = ("smell", "personal_data")
_PERSONAL = ("self", "ask")
_PERSONAL_SHARE = 0.006
_ADDRESSED = 3
_ROLES = (
    RequesterRole.NEAR_RELATIVE,
    RequesterRole.GUARDIAN,
    RequesterRole.AGENT,
    RequesterRole.CLIENT,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text asks for.

    Attributes:
        kinds: The rights, the surest first; a withdrawal may stand once for each scope.
        language: BCP 47; ``und`` where nothing tells.
        role: Who seems to write, in relation to the data subject.
        identifiers: What the text names a person by, normalised.
        stated: Deadlines, extents, corrections and how to answer, as the letter states them:
            personal values, for an officer only.
        reasons: What decided, in short; never a personal value.
        smells: It smells of privacy, or of a wish, and asks for no right: a person looks.
        follow_up: It speaks of an earlier request and makes no new one.
        unread: Why nobody knows what it asks; a person looks.
    """

    kinds: tuple[KindFound, ...] = ()
    language: str = "und"
    role: RequesterRole = RequesterRole.UNKNOWN
    identifiers: tuple[Identifier, ...] = ()
    stated: tuple[Stated, ...] = ()
    reasons: tuple[str, ...] = ()
    smells: bool = False
    follow_up: bool = False
    unread: str = ""

    @property
    def opens(self) -> tuple[KindFound, ...]:
        """Return the rights that are sure enough to open a ticket."""
        return tuple(found for found in self.kinds if found.confidence != LOW)


def classify(
    subject: str, text: str, quoted: str, phrases: Phrases, *, region: str = "CN"
) -> Finding:
    """Return which rights a text asks for, in whatever language; every language is tried.

    Args:
        subject: The subject, a clause of its own; that of a reply is ours and counts little.
        text: What was written now; its first 20,000 characters are read.
        quoted: What was quoted or forwarded: read only if the text itself asks for nothing.
        phrases: The languages.
        region: The country of a phone without a country code, where the language tells none.
    """
    bare = bare_subject(subject[:_SUBJECT])
    page = _page(bare, text, phrases)
    page.region = region
    page.language = language_of(text if len(text) > _SUBJECT else f"{bare}\n{text}", phrases)
    reply = len(bare) < len(subject[:_SUBJECT])
    if rights := _rights(page, reply=reply) or _short(page, reply=reply):
        return _finding(page, rights)
    if quoted.strip():
        quote = _page("", quoted, phrases)
        quote.language = page.language
        if low := _rights(quote, reply=True):
            found = _finding(quote, [replace(right, confidence=LOW) for right in low])
            reasons = (QUOTED, *found.reasons)
            return replace(found, reasons=reasons, identifiers=(), stated=())
    smell = _smell(page) or unclear_in(page)
    if not smell or _is_an_essay(page):
        return Finding(language=page.language)
    role, reason = _role(page, page.spoken(one.file.language for one in page.smellers))
    return Finding(
        language=page.language,
        role=role,
        identifiers=identifiers_on(page),
        stated=stated_in(page, (), tuple(one.file.language for one in page.smellers)),
        reasons=(smell, *laws_in(page), *reason),
        smells=True,
    )


def classify_message(message: Message, phrases: Phrases, region: str = "CN") -> Finding:
    """Return what a message asks for; the fields of a form go before what its text says.

    Args:
        message: A mail or a row of a form.
        phrases: The languages.
        region: The country of a phone without a country code (ISO 3166).
    """
    found = classify(message.subject, message.text, message.quoted, phrases, region=region)
    if message.form is None:
        return _with_what_came(message, found, phrases)
    form = message.form
    named, unread = forms.identifiers(form, region)
    if kind := form.get("kind", "").lower():
        scope = Scope(form["scope"].lower()) if form.get("scope") else None
        stated = KindFound(Kind(kind), scope, HIGH, "", "form", found.language)
        same = tuple(one for one in found.kinds if one.kind is stated.kind and not scope)
        kinds = same or (stated,)
        found = replace(found, kinds=kinds, smells=False, reasons=(f"{kind}: the form says so",))
    role = form.get("requester_role", "").lower()
    return replace(
        found,
        language=form.get("language") or found.language,
        role=RequesterRole(role) if role else found.role,
        identifiers=tuple(dict.fromkeys((*named, *found.identifiers))),
        reasons=(*found.reasons, *(f"{key} cannot be read" for key in unread)),
    )


def _with_what_came(message: Message, found: Finding, phrases: Phrases) -> Finding:
    """Return that a person looks where all that a mail says stands in what came with it."""
    if found.kinds or found.smells or not message.attachments:
        return found
    if all(one.media_type.startswith("text/") for one in message.attachments):
        return found
    rest = beside_pointing(message.subject, message.text)
    if rest is None:
        return found
    page = _page("", rest, phrases)
    page.language = found.language
    if _speaks_of(page, page.spoken(["en"]), "business"):
        return found
    return replace(found, smells=True, reasons=("its text only points at what came with it",))


def _page(subject: str, text: str, phrases: Phrases) -> Page:
    whole = f"{subject}\n\n{text[:_READ]}" if subject else text[:_READ]
    return Page(whole, fold(whole, phrases.script), len(subject), phrases)


def _rights(page: Page, *, reply: bool) -> list[Right]:
    """Return the rights that any language finds, weighed against each other."""
    rights: list[Right] = []
    for asking in page.askers:
        rights += rights_in(page, asking)
    if reply:
        rights = [
            replace(right, confidence=LOW) if right.clause.start < page.body else right
            for right in rights
        ]
    rights = weakened(page, softened(page, settled(rights, page.body)))
    if rights and _is_an_essay(page):
        rights = [replace(right, confidence=LOW) for right in rights]
    return rights


def _short(page: Page, *, reply: bool) -> list[Right]:
    """Return what a text asks for that has no sentence for it; the subject of a reply is ours."""
    rights = rights_of_short(page)
    return [right for right in rights if not reply or right.clause.start >= page.body]


def _speaks_of(page: Page, spoken: tuple[Lexicon, ...], group: str) -> str:
    """Return the term of a group that stands in a text, as our lists have it; empty if none."""
    for lexicon in spoken:
        for found in page.saying(group, lexicon):
            start, end = found.of(group)[0]
            return page.folded[found.spans[start][0] : found.spans[end - 1][1]]
    return ""


def _role(page: Page, spoken: tuple[Lexicon, ...]) -> tuple[RequesterRole, tuple[str, ...]]:
    """Return who writes, with the words that say so: the subject himself unless words show."""
    for role in _ROLES:
        if term := _speaks_of(page, spoken, f"role_{role}"):
            return role, (f'role: {role} ("{" ".join(term.split())}")',)
    return RequesterRole.SUBJECT, ()


def _is_an_essay(page: Page) -> bool:
    """Say whether a long text hardly speaks in the first person: it writes about rights."""
    chinese = page.language.startswith("zh")
    if (len(page.tokens) <= _LONG_HAN) if chinese else (len(page.text) <= _LONG):
        return False
    lexicons = page.spoken(()) or [asking.lexicon for asking in page.askers]
    own = frozenset[str]().union(*(one.own for one in lexicons))
    addressed = frozenset[str]().union(*(one.addressed for one in lexicons))
    text, quotations = OTHERS_WORDS.subn(" ", page.folded)
    tokens = tokens_in(text) if quotations else page.tokens
    mine = sum(map(own.__contains__, tokens)) + sum(_in_words(text, one) for one in lexicons)
    yours = sum(map(addressed.__contains__, tokens))
    return mine < _PERSONAL_SHARE * len(tokens) or yours > _ADDRESSED * mine


def _in_words(text: str, lexicon: Lexicon) -> int:
    """Count the words of several characters for one person who writes; "we" is taken off."""
    if lexicon.file.script != "han":
        return 0
    said = {
        group: ["".join(term) for term in terms if len(term) > 1]
        for group, terms in lexicon.persons.items()
    }
    mine = [word for word in said["self"] if word not in said["plural"]]
    formal = [word for word in said["you"] if word.startswith(_YOUR_HONOURED)]
    some = sum(text.count(word) for word in (*mine, *formal))
    return some - sum(text.count(word) for word in said["plural"])


def _smell(page: Page) -> str:
    """Return what smells of privacy where no right is asked for, or an empty string."""
    titled = page.body if len(page.text) <= SHORT and not is_taught(page) else 0
    for lexicon in page.smellers:
        for group in _PRIVATE:
            for clause in page.holding([group], lexicon, () if titled else _PERSONAL):
                found = page.found(clause, lexicon)
                policy = found.has("frame") or found.has("soft_frame")
                personal = found.has("self") and not found.has("company")
                named = personal or found.has("ask") or clause.start < titled
                if found.has(group) and not policy and named:
                    return f"smells of privacy ({lexicon.file.language})"
    for word in page.phrases.smells.get(page.language, ()):
        if word in page.words or (not word.isascii() and len(word) > 1 and word in page.folded):
            return f"smells of privacy ({page.language})"
    return hint_in(page)


def _wishes_correction(right: Right) -> bool:
    """Say whether somebody wants something corrected: who only "moved" may have."""
    return right.kind is Kind.CORRECTION and right.confidence != LOW


def _finding(page: Page, rights: list[Right]) -> Finding:
    best: dict[tuple[Kind, Scope | None], Right] = {}
    for right in sorted(rights, key=lambda one: _RANK[one.confidence]):
        best.setdefault((right.kind, right.scope), right)
    kinds = tuple(
        KindFound(
            kind=right.kind,
            scope=right.scope,
            confidence=right.confidence,
            span=page.text[slice(*right.span)],
            pattern=right.pattern,
            language=right.pattern.partition(".")[0],
        )
        for right in best.values()
    )
    spoken = page.spoken(one.language for one in kinds)
    reminds = bool(_speaks_of(page, spoken, "follow_up"))
    role, reason = _role(page, spoken)
    reasons = [f"{one.kind}: {one.pattern} ({one.confidence})" for one in kinds]
    reasons += ["reminder: speaks of an earlier request"] if reminds else []
    reasons += laws_in(page)
    reasons += [THREATENS] if _speaks_of(page, spoken, "legal") else []
    return Finding(
        kinds=kinds,
        language=page.language,
        role=role,
        identifiers=identifiers_on(page),
        stated=stated_in(
            page,
            tuple(right.span[0] for right in rights if _wishes_correction(right)),
            tuple(lexicon.file.language for lexicon in spoken),
        ),
        reasons=(*reasons, *reason),
        follow_up=reminds and all(right.again for right in rights),
    )
