"""The words of the field: kinds, statuses, outcomes, roles, results. No rule lives here."""

from enum import StrEnum


class Kind(StrEnum):
    """A right of the data subject; one ticket has one."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    WITHDRAWAL = "withdrawal"
    CANCELLATION = "cancellation"
    COPY = "copy"
    REVIEW = "review"
    RESTRICTION = "restriction"
    EXPLANATION = "explanation"
    COMPLAINT = "complaint"


class Scope(StrEnum):
    """What a withdrawal withdraws."""

    MARKETING = "marketing"
    CONSENT = "consent"
    OBJECTION = "objection"
    COOKIES = "cookies"


class Status(StrEnum):
    """Where a ticket stands; NONE is before it is opened."""

    NONE = "none"
    RECEIVED = "received"
    VERIFYING = "verifying"
    WORKING = "working"
    WAITING = "waiting"
    APPROVAL = "approval"
    FULFILLING = "fulfilling"
    ANSWERED = "answered"
    CLOSED = "closed"


ENDED = frozenset({Status.ANSWERED, Status.CLOSED})


class Outcome(StrEnum):
    """How a ticket ended."""

    FULFILLED = "fulfilled"
    PARTLY_REFUSED = "partly_refused"
    REFUSED = "refused"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"
    RESTRICTED = "restricted"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DUPLICATE = "duplicate"
    NOT_A_REQUEST = "not_a_request"


class RequesterRole(StrEnum):
    """Who wrote, in relation to the data subject."""

    SUBJECT = "subject"
    GUARDIAN = "guardian"
    AGENT = "agent"
    NEAR_RELATIVE = "near_relative"
    CLIENT = "client"
    COMPANY = "company"
    UNKNOWN = "unknown"


#: Who asks for somebody else: the address that wrote is not the data subject's.
FOR_ANOTHER = frozenset(
    {RequesterRole.GUARDIAN, RequesterRole.AGENT, RequesterRole.NEAR_RELATIVE, RequesterRole.CLIENT}
)


class OfficerRole(StrEnum):
    """What an officer may do."""

    HANDLER = "handler"
    APPROVER = "approver"
    LEGAL = "legal"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Channel(StrEnum):
    """How a request arrived, or an answer left."""

    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"
    WECHAT = "wechat"
    APP = "app"
    OWN_MOTION = "own_motion"


class IdentifierType(StrEnum):
    """What kind of thing names a person."""

    EMAIL = "email"
    PHONE = "phone"
    ACCOUNT = "account"
    NAME = "name"
    OPEN_ID = "open_id"
    ORDER = "order"


class ContactType(StrEnum):
    """What somebody is written to or known again by: a name is many people's, an order nobody's."""

    EMAIL = IdentifierType.EMAIL.value
    PHONE = IdentifierType.PHONE.value
    ACCOUNT = IdentifierType.ACCOUNT.value
    OPEN_ID = IdentifierType.OPEN_ID.value


class MessageOutcome(StrEnum):
    """Where something that arrived went."""

    OPENED = "opened"
    JOINED = "joined"
    DUPLICATE = "duplicate"
    TRIAGE = "triage"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class ProofResult(StrEnum):
    """What an attempt to prove identity or authority showed."""

    ASKED = "asked"
    VERIFIED = "verified"
    FAILED = "failed"
    NEEDS_MORE = "needs_more"


class SearchResult(StrEnum):
    """What a search of one collection of a source gave."""

    FOUND = "found"
    NONE = "none"
    FAILED = "failed"
    NOT_ASKED = "not_asked"


class Proposal(StrEnum):
    """What is proposed for one item."""

    GRANT = "grant"
    REFUSE = "refuse"
    KEEP = "keep"


class TaskKind(StrEnum):
    """Work outside the ticket."""

    SOURCE = "source"
    RECIPIENT = "recipient"
    BACKUP = "backup"
    SERVICE_STOP = "service_stop"
    ERASE_OR_ANONYMISE = "erase_or_anonymise"
    HUMAN_REVIEW = "human_review"
    ASSISTANCE = "assistance"
    RETENTION = "retention"
    LIFT = "lift"
    CHANGE = "change"
    IMPROVEMENT = "improvement"
    AFTER_WITHDRAWAL = "after_withdrawal"
    STOP_USE = "stop_use"


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    REMINDED = "reminded"
    EXCEPTED = "excepted"


#: Work that outlives its ticket: what is kept is looked at when its end has come, and who asked
#: about an automated decision is spoken with again.
LASTING = frozenset({TaskKind.RETENTION, TaskKind.IMPROVEMENT})
#: Tasks that are still to be done.
UNFINISHED = frozenset({TaskState.OPEN, TaskState.REMINDED, TaskState.FAILED})


class LetterName(StrEnum):
    """Every letter; its template has the same name in each language."""

    ACKNOWLEDGEMENT = "acknowledgement"
    IDENTITY_REQUEST = "identity_request"
    CLARIFICATION = "clarification"
    EXTENSION = "extension"
    ACCESS = "access"
    COPY = "copy"
    CORRECTION = "correction"
    DELETION = "deletion"
    WITHDRAWAL = "withdrawal"
    CANCELLATION = "cancellation"
    REVIEW = "review"
    RESTRICTION = "restriction"
    EXPLANATION = "explanation"
    COMPLAINT = "complaint"
    REFUSAL = "refusal"
    NO_DATA = "no_data"
    REFERRAL = "referral"
    WITHDRAWN = "withdrawn"
    LAPSE = "lapse"
    DUPLICATE = "duplicate"
    NOT_A_REQUEST = "not_a_request"
    RECIPIENT_NOTICE = "recipient_notice"
    CLIENT_NOTICE = "client_notice"
    CASE_ANSWER = "case_answer"
    ASSISTANCE = "assistance"
    LIFTING = "lifting"


class LetterState(StrEnum):
    """Where a letter stands on its way."""

    READY = "ready"
    HANDED_OVER = "handed_over"
    SENT = "sent"
    UNDELIVERED = "undelivered"


#: The way of a letter of which nobody has said yet how it leaves.
BY_HAND = "by_hand"


class ClockMode(StrEnum):
    """What a wait for proof or clarification does to a clock."""

    NO_PAUSE = "no_pause"
    SUSPEND = "suspend"
    RESTART = "restart"
    FROM_VERIFIED = "from_verified"


class Action(StrEnum):
    """What an officer, or the program for him, does to a ticket."""

    OPEN = "open"
    ACCEPT = "accept"
    ASK_FOR_PROOF = "ask_for_proof"
    PROVE = "prove"
    FAIL_PROOF = "fail_proof"
    SEARCH = "search"
    EXPORT = "export"
    PLAN = "plan"
    APPLY = "apply"
    CLARIFY = "clarify"
    RESUME = "resume"
    EXTEND = "extend"
    PROPOSE = "propose"
    DECIDE = "decide"
    APPROVE = "approve"
    RETURN = "return"
    FULFIL = "fulfil"
    WORK_TASK = "work_task"
    ANSWER = "answer"
    FINISH = "finish"
    REFER = "refer"
    CLOSE = "close"
    REOPEN = "reopen"
    ASSIGN = "assign"
    SET = "set"
    HEED_AUTHORITY = "heed_authority"
    NOTE = "note"
    LINK = "link"
    SPLIT = "split"
    ATTACH = "attach"
    HOLD = "hold"
    RELEASE = "release"
    PERMIT = "permit"
    INSTRUCT = "instruct"
    JOIN = "join"
    WRITE = "write"
    READ = "read"
    REMIND = "remind"
    BREACH = "breach"
    RECOMPUTE = "recompute"


class PartState(StrEnum):
    """Where one source's part of a plan stands; BEGUN is between two commits."""

    PLANNED = "planned"
    BEGUN = "begun"
    DONE = "done"
