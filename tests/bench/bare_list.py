"""The floor of a list: what it costs to select and print 50 rows with the same libraries."""

from datetime import date

import typer
from sqlmodel import Field, Session, SQLModel, create_engine, select
from tabulate import tabulate


class Ticket(SQLModel, table=True):
    """As much of a ticket as the list shows."""

    number: int = Field(primary_key=True)
    kind: str
    status: str
    who: str
    due_on: date
    target_on: date
    assignee: str | None


def main(database: str) -> None:
    """Select and print."""
    with Session(create_engine(f"sqlite:///{database}")) as session:
        query = select(Ticket).order_by(Ticket.due_on, Ticket.number).limit(50)
        rows = [list(row.model_dump().values()) for row in session.exec(query)]
    typer.echo(tabulate(rows, list(Ticket.model_fields)))


if __name__ == "__main__":
    typer.run(main)
