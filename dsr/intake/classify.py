"""Which rights a text asks for, with the words that say so. Rules are data: `dsr.rules.phrases`."""

import re
from dataclasses import dataclass, replace

from dsr.domain.vocabulary import Kind, RequesterRole, Scope
from dsr.intake import forms
from dsr.intake.identifiers import Identifier, identifiers_in
from dsr.intake.language import language_of
from dsr.intake.match import look_up
from dsr.intake.message import Message
from dsr.intake.named_laws import laws_in
from dsr.intake.page import Page
from dsr.intake.right import HIGH, LOW, MEDIUM, KindFound, Right
from dsr.intake.rights import rights_in
from dsr.intake.weighing import settled
from dsr.rules.folding import fold
from dsr.rules.phrases import Lexicon, Phrases

__all__ = ["HIGH", "LOW", "MEDIUM", "Finding", "KindFound", "classify", "classify_message"]

_RANK = {HIGH: 0, MEDIUM: 1, LOW: 2}
_READ = 20_000
_SUBJECT = 500
_REPLY = re.compile(
    r"\s*((re|aw|antw|fw|fwd|wg|sv|rv|tr|回复|答复|回覆|转发|轉寄|轉發|回應)\s*(\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_LONG = 2_000
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
        reasons: What decided, in short; never a personal value.
        smells: It smells of privacy and asks for no right: a person looks.
        follow_up: It speaks of an earlier request and makes no new one.
    """

    kinds: tuple[KindFound, ...] = ()
    language: str = "und"
    role: RequesterRole = RequesterRole.UNKNOWN
    identifiers: tuple[Identifier, ...] = ()
    reasons: tuple[str, ...] = ()
    smells: bool = False
    follow_up: bool = False

    @property
    def opens(self) -> tuple[KindFound, ...]:
        """Return the rights that are sure enough to open a ticket."""
        return tuple(found for found in self.kinds if found.confidence != LOW)


def classify(subject: str, text: str, quoted: str, phrases: Phrases) -> Finding:
    """Return which rights a text asks for, in whatever language; every language is tried.

    Args:
        subject: The subject, a clause of its own; that of a reply is ours and counts little.
        text: What was written now; its first 20,000 characters are read.
        quoted: What was quoted or forwarded: read only if the text itself asks for nothing.
        phrases: The languages.
    """
    bare = _REPLY.sub("", subject[:_SUBJECT], count=1)
    page = _page(bare, text, phrases)
    language = language_of(text if len(text) > _SUBJECT else f"{bare}\n{text}", phrases)
    context = (language, phrases)
    rights = _rights(page, context, reply=len(bare) < len(subject[:_SUBJECT]))
    if rights:
        return _finding(page, rights, context)
    if quoted.strip() and (
        low := _rights(quoted_page := _page("", quoted, phrases), context, reply=True)
    ):
        weak = [replace(right, confidence=LOW) for right in low]
        found = _finding(quoted_page, weak, context)
        return replace(found, reasons=("only in the quoted text", *found.reasons), identifiers=())
    smell = _smell(page, context)
    if not smell or _is_an_essay(page, context):
        return Finding(language=language)
    return Finding(
        language=language,
        role=_role(page, phrases),
        identifiers=identifiers_in(page.text, phrases),
        reasons=(smell, *laws_in(page, phrases)),
        smells=True,
    )


def classify_message(message: Message, phrases: Phrases, region: str = "CN") -> Finding:
    """Return what a message asks for; the fields of a form go before what its text says.

    Args:
        message: A mail or a row of a form.
        phrases: The languages.
        region: The country of a phone without a country code (ISO 3166).
    """
    found = classify(message.subject, message.text, message.quoted, phrases)
    if message.form is None:
        return found
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


def _page(subject: str, text: str, phrases: Phrases) -> Page:
    whole = f"{subject}\n\n{text[:_READ]}" if subject else text[:_READ]
    return Page(whole, fold(whole, phrases.script), len(subject))


def _rights(page: Page, context: tuple[str, Phrases], *, reply: bool) -> list[Right]:
    """Return the rights that any language finds, weighed against each other."""
    rights: list[Right] = []
    for lexicon in context[1].lexicons.values():
        if not page.may_be(lexicon):
            continue
        rights += rights_in(page, lexicon, for_another=_speaks_for_another(page, lexicon))
    if reply:
        rights = [
            replace(right, confidence=LOW) if right.clause.start < page.body else right
            for right in rights
        ]
    rights = settled(rights, page.body)
    if rights and _is_an_essay(page, context):
        rights = [replace(right, confidence=LOW) for right in rights]
    return rights


def _speaks_for_another(page: Page, lexicon: Lexicon) -> bool:
    """Say whether somebody writes for somebody else; most texts have none of the words for it."""
    present = page.present(lexicon)
    roles = sum(lexicon.bits[f"role_{role}"] for role in _ROLES if role in lexicon.file.roles)
    return bool(present & lexicon.bits["their"] and present & roles)


def _speaks_of(page: Page, phrases: Phrases, group: str) -> bool:
    """Say whether a group stands anywhere in a text; most are not even looked for."""
    return any(
        page.present(lexicon) & lexicon.bits.get(group, 0) and page.whole(lexicon).has(group)
        for lexicon in phrases.lexicons.values()
    )


def _role(page: Page, phrases: Phrases) -> RequesterRole:
    """Return who writes: the subject himself unless words show another."""
    found = (role for role in _ROLES if _speaks_of(page, phrases, f"role_{role}"))
    return next(found, RequesterRole.SUBJECT)


def _is_an_essay(page: Page, context: tuple[str, Phrases]) -> bool:
    """Say whether a long text hardly speaks in the first person: it writes about rights."""
    if len(page.text) <= _LONG:
        return False
    tokens = page.tokens
    language, phrases = context
    code = language.partition("-")[0]
    lexicons = [phrases.lexicons[code]] if code in phrases.lexicons else phrases.lexicons.values()
    own = frozenset[str]().union(*(one.own for one in lexicons))
    addressed = frozenset[str]().union(*(one.addressed for one in lexicons))
    mine = sum(token in own for token in tokens)
    yours = sum(token in addressed for token in tokens)
    return mine < _PERSONAL_SHARE * len(tokens) or yours > _ADDRESSED * mine


def _smell(page: Page, context: tuple[str, Phrases]) -> str:
    """Return what smells of privacy where no right is asked for, or an empty string."""
    language, phrases = context
    for lexicon in phrases.lexicons.values():
        if page.present(lexicon) & (lexicon.bits["smell"] | lexicon.bits.get("personal_data", 0)):
            for clause in page.clauses():
                found = look_up(page.folded, clause, lexicon)
                policy = found.has("frame") or found.has("soft_frame")
                private = found.has("smell") or found.has("personal_data")
                if private and not policy and (found.has("self") or found.has("ask")):
                    return f"smells of privacy ({lexicon.file.language})"
    words = frozenset(page.tokens)
    for word in phrases.smells.get(language, ()):
        if word in words or (not word.isascii() and len(word) > 1 and word in page.folded):
            return f"smells of privacy ({language})"
    return ""


def _finding(page: Page, rights: list[Right], context: tuple[str, Phrases]) -> Finding:
    language, phrases = context
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
    reminds = _speaks_of(page, phrases, "follow_up")
    reasons = [f"{one.kind}: {one.pattern} ({one.confidence})" for one in kinds]
    reasons += ["reminder: speaks of an earlier request"] if reminds else []
    reasons += laws_in(page, phrases)
    reasons += ["threatens with law or authority"] if _speaks_of(page, phrases, "legal") else []
    return Finding(
        kinds=kinds,
        language=language,
        role=_role(page, phrases),
        identifiers=identifiers_in(page.text, phrases),
        reasons=tuple(reasons),
        follow_up=reminds and all(right.again for right in rights),
    )
