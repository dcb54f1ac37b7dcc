"""When a letter repeats a request that is in work: only what says the very same is swallowed."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from dsr.domain.people import as_kept
from dsr.domain.vocabulary import FOR_ANOTHER, IdentifierType, MessageOutcome
from dsr.intake import automatic
from dsr.intake.classify import Finding
from dsr.intake.judged import Judgement, OpenCase
from dsr.intake.message import Message
from dsr.rules.folding import fold
from dsr.rules.phrases import TOKEN
from dsr.rules.quoting import bare_subject

_ALIKE = 0.8  # of the words of two beginnings: perhaps the same request again
_OF_ITS_ARRIVAL = "received_at"  # no matter of what a form says


def again(message: Message, finding: Finding, cases: Sequence[OpenCase]) -> Judgement | None:
    """Return the case in work that a sender reminds of, or asks for once more, if there is one.

    His address alone says so, which anybody can write: it opens nothing and ends no pause. One
    that many people write from says nothing: then whoever asks for news is looked for by a person.

    Args:
        message: What arrived.
        finding: What it asks for.
        cases: The cases in work that this sender opened.
    """
    if message.writer is None:
        return _of_nobody(message, finding)
    if not cases or finding.role in FOR_ANOTHER:
        return None  # for whom one asks this time is not known from the sender
    if finding.opens and not finding.follow_up:
        return _repeats(message, finding, cases)
    kinds = frozenset(each.kind for each in finding.opens)
    fitting = [case for case in cases if kinds <= case.kinds]
    reminds = finding.follow_up or (not kinds and automatic.asks_for_news(message.text))
    if reminds and len(fitting) == 1:
        why = (f"reminds of ticket {fitting[0].ticket}, by its sender alone", *finding.reasons)
        return Judgement(MessageOutcome.JOINED, fitting[0].ticket, why, urgent=True)
    return None


def _of_nobody(message: Message, finding: Finding) -> Judgement | None:
    """Return that somebody asks for news whom his address does not tell; None for all else."""
    if finding.opens or not automatic.asks_for_news(message.text):
        return None
    why = ("reminds of a request, and its address names nobody", *finding.reasons)
    return Judgement(MessageOutcome.TRIAGE, None, why, urgent=True)


def _repeats(message: Message, finding: Finding, cases: Sequence[OpenCase]) -> Judgement | None:
    """Return what a request repeats: word for word, or perhaps; none where it names somebody new.

    Several people write from one address, and their letters begin alike.
    """
    kinds = frozenset(each.kind for each in finding.opens)
    named = same_form(finding.identifiers)
    fitting = [case for case in cases if kinds == case.kinds and named <= case.identifiers]
    key = text_key(message) if fitting else ""
    for case in fitting:
        if key and key == case.text_key:
            why = (f"the same request as ticket {case.ticket}, again", *finding.reasons)
            return Judgement(MessageOutcome.DUPLICATE, case.ticket, why, urgent=True)
    for case in fitting:
        if alike(message.text, case.text) >= _ALIKE:
            why = (f"perhaps the same request as ticket {case.ticket}", *finding.reasons)
            return Judgement(MessageOutcome.TRIAGE, case.ticket, why)
    return None


def text_key(message: Message) -> str:
    """Return what two letters share that say the very same; empty where there is no text.

    It covers the sender's name, the subject behind its "Re:", the text with what it quotes, what
    is attached, and the fields of a form: any of them may name somebody else.
    """
    if not message.text.strip():
        return ""
    form = message.form or {}
    said = (
        message.sender_name,
        bare_subject(message.subject),
        message.text,
        message.quoted,
        *sorted(each.sha256 for each in message.attachments),
        *(f"{key}={form[key]}" for key in sorted(form) if key != _OF_ITS_ARRIVAL),
    )
    words = "\0".join(" ".join(each.split()) for each in said)
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def same_form(
    named: Iterable[tuple[IdentifierType, str]],
) -> frozenset[tuple[IdentifierType, str]]:
    """Return identifiers in the one form in which those of a case are kept."""
    return frozenset((kind, as_kept(kind, value)) for kind, value in named)


def alike(text: str, before: str) -> float:
    """Return which share of their words two texts have in common, from 0 to 1.

    Args:
        text: A text.
        before: Another, or its beginning: only as much of the first is read.
    """
    one = {*TOKEN.findall(fold(text[: max(len(before), 1)]))}
    two = {*TOKEN.findall(fold(before))}
    return len(one & two) / len(one | two) if one or two else 0.0
