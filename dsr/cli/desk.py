"""Opens the desk of a run: office, clock and officer out of the settings. No command is here."""

import os
import pwd
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dsr.cli.show import App
from dsr.clock import SystemClock

if TYPE_CHECKING:
    from dsr.config import Settings
    from dsr.domain.limits import Manner
    from dsr.services.desk import Desk, Office


def open_desk(app: App) -> "Desk":
    """Return the desk of this run; its database is made or upgraded where needed.

    Raises:
        ConfigError: A setting is wrong, or the database cannot be used.
        TrailError: The database is newer than this program.
        ConflictError: The database is busy.
    """
    from dsr.services import desk  # 0.3 s that a command's --help must not pay

    settings, os_user = app.settings, system_user()
    opened = desk.open_desk(
        settings.database_url,
        clock=app.clock or SystemClock(settings.zone),
        officer=settings.officer or os_user,
        os_user=os_user,
        office=office_of(app),
    )
    app.ends.callback(opened.engine.dispose)
    return opened


def office_of(app: App) -> "Office":
    """Return the office that the settings describe.

    Raises:
        ConfigError: A setting is wrong.
    """
    from dsr.services.desk import FourEyes, Office

    settings = app.settings
    return Office(
        zone=settings.zone,
        laws=settings.laws,
        four_eyes=FourEyes(settings.four_eyes),
        key_file=settings.key_file,
        workspace=settings.workspace,
        rules_folder=settings.rules_folder,
        head_file=settings.head_file,
        reading=partial(_manner_of, settings),
    )


def _manner_of(settings: "Settings") -> "Manner":
    from dsr.domain.limits import Manner, limits_of
    from dsr.rules.places import country_of

    said = settings.said
    return Manner(
        limits=replace(limits_of(said["mail_limits"].value), folder=settings.workspace),
        server=said["mail_server"].value,
        phrases=settings.rules_folder / "phrases" if settings.rules_folder else None,
        region=country_of(settings.laws[0]) if settings.laws else "",
    )


def system_user() -> str:
    """Return the operating-system user as the system knows it: a variable could say anything."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run a user without a name
        return f"uid{number}"
