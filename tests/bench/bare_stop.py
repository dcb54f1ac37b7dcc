"""The floor of a stop: a ticket, ten chained events and a rendered letter for each address."""

import hashlib
import json
import sys
from datetime import date

import typer
from jinja2 import Environment, PackageLoader
from sqlmodel import Field, Session, SQLModel, create_engine, insert

EVENTS = 10  # of a ticket from its opening to its letter


class Ticket(SQLModel, table=True):
    """As much of a ticket as a stop needs."""

    number: int = Field(primary_key=True)
    address: str = Field(index=True)
    status: str
    due_on: date


class Event(SQLModel, table=True):
    """One event of a chain."""

    id: int = Field(primary_key=True)
    previous: str = Field(unique=True)
    digest: str
    body: str
    ticket: int = Field(index=True)


class Letter(SQLModel, table=True):
    """A letter as it went out."""

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(index=True)
    text: str
    sha256: str


def main(database: str) -> None:
    """Read a column on standard input and keep what becomes of each line."""
    loader = PackageLoader("dsr.letters", "templates/en")
    template = Environment(loader=loader, autoescape=False).get_template("_contact.txt.j2")
    engine = create_engine(f"sqlite:///{database}")
    SQLModel.metadata.create_all(engine)
    addresses = [line.strip() for line in sys.stdin]
    digest, number = "0" * 64, 0
    for start in range(0, len(addresses), 100):
        tickets, events, letters = [], [], []
        for ticket, address in enumerate(addresses[start : start + 100], start=start + 1):
            row = {"number": ticket, "address": address, "status": "closed"}
            tickets.append({**row, "due_on": date(2026, 12, 14)})
            text = template.render(company={"name": "x"}, reference=f"DSR-{ticket}")
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            letters.append({"ticket": ticket, "text": text, "sha256": sha256})
            for _ in range(EVENTS):
                number += 1
                body = json.dumps({"id": number, "previous": digest, "ticket": ticket})
                event = {"id": number, "previous": digest, "body": body, "ticket": ticket}
                digest = hashlib.sha256(body.encode()).hexdigest()
                events.append({**event, "digest": digest})
        with Session(engine) as session:
            for table, rows in ((Ticket, tickets), (Event, events), (Letter, letters)):
                session.connection().execute(insert(table), rows)
            session.commit()
    typer.echo(len(addresses))


if __name__ == "__main__":
    typer.run(main)
