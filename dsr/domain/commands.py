"""What an officer types for each action of the workflow. Judges nothing."""

from collections.abc import Mapping

from dsr.domain.vocabulary import Action

#: What an officer types to take an action; the program takes one without a command by itself.
COMMANDS: Mapping[Action, str] = {
    Action.OPEN: "open",
    Action.ASK_FOR_PROOF: "verify ask",
    Action.PROVE: "verify pass",
    Action.FAIL_PROOF: "verify fail",
    Action.SEARCH: "find",
    Action.EXPORT: "export",
    Action.PLAN: "plan",
    Action.APPLY: "apply",
    Action.CLARIFY: "clarify",
    Action.RESUME: "resume",
    Action.EXTEND: "extend",
    Action.PROPOSE: "propose",
    Action.DECIDE: "propose",
    Action.APPROVE: "approve",
    Action.RETURN: "return",
    Action.WORK_TASK: "task done",
    Action.ANSWER: "answer",
    Action.FINISH: "close",
    Action.REFER: "refer",
    Action.CLOSE: "close",
    Action.REOPEN: "reopen",
    Action.ASSIGN: "assign",
    Action.SET: "set",
    Action.HEED_AUTHORITY: "set",
    Action.NOTE: "note",
    Action.LINK: "link",
    Action.SPLIT: "split",
    Action.ATTACH: "attach",
    Action.HOLD: "hold",
    Action.RELEASE: "hold",
    Action.PERMIT: "approve",
    Action.INSTRUCT: "task instruct",
    Action.WRITE: "letter",
    Action.READ: "show",
    Action.RECOMPUTE: "calendar recompute",
    Action.REMIND: "overdue",
    Action.BREACH: "overdue",
}


def spoken(action: Action) -> str:
    """Return an action as it is typed; one that the program takes by itself, by its name."""
    return COMMANDS.get(action, action.value)
