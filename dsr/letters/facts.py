"""What a letter may say, as plain values. Nothing here looks anything up or renders."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dsr.domain.vocabulary import ClockMode, SearchResult, TaskState
from dsr.letters.enclosed import AnswerFacts, OwedFacts, PackageFacts, ToldFacts
from dsr.letters.parties import CompanyFacts, TicketFacts

__all__ = [
    "ActionFacts",
    "ChangeFacts",
    "CompanyFacts",
    "ConsentFacts",
    "HoldingFacts",
    "IdentifierFacts",
    "ItemFacts",
    "LetterFacts",
    "RecipientFacts",
    "TicketFacts",
]

# Texts of several paragraphs, written by an officer; everywhere else a line break becomes a space.
_PARAGRAPHS = {"paragraphs": True}


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What was decided on one item.

    Attributes:
        label: The item in the person's words, as "order history".
        decision: Granted, refused, or kept (restricted to storage and protection).
        result: What was done about a granted item, as "erased"; empty says "done".
        done_on: When it was done.
        reason: Why not, in neutral words for the person.
        ground_name: The ground's name, or as much of it as the law lets us tell (H2, H4).
        policy_section: The policy's section, as "5.8(a)"; empty where the policy has none.
        citation: The law's article.
        until_on: The day until which it is kept or withheld.
        until: The same as a condition, where no day is known.
        alternative: What we offer instead.
        soft: Whether the ground is a soft one, which owes an alternative.
        to_stop: Whether all other use of it stops, as work of its own.
        stopped_on: When it stopped.
        goes_on: Whether the one use goes on that the reason names.
        quiet: Whether nothing may hint at the ground; no law adds to what such an item says.
    """

    label: str
    decision: Literal["granted", "refused", "kept"]
    result: str = ""
    done_on: date | None = None
    reason: str = ""
    ground_name: str = ""
    policy_section: str = ""
    citation: str = ""
    until_on: date | None = None
    until: str = ""
    alternative: str = ""
    soft: bool = False
    to_stop: bool = False
    stopped_on: date | None = None
    goes_on: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class HoldingFacts:
    """What one collection of a source holds about the person, and why.

    Attributes:
        source: The system's name for people outside.
        label: The collection's name for people outside.
        rows: How many records; None where they were not counted.
        method: How the information is processed, where rules are explained.
    """

    source: str
    label: str
    category: str = ""
    purpose: str = ""
    basis: str = ""
    retention: str = ""
    origin: str = ""
    rows: int | None = None
    recipients: tuple[str, ...] = ()
    result: SearchResult = SearchResult.FOUND
    method: str = ""


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """An outside party that got the information, and whether it was told.

    Attributes:
        told_on: When the notice left; only where it is DONE or REMINDED.
        result: How telling it stands.
        exception: Why it was not told, with its article; only where the result is EXCEPTED.
    """

    name: str
    contact: str = ""
    told_on: date | None = None
    result: TaskState = TaskState.OPEN
    exception: str = ""


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """Something that we did, or will do."""

    label: str
    done_on: date | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One corrected or supplemented field; `old` is empty where something was added."""

    label: str
    old: str
    new: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A consent that was withdrawn."""

    purpose: str
    recipient: str = ""
    version: str = ""
    given_on: date | None = None


@dataclass(frozen=True, slots=True)
class IdentifierFacts:
    """What names the person to a recipient or client: a word for its type, and the value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a letter may say; texts are already in the letter's language.

    What a letter cannot do without stands in `templates/fields.toml`.

    Attributes:
        reference: The ticket's reference, as "DSR-42".
        written_on: The letter's date.
        right_citation: The right's article and the policy's section.
        remedies: Full sentences: every complaint and suit that the applicable laws give.
        salutation: The person as addressed, without "Dear"; None where no name is known.
        on_behalf_of: The data subject's name, where somebody else wrote.
        linked: Other matters opened from the same letter, a sentence or a reference each.
        authority_asked: What shows authority to act for somebody else; all of it is needed.
        proofs_asked: Ways to prove identity; one of them is enough.
        clock_mode: What waiting for the reply does to the answer's date.
        answer_latest_on: Where waiting moves that date: the day that it does not pass all the same.
        act_by_on: The day by which the processing stops, where that comes before the answer.
        as_of_on: The day whose records the letter shows: that of the last search.
        draft: Whether what it tells of is still to be decided or done; it does not go out so.
        stop_on: The day on which processing or the service stopped or stops.
        lifted_on: The first day on which what was restricted is used again.
        continuing: Services that go on unchanged.
        ending: Services or functions that end, with the reason.
        consequences: What the person should know follows from it.
        decision_logic: Main factors of an automated decision, one each.
        decision_effects: What such a decision means for the person, and what may follow from it.
        review_result: What the human reviewer did with the automated result.
        no_automated_decision: Say that no decision is made by automated means alone.
        decisions_note: What the company says of them in general, where nothing else is known.
        no_recipients: Say that nobody outside got the information; silence claims nothing.
        decided_by: The roles that decided, as "personal information protection officer and legal".
        complaint_result: What became of a complaint.
        judged_apart: Whether who judged a complaint had no part in the decision it is about.
        measures: What was done, and is done, because a complaint was right; a sentence each.
        sole_officer: Whether nobody else can review: the letter then promises no other reviewer.
        transfers: Third countries and their safeguards, a sentence each.
        no_transfers: Say that nothing of it is provided to anybody in another country.
        transfers_note: What the company says of transfers in general, where nothing else is known.
        searched_by: Types of identifiers we searched by, never values.
        backup_on: The day by which backups are overwritten.
        backup_note: The same in words, where no day is known or no backup holds anything.
        client_name: Who decides, where we only process; a description where the name is withheld.
        entrusted: Whether that recipient acts on our instructions.
        identifiers: What names the person, for notices to recipients and clients only.
        to_correct: What that recipient got and is to correct, old and new.
        to_erase: What that recipient got and is to erase, a kind of data each.
        not_to_erase: What that recipient got and a law keeps, a kind of data each.
        concerned: What that recipient got and another right concerns, a kind of data each.
        transfer_to: To whom a copy was transferred on the person's wish, name and contact.
        parts: The answers that one letter of a whole case gives, one each.
        minor: Whether the data subject is under 18.
        provisional: Whether the due date may still move with an unpublished calendar.
        owed: What a law of the ticket makes mandatory besides what is mandatory for everybody.
        told: Sentences that a law of the ticket wants said, each once.
    """

    reference: str
    written_on: date
    company: CompanyFacts
    kind_name: str = ""
    right_citation: str = ""
    received_on: date | None = None
    due_on: date | None = None
    remedies: tuple[str, ...] = ()
    salutation: str | None = None
    on_behalf_of: str | None = None
    minor: bool = False
    sole_officer: bool = False
    decided_by: str = ""
    provisional: bool = False
    tickets: tuple[TicketFacts, ...] = ()
    linked: tuple[str, ...] = ()
    items: tuple[ItemFacts, ...] = ()
    holdings: tuple[HoldingFacts, ...] = ()
    recipients: tuple[RecipientFacts, ...] = ()
    no_recipients: bool = False
    actions: tuple[ActionFacts, ...] = ()
    changes: tuple[ChangeFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    package: PackageFacts | None = None
    parts: tuple[AnswerFacts, ...] = ()
    authority_asked: tuple[str, ...] = ()
    proofs_asked: tuple[str, ...] = ()
    safe_channel: str = ""
    reply_by_on: date | None = None
    asked_on: date | None = None
    clock_mode: ClockMode | None = None
    answer_latest_on: date | None = None
    act_by_on: date | None = None
    as_of_on: date | None = None
    draft: bool = False
    question: str = field(default="", metadata=_PARAGRAPHS)
    reason: str = field(default="", metadata=_PARAGRAPHS)
    answer: str = field(default="", metadata=_PARAGRAPHS)
    finding: str = field(default="", metadata=_PARAGRAPHS)
    new_due_on: date | None = None
    scope_name: str = ""
    stop_on: date | None = None
    lifted_on: date | None = None
    until_on: date | None = None
    continuing: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    account: str = ""
    decision_logic: tuple[str, ...] = ()
    decision_effects: tuple[str, ...] = ()
    data_used: tuple[str, ...] = ()
    review_result: Literal["", "changed", "upheld"] = ""
    complaint_result: Literal["", "upheld", "partly_upheld", "rejected"] = ""
    judged_apart: bool = False
    measures: tuple[str, ...] = ()
    no_automated_decision: bool = False
    decisions_note: str = ""
    transfers: tuple[str, ...] = ()
    no_transfers: bool = False
    transfers_note: str = ""
    searched_by: tuple[str, ...] = ()
    backup_on: date | None = None
    backup_note: str = ""
    record_until_on: date | None = None
    earlier_reference: str = ""
    earlier_on: date | None = None
    withdrawn_on: date | None = None
    client_name: str = ""
    client_contact: str = ""
    forwarded_on: date | None = None
    recipient_name: str = ""
    entrusted: bool = False
    identifiers: tuple[IdentifierFacts, ...] = ()
    to_correct: tuple[ChangeFacts, ...] = ()
    to_erase: tuple[str, ...] = ()
    not_to_erase: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    transfer_to: str = ""
    owed: tuple[OwedFacts, ...] = ()
    told: tuple[ToldFacts, ...] = ()
