"""Letters as they went out."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from dsr.domain.vocabulary import BY_HAND, LetterName, LetterState
from dsr.store.columns import Instant, word


class LetterRow(SQLModel, table=True):
    """A letter as it went out, frozen."""

    __tablename__ = "letter"

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="case.number", index=True)
    ticket: int | None = Field(default=None, foreign_key="ticket.number", index=True)
    name: LetterName = Field(sa_column=Column(word(LetterName), nullable=False))
    language: str
    subject: str
    text: str
    sha256: str
    template_sha256: str
    message_id: str = Field(index=True)
    recipient: str | None = None
    channel: str = BY_HAND
    state: str = Field(default=LetterState.READY.value, index=True)
    proof: str | None = None
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    officer: str
