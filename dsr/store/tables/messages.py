"""What arrived, and the bytes that are kept: the ledger and the blobs."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field, SQLModel

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import MessageOutcome, RequesterRole
from dsr.store.columns import Instant, word


class BlobRow(SQLModel, table=True):
    """A piece of something kept, by the SHA-256 of the whole, compressed."""

    __tablename__ = "blob"

    sha256: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    size: int
    destroy_on: date | None = Field(default=None, index=True)


class MessageRow(SQLModel, table=True):
    """The ledger: one row for everything that arrived, with where it went and why."""

    __tablename__ = "message"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str
    sha256: str = Field(index=True)
    content_key: str = Field(index=True)
    message_id: str | None = Field(default=None, index=True)
    arrived_at: datetime = Field(sa_column=Column(Instant, nullable=False, index=True))
    outcome: MessageOutcome = Field(
        sa_column=Column(word(MessageOutcome), nullable=False, index=True)
    )
    case_number: int | None = Field(default=None, foreign_key="case.number", index=True)
    sender: str | None = Field(default=None, index=True)
    sender_name: str | None = None
    subject: str | None = None
    excerpt: str | None = None
    language: str = "und"
    requester_role: RequesterRole = Field(
        default=RequesterRole.UNKNOWN, sa_column=Column(word(RequesterRole), nullable=False)
    )
    suggested: list[dict[str, str | None]] = Field(sa_column=Column(JSON, nullable=False))
    identifiers: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    reasons: list[str] = Field(sa_column=Column(JSON, nullable=False))
    blob: str | None = None
    sort: MailSort = Field(
        default=MailSort.PLAIN, sa_column=Column(word(MailSort), nullable=False, index=True)
    )
    stated: list[dict[str, str | None]] | None = Field(default=None, sa_column=Column(JSON))
    urgent: bool = False
    test: bool = False
    ticket: int | None = Field(default=None, index=True)
    text_key: str | None = None


class MailboxRow(SQLModel, table=True):
    """How far a folder on a mail server was read: the last UID, and those that could not be had."""

    __tablename__ = "mailbox"

    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uid_validity: int
    last_uid: int
    missing: list[int] = Field(sa_column=Column(JSON, nullable=False))
    read_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class MappingRow(SQLModel, table=True):
    """Which headings of somebody's table are which keys of ours, remembered by a name."""

    __tablename__ = "mapping"

    name: str = Field(primary_key=True)
    columns: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    officer: str
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
