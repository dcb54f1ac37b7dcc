"""The table of all commands: one line of help each, and where each lives. Nothing is imported."""

from collections.abc import Mapping

from dsr.cli.lazy import Entry


def _entry(section: str, help_: str, function: str) -> Entry:
    return Entry(help_, f"dsr.cli.{function}", section=section)


def _group(
    section: str,
    help_: str,
    module: str,
    members: Mapping[str, tuple[str, str]],
    default: str = "",
) -> Entry:
    entries = {
        name: Entry(line, f"dsr.cli.{module}:{function}")
        for name, (line, function) in members.items()
    }
    return Entry(help_, entries=entries, section=section, default=default)


ENTRIES: Mapping[str, Entry] = {
    "today": _entry("Daily", "Show what there is to do today, each with its command.", "day:today"),
    "go": _entry("Daily", "Do the next steps of tickets until a person must decide.", "day:go"),
    "who": _entry("Daily", "Show the tickets of whoever calls, and what to say.", "day:who"),
    "next": _entry(
        "Daily", "Show the most urgent ticket, why it is, and what to type.", "queue:next_ticket"
    ),
    "list": _entry("Daily", "Show the queue, the most urgent first.", "queue:list_tickets"),
    "show": _entry(
        "Daily", "Show one ticket: what is asked, due and missing.", "queue:show_ticket"
    ),
    "stop": _entry(
        "Daily", "Stop marketing to people, from the ticket to the letter.", "stopping:stop"
    ),
    "due": _entry("Daily", "Explain a due date, step by step.", "dates:due"),
    "import": _entry("Intake", "Read mail and forms into tickets.", "intake:import_"),
    "open": _entry("Intake", "Open tickets by hand: phone, post, in person.", "intake:open_ticket"),
    "triage": _entry("Intake", "Decide on what could not be sorted.", "inbox:triage"),
    "inbox": _group(
        "Intake",
        "Show what arrived and where it went.",
        "inbox",
        {
            "list": ("Show what arrived and where it went.", "inbox"),
            "show": ("Show one thing that arrived, whole.", "show"),
            "move": ("Correct where something went; the correction is an event.", "move"),
        },
        default="list",
    ),
    "assign": _entry("Queue", "Give tickets to an officer.", "queue:assign"),
    "set": _entry("Queue", "Set a ticket's laws, kind, place or language.", "queue:set_ticket"),
    "link": _entry("Queue", "Link tickets that belong together.", "together:link"),
    "split": _entry("Queue", "Open further tickets for the same letter.", "together:split"),
    "attach": _entry("Queue", "Put a file to a ticket, list or get files.", "together:attach"),
    "note": _entry("Queue", "Write a note on a ticket.", "queue:note"),
    "hold": _entry("Queue", "Put tickets under a legal hold, or lift it.", "together:hold"),
    "overdue": _entry(
        "Queue", "Show the open tickets whose dates are near or past.", "monitor:overdue"
    ),
    "verify": _group(
        "Identity",
        "Prove who asks, and for whom.",
        "identity",
        {
            "ask": ("Ask the requester for proof.", "ask"),
            "pass": ("Record that the proof suffices.", "pass_"),
            "fail": ("Record that the proof does not suffice.", "fail"),
        },
    ),
    "clarify": _entry("Clock", "Ask the requester what is meant.", "clocks:clarify"),
    "resume": _entry("Clock", "Go on: the requester has replied.", "clocks:resume"),
    "extend": _entry("Clock", "Extend the time to answer, with reasons.", "clocks:extend"),
    "find": _entry("Work", "Search the sources for the person's data.", "work:find"),
    "correct": _entry("Work", "Say what becomes what in a correction.", "systems:correct"),
    "plan": _entry("Work", "Plan what a ticket changes in the company's systems.", "systems:plan"),
    "apply": _entry(
        "Work", "Carry an approved plan out in the company's systems.", "systems:apply"
    ),
    "export": _entry("Work", "Make the package with the person's copy.", "export:export"),
    "task": _group(
        "Work",
        "Follow the work outside the ticket.",
        "work",
        {
            "list": ("Show tasks.", "list_"),
            "done": ("Record that a task is done.", "done"),
            "fail": ("Record that a task failed.", "fail"),
            "remind": ("Remind whoever has the task.", "remind"),
            "except": ("Except a task, with the reason.", "except_"),
            "instruct": ("Work a client's instruction in the ticket.", "instruct"),
        },
    ),
    "suppressed": _entry(
        "Work", "Say of a column of addresses who is suppressed.", "stopping:suppressed"
    ),
    "propose": _entry("Decision", "Propose what to grant, refuse or keep.", "decision:propose"),
    "refuse": _entry("Decision", "Propose a refusal on a legal ground.", "decision:refuse"),
    "approve": _entry("Decision", "Approve another officer's proposal.", "decision:approve"),
    "return": _entry("Decision", "Return a proposal with a comment.", "decision:return_"),
    "refer": _entry("Decision", "Refer a request to the client it concerns.", "decision:refer"),
    "letter": _entry("Answer", "Preview any letter.", "letter:letter"),
    "answer": _entry("Answer", "Send the answer, or record how it was sent.", "answer:answer"),
    "outbox": _entry(
        "Answer", "Show letters that wait, and record how they left.", "outbox:outbox"
    ),
    "close": _entry("Answer", "Close tickets that need no answer.", "answer:close"),
    "reopen": _entry("Answer", "Reopen a closed ticket.", "answer:reopen"),
    "log": _entry("Evidence", "Show the trail of a ticket.", "evidence:log"),
    "audit": _group(
        "Evidence",
        "Check the trail.",
        "evidence",
        {
            "verify": ("Check that the whole trail holds.", "verify"),
            "head": ("Print the trail's head, to keep elsewhere.", "head"),
        },
    ),
    "report": _entry("Evidence", "Count requests, times and refusals.", "evidence:report"),
    "init": _entry("Set-up", "Make the office: database, key, first officer.", "setup:init"),
    "officer": _group(
        "Set-up",
        "Keep the officers and their roles.",
        "registers",
        {
            "add": ("Add an officer.", "officer_add"),
            "list": ("Show the officers.", "officer_list"),
            "set": ("Change an officer's roles.", "officer_set"),
        },
    ),
    "source": _group(
        "Set-up",
        "Keep the company's systems that hold data.",
        "sources",
        {
            "add": ("Add a source.", "source_add"),
            "list": ("Show the sources.", "source_list"),
            "check": ("Check that a source answers.", "source_check"),
            "preview": ("Show what a search would find.", "source_preview"),
            "remove": ("Remove a source.", "source_remove"),
        },
    ),
    "recipient": _group(
        "Set-up",
        "Keep the outside parties that got data.",
        "registers",
        {
            "add": ("Add a recipient.", "recipient_add"),
            "list": ("Show the recipients.", "recipient_list"),
            "remove": ("Remove a recipient.", "recipient_remove"),
        },
    ),
    "client": _group(
        "Set-up",
        "Keep the customers whose data is processed.",
        "registers",
        {
            "add": ("Add a client.", "client_add"),
            "list": ("Show the clients.", "client_list"),
            "remove": ("Remove a client.", "client_remove"),
        },
    ),
    "rules": _group(
        "Set-up",
        "Try and teach how letters are understood.",
        "phrases",
        {
            "try": ("Show how a text would be read.", "try_"),
            "add": ("Teach a phrase: it goes into the office's own file.", "add"),
            "list": ("Show the phrases of the office's own files.", "list_"),
            "remove": ("Take back a phrase that was taught.", "remove"),
            "quality": ("Measure over labelled texts how letters are read.", "quality"),
        },
    ),
    "law": _group(
        "Set-up",
        "Look up and check the law packs.",
        "laws",
        {
            "list": ("Show the law packs.", "law_list"),
            "show": ("Show one law pack.", "law_show"),
            "grounds": ("Show why less may be given than was asked.", "law_grounds"),
            "lint": ("Check a folder of rules.", "law_lint"),
            "diff": ("Show what differs between two states of a law.", "law_diff"),
        },
    ),
    "calendar": _group(
        "Set-up",
        "Look up, add and apply calendar years.",
        "calendars",
        {
            "list": ("Show the calendar years and where each comes from.", "calendar_list"),
            "show": ("Show one year of a place: days off and worked weekends.", "calendar_show"),
            "add": ("Add a calendar year to the office's own rules.", "calendar_add"),
            "recompute": (
                "Compute open tickets' dates anew, show which moved.",
                "calendar_recompute",
            ),
        },
    ),
    "config": _entry("Set-up", "Show each setting and where it comes from.", "setup:config"),
    "doctor": _entry("Set-up", "Check the office's set-up.", "setup:doctor"),
}
