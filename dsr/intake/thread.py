"""Where something that arrived goes: a new ticket, an old one, a person who looks, or nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import MessageOutcome
from dsr.intake import automatic
from dsr.intake.again import again
from dsr.intake.authentication import Authenticated
from dsr.intake.classify import QUOTED, THREATENS, Finding
from dsr.intake.judged import Judgement, Known, OpenCase, Wanted
from dsr.intake.marks import marks_of, names_a_ticket, token, tokens_for
from dsr.intake.message import Message
from dsr.intake.statuses import Said, said_in
from dsr.rules.mail import words

__all__ = ["Judgement", "Known", "OpenCase", "Wanted", "judge", "token", "tokens_for", "wanted"]

UNVERIFIED = "unverified contribution"
UNCLASSIFIED = "unclassified: look at it"
SPOOFED = "our server found that the sender's domain did not send it"
_SENDER = "sender: "
FALSE_SENDER = f"{_SENDER}{Authenticated.FAILED}"
UNDELIVERED = "undelivered: our letter came back"
ANSWERS = "answers our letter"
OF_THAT_CASE = "answers a mail of that case"

_UNKNOWN = "no ticket is known by that number"
_SEVERAL = "several tickets are known by that number"
_HAS_ENDED = "its ticket is answered or closed"
_ACTS = frozenset({MessageOutcome.OPENED, MessageOutcome.JOINED})


def wanted(messages: Iterable[Message]) -> Wanted:
    """Return what has to be looked up before a batch of messages is judged."""
    batch = list(messages)
    marks = (mark for message in batch for mark in marks_of(message))
    return Wanted(
        content_keys=frozenset(message.content_key for message in batch),
        hashes=frozenset(message.identity for message in batch),
        ids=frozenset(one for message in batch for one in _named_letters(message)),
        numbers=frozenset(int(mark.split("-")[1]) for mark in marks),
        senders=frozenset(message.sender.lower() for message in batch if message.sender),
        requests=frozenset(
            request for one in batch if (said := said_in(one.form)) for request in said.requests
        ),
    )


def judge(message: Message, finding: Finding, known: Known) -> Judgement:
    """Return where a message goes; the first rule that fits decides.

    Args:
        message: What arrived.
        finding: What it asks for.
        known: What was known before it.
    """
    if message.identity in known.hashes or message.content_key in known.content_keys:
        return Judgement(MessageOutcome.DUPLICATE, None, ("the same mail arrived before",))
    if message.problem:
        set_aside = Judgement(MessageOutcome.QUARANTINED, None, (message.problem,))
        return _by_sender(message, set_aside)
    if (said := said_in(message.form)) is not None:
        return _by_status(said, known)
    sort = automatic.sort_of(message.automatic)
    if message.form is not None:
        sort = MailSort.FORM
    if finding.unread:
        why = (UNCLASSIFIED, finding.unread)
        ticket = _named_ticket(message, known)[0]
        return _by_sender(message, Judgement(MessageOutcome.TRIAGE, ticket, why, sort))
    found = _by_sort(message, sort, finding, known) or _flooded(
        message, _by_text(message, finding, known), known
    )
    if found.sort is MailSort.PLAIN is not sort:
        found = replace(found, sort=sort)
    found = _by_sender(message, found)
    pressing = finding.follow_up or THREATENS in finding.reasons
    if pressing and found.outcome is not MessageOutcome.IGNORED:
        found = replace(found, urgent=True)
    return found


def _by_status(said: Said, known: Known) -> Judgement:
    """Return where a status goes that another program tells: it moves no ticket by itself."""
    tickets = {ticket for one in said.requests for ticket in known.requests.get(one, ())}
    ticket = next(iter(tickets)) if len(tickets) == 1 else None
    if ticket is None or ticket in known.ended:
        doubt = _HAS_ENDED if ticket else _SEVERAL if tickets else _UNKNOWN
        return Judgement(MessageOutcome.TRIAGE, ticket, (said.reason, doubt), MailSort.FORM)
    return Judgement(MessageOutcome.JOINED, ticket, (said.reason,), MailSort.FORM, said.ends)


def _by_text(message: Message, finding: Finding, known: Known) -> Judgement:
    """Return where a mail goes by what it answers and asks."""
    return (
        _join(message, finding, known)
        or _look(message, finding)
        or again(message, finding, known.cases.get((message.writer or "").lower(), ()))
        or _judge_alone(message, finding)
    )


def _by_sender(message: Message, found: Judgement) -> Judgement:
    """Return a judgement with what our server knows of the sender.

    What a false one sends opens and joins nothing, and repeats nothing.
    """
    if not message.authenticated:
        return found
    found = replace(found, reasons=(*found.reasons, f"{_SENDER}{message.authenticated}"))
    acts = found.outcome in {*_ACTS, MessageOutcome.DUPLICATE}
    if not acts or message.authenticated != Authenticated.FAILED:
        return found
    reasons = (SPOOFED, *found.reasons)
    return replace(found, outcome=MessageOutcome.TRIAGE, reasons=reasons, answers=False)


def _by_sort(message: Message, sort: MailSort, finding: Finding, known: Known) -> Judgement | None:
    """Return where a mail goes by who or what wrote it; None for what people write."""
    authority = words().authority_of(message.sender or "")
    if authority is not None and sort not in {MailSort.OWN, MailSort.BOUNCE}:
        ticket = _named_ticket(message, known)[0]
        why = (f"{authority.name} writes, as the sender's address claims", *finding.reasons)
        return Judgement(MessageOutcome.TRIAGE, ticket, why, MailSort.AUTHORITY, urgent=True)
    return _judge_automatic(message, sort, finding, known) if message.automatic else None


def _flooded(message: Message, found: Judgement, known: Known) -> Judgement:
    """Return a judgement of one mail among many of one sender: it opens and joins nothing.

    Anybody can write many mails in another's name: what somebody would look at is looked at.
    """
    lately = known.lately.get((message.sender or "").lower(), 0)
    limits = known.limits
    if lately < limits.flood_mails or _named_ticket(message, known)[0] is not None:
        return found
    reasons = (f"{lately} mails of one sender within {limits.flood_hours:g} h", *found.reasons)
    outcome = MessageOutcome.TRIAGE if found.outcome in _ACTS else found.outcome
    return replace(found, outcome=outcome, reasons=reasons, sort=MailSort.FLOOD, answers=False)


def _judge_automatic(message: Message, sort: MailSort, finding: Finding, known: Known) -> Judgement:
    """Return where a mail goes that no person wrote; a right in it makes a person look."""
    header = message.automatic or ""
    if sort is MailSort.OWN and (message.message_id in known.own_ids or not finding.kinds):
        return Judgement(MessageOutcome.IGNORED, None, (header,))
    report = sort is MailSort.BOUNCE and automatic.is_report(header)
    joined = _returned(message, finding, known) if sort is MailSort.BOUNCE else None
    if sort is MailSort.LIST:
        joined = _join(message, finding, known)
    if joined:
        return joined
    if finding.kinds and not (report and _is_ours(message, finding)):
        return Judgement(MessageOutcome.TRIAGE, None, (header, *finding.reasons))
    if message.sealed:
        return Judgement(MessageOutcome.TRIAGE, None, (header, _unread(message.sealed)))
    return Judgement(MessageOutcome.IGNORED, None, (header,))


def _is_ours(message: Message, finding: Finding) -> bool:
    """Say whether a bounce asks for something in nothing but the mail of ours that it brings back.

    What came back stands in the quoted text; what was said of it, or somebody else's, does not.
    """
    words = (each.span for each in finding.kinds)
    own_words = QUOTED not in finding.reasons and any(map(message.text.__contains__, words))
    return message.returned_ours and not own_words


def _returned(message: Message, finding: Finding, known: Known) -> Judgement | None:
    """Return the ticket whose letter came back; None where none of our letters did."""
    header = message.automatic or ""
    ticket = _first_known((*message.returned_ids, *message.references), known.own_ids)
    if ticket is None:
        return None
    person = not automatic.is_report(header) and not message.returned_ids
    if person and _is_party(message, ticket, known):  # whose address only looks like a robot's
        return _joined(message, finding, ticket, ANSWERS)
    return Judgement(MessageOutcome.JOINED, ticket, (header, UNDELIVERED))


def _named_ticket(message: Message, known: Known) -> tuple[int | None, str]:
    """Return the ticket that a mail names by our letter or our mark, and by which of them."""
    ticket = _first_known(message.references, known.own_ids)
    if ticket is not None:
        return ticket, ANSWERS
    return _first_known(marks_of(message), known.tokens), "token of the ticket"


def _join(message: Message, finding: Finding, known: Known) -> Judgement | None:
    """Return the ticket that a mail answers; a stranger's mail joins none."""
    ticket, reason = _named_ticket(message, known)
    ours = ticket is not None
    if ticket is None:
        ticket, reason = _first_known(message.references, known.heard_ids), OF_THAT_CASE
    if ticket is None:
        return None
    if _is_party(message, ticket, known):
        return replace(_joined(message, finding, ticket, reason), answers=ours)
    return Judgement(MessageOutcome.TRIAGE, ticket, (UNVERIFIED, reason, *finding.reasons))


def _joined(message: Message, finding: Finding, ticket: int, reason: str) -> Judgement:
    why, nudges = (reason, *finding.reasons), automatic.asks_for_news(message.text)
    return Judgement(MessageOutcome.JOINED, ticket, why, urgent=nudges, answers=True)


def _is_party(message: Message, ticket: int, known: Known) -> bool:
    return (message.sender or "").lower() in known.parties.get(ticket, frozenset())


def _look(message: Message, finding: Finding) -> Judgement | None:
    """Return why a person has to look before anything is opened, if so."""
    if not message.sealed:
        return None
    return Judgement(MessageOutcome.TRIAGE, None, (_unread(message.sealed), *finding.reasons))


def _judge_alone(message: Message, finding: Finding) -> Judgement:
    """Return where a mail goes that belongs to nothing known."""
    if finding.follow_up:
        why = ("reminder of a request that was not found", *finding.reasons)
        return Judgement(MessageOutcome.TRIAGE, None, why)
    if finding.opens:
        return Judgement(MessageOutcome.OPENED, None, finding.reasons)
    if not finding.kinds and automatic.is_away(message.text):
        return Judgement(MessageOutcome.IGNORED, None, ("auto: its text",), MailSort.AUTO)
    if why := _doubt(message, finding):
        return Judgement(MessageOutcome.TRIAGE, None, why)
    return Judgement(MessageOutcome.IGNORED, None, ("asks for no right",))


def _doubt(message: Message, finding: Finding) -> tuple[str, ...]:
    """Return why a person has to look at what asks for nothing for sure, if so."""
    if finding.kinds:
        return ("not sure", *finding.reasons)
    if finding.smells:
        return finding.reasons
    blank = not any(char.isalnum() for char in f"{message.text}{message.quoted}")
    signs = {
        "an identity paper came with it": any(one.identity_paper for one in message.attachments),
        "it names a ticket, but not by our mark": names_a_ticket(message.subject),
        "a form that asks for no right": message.form is not None,
        "there is no text to read": blank,
    }
    return tuple(sign for sign, holds in signs.items() if holds)[:1]


def _unread(why: str) -> str:
    return f"its content cannot be read: {why}"


def _named_letters(message: Message) -> tuple[str, ...]:
    own = (message.message_id,) if message.message_id and message.automatic else ()
    return (*message.references, *message.returned_ids, *own)


def _first_known(words: Iterable[str], places: Mapping[str, int]) -> int | None:
    return next((places[word] for word in words if word in places), None)
