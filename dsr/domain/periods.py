"""The last day of a period, by working days, days or months."""

from datetime import date, timedelta

from dsr.domain.calendars import Calendar
from dsr.domain.cited import Unit


def after(start: date, amount: int, unit: Unit, days: Calendar) -> date:
    """Return the last day of a period; the day of the start is not counted.

    Months end on the same date of the last month, or on its last day where it has no such date.
    """
    if unit is Unit.WORKING_DAYS:
        return days.add_working_days(start, amount)
    if unit is Unit.DAYS:
        return start + timedelta(days=amount)
    from dateutil.relativedelta import relativedelta  # 10 ms that Chinese clocks save

    return start + relativedelta(months=amount)
