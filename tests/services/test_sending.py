"""What may become of a letter, and that nothing else sets where it stands."""

import ast
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import event

import dsr
from dsr.domain.vocabulary import LetterName, LetterState
from dsr.errors import ConflictError
from dsr.services import outbox
from dsr.services.sending import BECOMES, become
from dsr.store.outbox import Chosen
from dsr.store.tables.letters import LetterRow

S = LetterState
POSSIBLE = {
    (S.READY, S.HANDED_OVER),
    (S.READY, S.SENT),
    (S.READY, S.UNDELIVERED),
    (S.HANDED_OVER, S.HANDED_OVER),
    (S.HANDED_OVER, S.SENT),
    (S.HANDED_OVER, S.UNDELIVERED),
    (S.SENT, S.UNDELIVERED),
    (S.UNDELIVERED, S.HANDED_OVER),
    (S.UNDELIVERED, S.SENT),
}


def write(step, ticket, number=1, **said):
    values = {
        "case_number": ticket,
        "ticket": ticket,
        "name": LetterName.IDENTITY_REQUEST,
        "language": "en",
        "subject": "a subject",
        "text": "a text that is read when the letter is laid down",
        "sha256": "a" * 64,
        "template_sha256": "b" * 64,
        "message_id": f"<{number}@dsr>",
        "recipient": "mei@example.com",
        "written_at": step.now,
        "officer": "li",
    }
    row = LetterRow(**(values | said))
    step.session.add(row)
    step.session.flush()
    return row


@pytest.mark.parametrize(("before", "after"), [*product(LetterState, repeat=2)])
def test_a_letter_becomes_what_it_can_and_nothing_else(desk, opened, before, after):
    number = opened()
    with desk.write() as step:
        letter = write(step, number, state=before.value)
        if (before, after) in POSSIBLE:
            become(step, letter, after, "said")
            assert letter.state == after
            assert letter.proof == ("said" if after is S.SENT else None)
        else:
            with pytest.raises(ConflictError) as refused:
                become(step, letter, after, "said")
            assert refused.value.hint.startswith("dsr outbox ")
            assert letter.state == before


def test_every_state_has_a_row():
    assert set(BECOMES) == set(LetterState)


def test_only_one_function_sets_where_a_letter_stands():
    found = [
        f"{path.name}:{function.name}"
        for path in Path(dsr.__file__).parent.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr == "state"
        if isinstance(node.ctx, ast.Store)
        if isinstance(node.value, ast.Name) and node.value.id == "letter"
    ]
    assert found == ["sending.py:move"]


def test_a_letter_that_was_sent_meanwhile_is_not_laid_down_again(desk, opened, tmp_path):
    number = opened()
    with desk.write() as step:
        write(step, number, state=S.HANDED_OVER.value)
    (letter,) = outbox.waiting(desk, Chosen())
    outbox.record(desk, letter, S.SENT, "mail server")
    with pytest.raises(ConflictError) as refused:
        outbox.lay(desk, letter, tmp_path / "again", again=True)
    assert (
        refused.value.hint == f"dsr outbox --undelivered {letter} --why TEXT, if it did not arrive"
    )
    assert not (tmp_path / "again").exists()
    assert outbox.record(desk, letter, S.SENT, "again") is None
    outbox.record(desk, letter, S.UNDELIVERED, "no such mailbox")
    assert outbox.lay(desk, letter, tmp_path / "again", again=True) is not None


def test_a_thousand_letters_are_listed_in_order_without_their_texts(desk, opened):
    first, second = opened(), opened()
    with desk.write() as step:
        for n in range(1000):
            write(step, first, n, state=[S.READY, S.HANDED_OVER, S.UNDELIVERED][n % 3].value)
        write(step, second, 0)
    said = []
    event.listen(desk.engine, "before_cursor_execute", lambda *each: said.append(each[2]))
    with desk.read() as session:
        listed = outbox.outbox(session, Chosen(), 5)
        lines = list(listed.rows)
        every = list(outbox.outbox(session, Chosen()).rows)
    assert (len(lines), listed.total, len(every)) == (5, 1000, 1000)
    assert lines == every[:5]
    assert [each.state for each in every] == sorted(
        (each.state for each in every), key=["undelivered", "ready", "handed_over"].index
    )
    assert next(e for e in every if e.letter == 1).tickets == (first, second)
    assert [each.letter for each in every] == outbox.waiting(desk, Chosen())
    assert said
    assert not [each for each in said if "text" in each or "subject" in each]
