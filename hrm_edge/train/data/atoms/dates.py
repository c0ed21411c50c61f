"""Calendar dates (Gregorian, years 1 to 9999) and times of day."""

import calendar
import datetime
import random

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import Made, OneOf, Whole
from hrm_edge.train.data.atoms.favoured import Favoured

YEAR = Favoured(1583, 3000, (*range(1995, 2032), 1600, 1700, 1800, 1900, 2000, 2100, 2400))
RECENT = Whole(1999, 2032)
MONTH = Whole(1, 12)
DAY = Whole(1, 31)
HOUR = Whole(0, 23)
MINUTE = Whole(0, 59)
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _is_date(year: int, month: int, day: int) -> bool:
    return day <= calendar.monthrange(year, month)[1]


def _clock(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02d}:{rng.choice((0, 5, 15, 30, 45, rng.randint(0, 59))):02d}"


def _date_text(rng: random.Random) -> str:
    day = datetime.date(2000, 1, 1) + datetime.timedelta(days=rng.randint(0, 12_000))
    return day.isoformat()


CLOCK = Made(_clock, ("00:00", "23:59"))
DATE_TEXT = Made(_date_text, ("2000-01-01", "2024-02-29", "1999-12-31"))


# --- years and months


def _is_leap_by_steps(year: int) -> bool:
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0


@atom(
    topic="dates",
    says=(
        "whether {year} is a leap year of the Gregorian calendar",
        "whether {year} is divisible by 4 and not by 100, or is divisible by 400",
    ),
    names=("is_leap_year", "leap_year", "has_leap_day"),
    inputs={"year": YEAR},
    reference=calendar.isleap,
    claims=(
        Claim("1900 was no leap year.", (1900,), False),
        Claim("2000 was one, because 400 divides it.", (2000,), True),
    ),
    holds=("is a leap year", "are leap years"),
    also=(_is_leap_by_steps,),
    level=2,
)
def is_leap_year(year: int) -> bool:
    return (year % 4 == 0 and year % 100 != 0) or year % 400 == 0


@atom(
    topic="dates",
    says=(
        "the number of leap years from {first} to {last}, both included, in the Gregorian calendar",
        "how many years between {first} and {last}, ends included, have a 29 February",
    ),
    names=("count_leap_years", "leap_years_between", "number_of_leap_years"),
    inputs={"first": Whole(1890, 2010), "last": Whole(1890, 2110)},
    needs=lambda first, last: first <= last,
    reference=lambda first, last: calendar.leapdays(first, last + 1),
    claims=(Claim("1900 does not count.", (1900, 1900), 0), Claim("2000 counts.", (2000, 2000), 1)),
    level=2,
)
def count_leap_years(first: int, last: int) -> int:
    count = 0
    for year in range(first, last + 1):
        if is_leap_year(year):
            count += 1
    return count


def _days_in_month_by_list(year: int, month: int) -> int:
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if month == 2 and is_leap_year(year):
        return 29
    return days[month - 1]


@atom(
    topic="dates",
    says=(
        "the number of days in month {month} (1 to 12) of the year {year}",
        "how many days month number {month} has in {year}, leap years considered",
    ),
    names=("days_in_month", "month_length", "length_of_month"),
    inputs={"year": YEAR, "month": Favoured(1, 12, (2, 2, *range(1, 13)))},
    reference=lambda year, month: calendar.monthrange(year, month)[1],
    claims=(Claim("February has 29 days in a leap year.", (2024, 2), 29), Claim("1900 was none.", (1900, 2), 28)),
    also=(_days_in_month_by_list,),
    level=2,
)
def days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if is_leap_year(year) else 28
    if month in [4, 6, 9, 11]:
        return 30
    return 31


def _century_by_remainder(year: int) -> int:
    if year % 100 == 0:
        return year // 100
    return year // 100 + 1


@atom(
    topic="dates",
    says=(
        "the century, 1901 to 2000 being the 20th, that contains {year}",
        "the number, counted from 1, of the period of a hundred years, ending with a multiple of 100, that "
        "contains {year}",
    ),
    names=("century", "century_of", "century_from_year"),
    inputs={"year": Favoured(1, 3000, (1, 99, 100, 101, 1700, 1701, 1900, 1901, 1999, 2000, 2001, 2024))},
    reference=lambda year: next(c for c in range(1, 40) if year <= 100 * c),
    claims=(Claim("The year 1900 ends the 19th century.", (1900,), 19),),
    also=(_century_by_remainder,),
    level=1,
)
def century_of(year: int) -> int:
    return (year + 99) // 100


@atom(
    topic="dates",
    says=(
        "the quarter of the year, 1 to 4, that month {month} falls in",
        "which quarter month number {month} belongs to, January to March being quarter 1",
    ),
    names=("quarter", "quarter_of_month", "month_to_quarter"),
    inputs={"month": MONTH},
    reference=lambda month: [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4][month - 1],
    claims=(Claim("December is in quarter 4.", (12,), 4),),
    level=1,
)
def quarter_of_month(month: int) -> int:
    return (month + 2) // 3


@atom(
    topic="dates",
    says=(
        "the month, 1 to 12, that comes {k} months after month {month}",
        "the number of the month {k} months later than month number {month}, where January follows December",
    ),
    names=("month_after", "shift_month", "add_months"),
    inputs={"month": MONTH, "k": Whole(0, 40)},
    reference=lambda month, k: (list(range(1, 13)) * 5)[month - 1 + k],
    claims=(
        Claim("One month after December is January.", (12, 1), 1),
        Claim("Twelve months change nothing.", (5, 12), 5),
    ),
    level=2,
)
def month_after(month: int, k: int) -> int:
    return (month - 1 + k) % 12 + 1


# --- dates


@atom(
    topic="dates",
    says=(
        "whether {year}, {month} and {day} are year, month and day of a date that exists",
        "whether there is a day {day} in a month number {month} of the year {year}",
    ),
    names=("is_valid_date", "date_exists", "valid_date"),
    inputs={"year": YEAR, "month": Whole(0, 13), "day": Favoured(0, 32, (0, 1, 15, 28, 29, 30, 31, 32))},
    reference=lambda year, month, day: 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1],
    claims=(
        Claim("29 February exists in leap years only.", (2023, 2, 29), False),
        Claim("There is no month 13.", (2023, 13, 1), False),
    ),
    level=2,
)
def is_valid_date(year: int, month: int, day: int) -> bool:
    if month < 1 or month > 12:
        return False
    return 1 <= day <= days_in_month(year, month)


def _day_of_year_by_table(year: int, month: int, day: int) -> int:
    before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    number = before[month - 1] + day
    if month > 2 and is_leap_year(year):
        number += 1
    return number


@atom(
    topic="dates",
    says=(
        "the number of the day {day} of month {month} within the year {year}, where 1 January has number 1",
        "how many days of {year} have begun on day {day} of month number {month}, that day included",
    ),
    names=("day_of_year", "ordinal_day", "day_number"),
    inputs={"year": YEAR, "month": MONTH, "day": DAY},
    needs=_is_date,
    reference=lambda year, month, day: datetime.date(year, month, day).timetuple().tm_yday,
    claims=(Claim("1 January is day 1.", (2023, 1, 1), 1), Claim("31 December can be day 366.", (2024, 12, 31), 366)),
    also=(_day_of_year_by_table,),
    level=2,
)
def day_of_year(year: int, month: int, day: int) -> int:
    number = day
    for earlier in range(1, month):
        number += days_in_month(year, earlier)
    return number


def _weekday_by_counting(year: int, month: int, day: int) -> str:
    names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400 + day_of_year(year, month, day)
    return names[days % 7]


@atom(
    topic="dates",
    says=(
        "the English name of the weekday of day {day} of month {month} in the year {year}",
        'the day of the week ("Monday" to "Sunday") on which the date with year {year}, month {month} and day {day} '
        "falls",
    ),
    names=("weekday_name", "day_of_week", "weekday"),
    inputs={"year": YEAR, "month": MONTH, "day": DAY},
    needs=_is_date,
    reference=lambda year, month, day: NAMES[datetime.date(year, month, day).weekday()],
    claims=(Claim("1 January 2000 was a Saturday.", (2000, 1, 1), "Saturday"),),
    also=(_weekday_by_counting,),
    level=4,
)
def weekday_name(year: int, month: int, day: int) -> str:
    names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    shifts = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    if month < 3:
        year -= 1
    number = year + year // 4 - year // 100 + year // 400 + shifts[month - 1] + day
    return names[number % 7]


@atom(
    topic="dates",
    says=(
        "whether day {day} of month {month} in {year} is a Saturday or a Sunday",
        "whether the date with year {year}, month {month} and day {day} falls on a weekend",
    ),
    names=("is_weekend", "falls_on_weekend", "weekend_day"),
    inputs={"year": YEAR, "month": MONTH, "day": DAY},
    needs=_is_date,
    reference=lambda year, month, day: datetime.date(year, month, day).isoweekday() > 5,
    claims=(Claim("1 January 2000 was a Saturday.", (2000, 1, 1), True),),
    level=3,
)
def is_weekend(year: int, month: int, day: int) -> bool:
    return weekday_name(year, month, day) in ["Saturday", "Sunday"]


@atom(
    topic="dates",
    says=(
        "how many months of the year {year} have a Friday as day 13",
        "the number of Fridays in {year} that are the thirteenth of a month",
    ),
    names=("count_friday_thirteenths", "unlucky_fridays", "friday_the_thirteenths"),
    inputs={"year": YEAR},
    reference=lambda year: sum(datetime.date(year, month, 13).weekday() == 4 for month in range(1, 13)),
    claims=(Claim("2015 had three.", (2015,), 3),),
    level=3,
)
def count_friday_thirteenths(year: int) -> int:
    count = 0
    for month in range(1, 13):
        if weekday_name(year, month, 13) == "Friday":
            count += 1
    return count


@atom(
    topic="dates",
    says=(
        "year, month and day of the date after day {day} of month {month} of {year}",
        "the day that follows the date with year {year}, month {month} and day {day}, as year, month and day",
    ),
    names=("next_day", "day_after", "tomorrow"),
    inputs={"year": YEAR, "month": MONTH, "day": Favoured(1, 31, (1, 15, 27, 28, 29, 30, 31))},
    needs=_is_date,
    reference=lambda year, month, day: _later(year, month, day, 1),
    claims=(
        Claim("31 December is followed by 1 January.", (2023, 12, 31), (2024, 1, 1)),
        Claim("In a leap year 28 February is followed by the 29th.", (2024, 2, 28), (2024, 2, 29)),
    ),
    level=2,
)
def next_day(year: int, month: int, day: int) -> tuple[int, int, int]:
    if day < days_in_month(year, month):
        return (year, month, day + 1)
    if month < 12:
        return (year, month + 1, 1)
    return (year + 1, 1, 1)


def _later(year: int, month: int, day: int, days: int) -> tuple[int, int, int]:
    later = datetime.date(year, month, day) + datetime.timedelta(days=days)
    return later.year, later.month, later.day


def _add_days_month_by_month(year: int, month: int, day: int, days: int) -> tuple[int, int, int]:
    day += days
    while day > days_in_month(year, month):
        day -= days_in_month(year, month)
        month += 1
        if month > 12:
            month = 1
            year += 1
    return (year, month, day)


@atom(
    topic="dates",
    says=(
        "year, month and day of the date {days} days after day {day} of month {month} of {year}",
        "the date, as year, month and day, that lies {days} days later than the one with year {year}, month {month} "
        "and day {day}",
    ),
    names=("add_days", "date_after_days", "days_later"),
    inputs={"year": YEAR, "month": MONTH, "day": DAY, "days": Favoured(0, 400, (*range(40), 365, 366, 400))},
    needs=lambda year, month, day, _days: _is_date(year, month, day),
    reference=_later,
    claims=(Claim("No days later is the same date.", (2023, 5, 6, 0), (2023, 5, 6)),),
    also=(_add_days_month_by_month,),
    level=3,
)
def add_days(year: int, month: int, day: int, days: int) -> tuple[int, int, int]:
    for _ in range(days):
        day += 1
        if day > days_in_month(year, month):
            day = 1
            month += 1
            if month > 12:
                month = 1
                year += 1
    return (year, month, day)


@atom(
    topic="dates",
    says=(
        "the number of days from the date {first} to the date {second}, both written like 2024-02-29; negative if the "
        "second is earlier",
        "how many days later than {first} the date {second} is, given as year-month-day texts with two-digit months "
        "and days (below zero if it is earlier)",
    ),
    names=("days_between", "date_difference", "days_from_to"),
    inputs={"first": DATE_TEXT, "second": DATE_TEXT},
    reference=lambda first, second: (datetime.date.fromisoformat(second) - datetime.date.fromisoformat(first)).days,
    claims=(Claim("A date is 0 days from itself.", ("2024-02-29", "2024-02-29"), 0),),
    level=4,
)
def days_between(first: str, second: str) -> int:
    return _days_since_year_one(second) - _days_since_year_one(first)


def _days_since_year_one(date: str) -> int:
    parts = [int(part) for part in date.split("-")]
    past = parts[0] - 1
    days = past * 365 + past // 4 - past // 100 + past // 400
    return days + day_of_year(parts[0], parts[1], parts[2])


@atom(
    topic="dates",
    says=(
        "the age in whole years on the date {today} of a person born on {born}, both dates like 2024-02-29",
        "how many birthdays a person born on {born} has had by {today}, that day included (dates as year-month-day "
        "with two-digit months and days; 29 February counts on 1 March in other years)",
    ),
    names=("age_on_date", "age_in_years", "years_old"),
    inputs={
        "born": DATE_TEXT,
        "today": Made(_date_text, ("2000-01-01", "2032-11-08", "2024-02-28")),
    },
    needs=lambda born, today: born <= today,
    reference=lambda born, today: sum(f"{year}{born[4:]}" <= today for year in range(int(born[:4]) + 1, 2100)),
    claims=(
        Claim("The birthday itself counts.", ("2000-05-06", "2010-05-06"), 10),
        Claim("The day before it does not.", ("2000-05-06", "2010-05-05"), 9),
    ),
    level=3,
)
def age_on_date(born: str, today: str) -> int:
    birth = [int(part) for part in born.split("-")]
    now = [int(part) for part in today.split("-")]
    age = now[0] - birth[0]
    if now[1] < birth[1] or (now[1] == birth[1] and now[2] < birth[2]):
        age -= 1
    return age


@atom(
    topic="dates",
    says=(
        'the date {date}, written "day/month/year", in the form "year-month-day" with two digits for month and day',
        'the text "year-month-day", month and day padded to two digits, for {date}, which has the form '
        '"day/month/year"',
    ),
    names=("iso_date", "to_iso_date", "reformat_date"),
    inputs={
        "date": Made(
            lambda rng: f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/{rng.randint(1990, 2030)}",
            ("1/1/2000", "28/12/1999"),
        )
    },
    reference=lambda date: datetime.datetime.strptime(date, "%d/%m/%Y").date().isoformat(),
    claims=(Claim("Single digits are padded.", ("5/3/2021",), "2021-03-05"),),
    level=2,
)
def iso_date(date: str) -> str:
    parts = date.split("/")
    return parts[2] + "-" + two_digits(int(parts[1])) + "-" + two_digits(int(parts[0]))


# --- times of day


@atom(
    topic="times",
    says=(
        'the text of two digits, such as "07", for {n}, a number below 100',
        "the decimal text, with a zero in front of a single digit, of {n}, which is at most 99",
    ),
    names=("two_digits", "pad_two", "zero_padded"),
    inputs={"n": Favoured(0, 99, (*range(12), 10, 59, 99))},
    reference=lambda n: f"{n:02d}",
    claims=(Claim("Numbers from 10 up are not padded.", (12,), "12"),),
    level=1,
)
def two_digits(n: int) -> str:
    return "0" + str(n) if n < 10 else str(n)


def _clock_from_seconds_by_subtracting(seconds: int) -> str:
    hours = 0
    while seconds >= 3600:
        seconds -= 3600
        hours += 1
    minutes = 0
    while seconds >= 60:
        seconds -= 60
        minutes += 1
    return two_digits(hours) + ":" + two_digits(minutes) + ":" + two_digits(seconds)


@atom(
    topic="times",
    says=(
        'the text "hh:mm:ss", two digits each for hours, minutes and seconds, for a duration in seconds of {seconds}',
        'the text like "01:02:03" with hours, minutes and seconds for a number of seconds that is {seconds}',
    ),
    names=("format_seconds", "seconds_to_clock", "as_hours_minutes_seconds"),
    inputs={"seconds": Favoured(0, 359_999, (0, 5, 59, 60, 61, 600, 3599, 3600, 3661, 7325, 35_999, 86_399))},
    reference=lambda seconds: f"{seconds // 3600:02d}" + str(datetime.timedelta(seconds=seconds % 3600))[1:],
    claims=(Claim("One hour, one minute, one second.", (3661,), "01:01:01"), Claim("Nothing.", (0,), "00:00:00")),
    also=(_clock_from_seconds_by_subtracting,),
    level=2,
)
def clock_from_seconds(seconds: int) -> str:
    parts = [seconds // 3600, seconds // 60 % 60, seconds % 60]
    return ":".join([two_digits(part) for part in parts])


@atom(
    topic="times",
    says=(
        'the text with hours, minutes and seconds, leaving out what is zero, such as "1h 5s" ("0s" for no time), '
        "for a time in seconds of {seconds}",
        'a short text with the parts "h", "m" and "s" that are not zero, separated by blanks ("0s" if all are), '
        "for a duration in seconds of {seconds}",
    ),
    names=("short_duration", "format_duration", "human_duration"),
    inputs={"seconds": Favoured(0, 50_000, (0, 5, 59, 60, 61, 600, 3599, 3600, 3605, 3661, 7200, 7325, 36_000))},
    reference=lambda seconds: (
        " ".join(
            f"{n}{unit}"
            for n, unit in zip((seconds // 3600, seconds % 3600 // 60, seconds % 60), "hms", strict=True)
            if n
        )
        or "0s"
    ),
    claims=(Claim("No time is 0s.", (0,), "0s"), Claim("65 seconds.", (65,), "1m 5s")),
    level=3,
)
def short_duration(seconds: int) -> str:
    parts: list[str] = []
    if seconds >= 3600:
        parts.append(str(seconds // 3600) + "h")
    if seconds // 60 % 60 > 0:
        parts.append(str(seconds // 60 % 60) + "m")
    if seconds % 60 > 0:
        parts.append(str(seconds % 60) + "s")
    if not parts:
        return "0s"
    return " ".join(parts)


def _minutes_by_characters(time: str) -> int:
    hours = int(time[0]) * 10 + int(time[1])
    return hours * 60 + int(time[3]) * 10 + int(time[4])


@atom(
    topic="times",
    says=(
        'the number of minutes from midnight to the time {time}, a text like "07:45" of the 24-hour clock',
        'how many minutes of the day have passed at {time}, given as "hh:mm"',
    ),
    names=("minutes_since_midnight", "clock_to_minutes", "parse_time"),
    inputs={"time": CLOCK},
    reference=lambda time: (
        (datetime.datetime.fromisoformat(f"2000-01-01 {time}") - datetime.datetime(2000, 1, 1)).seconds // 60
    ),
    claims=(Claim("Midnight is minute 0.", ("00:00",), 0), Claim("01:30 is minute 90.", ("01:30",), 90)),
    also=(_minutes_by_characters,),
    level=2,
)
def minutes_since_midnight(time: str) -> int:
    parts = time.split(":")
    return int(parts[0]) * 60 + int(parts[1])


def _minutes_between_by_steps(start: str, end: str) -> int:
    now = minutes_since_midnight(start)
    target = minutes_since_midnight(end)
    waited = 0
    while now != target:
        now = (now + 1) % 1440
        waited += 1
    return waited


@atom(
    topic="times",
    says=(
        'the number of minutes from {start} until the next {end}, both times of day like "07:45"',
        'how many minutes pass from {start} to {end} on the 24-hour clock ("hh:mm"), going over midnight if the second '
        "is earlier",
    ),
    names=("minutes_between", "minutes_until", "time_difference"),
    inputs={"start": CLOCK, "end": CLOCK},
    reference=lambda start, end: _seconds_between(start, end) % 86_400 // 60,
    claims=(
        Claim("The way may lead over midnight.", ("23:50", "00:10"), 20),
        Claim("Equal times are 0 minutes apart.", ("08:00", "08:00"), 0),
    ),
    also=(_minutes_between_by_steps,),
    level=2,
)
def minutes_between(start: str, end: str) -> int:
    minutes = minutes_since_midnight(end) - minutes_since_midnight(start)
    if minutes < 0:
        minutes += 1440
    return minutes


def _seconds_between(start: str, end: str) -> int:
    first, second = (datetime.datetime.fromisoformat(f"2000-01-02 {time}") for time in (start, end))
    return (second - first).days * 86_400 + (second - first).seconds


@atom(
    topic="times",
    says=(
        'the time of day {minutes} minutes after {time}, both times being texts like "07:45"',
        'what the 24-hour clock ("hh:mm") shows {minutes} minutes later than {time}',
    ),
    names=("add_minutes", "time_after", "clock_after_minutes"),
    inputs={"time": CLOCK, "minutes": Favoured(0, 3000, (0, 1, 5, 10, 15, 30, 45, 60, 90, 720, 1440, 1500))},
    reference=lambda time, minutes: (
        datetime.datetime.fromisoformat(f"2000-01-02 {time}") + datetime.timedelta(minutes=minutes)
    ).strftime("%H:%M"),
    claims=(Claim("After midnight the clock starts again.", ("23:50", 20), "00:10"),),
    level=3,
)
def add_minutes(time: str, minutes: int) -> str:
    total = (minutes_since_midnight(time) + minutes) % 1440
    return two_digits(total // 60) + ":" + two_digits(total % 60)


@atom(
    topic="times",
    says=(
        "the time of {hour} hours and {minute} minutes on the 24-hour clock as a text of the 12-hour clock like "
        '"3:05 PM"',
        'a text such as "12:30 AM" for the time with hour {hour} (0 to 23) and minute {minute}: hour from 1 to 12, '
        "minutes in two digits",
    ),
    names=("twelve_hour_clock", "to_am_pm", "am_pm_time"),
    inputs={"hour": HOUR, "minute": MINUTE},
    reference=lambda hour, minute: datetime.time(hour, minute).strftime("%I:%M %p").lstrip("0"),
    claims=(Claim("Midnight is 12 AM.", (0, 0), "12:00 AM"), Claim("Noon is 12 PM.", (12, 0), "12:00 PM")),
    level=2,
)
def twelve_hour_clock(hour: int, minute: int) -> str:
    half = "AM" if hour < 12 else "PM"
    shown = hour % 12
    if shown == 0:
        shown = 12
    return str(shown) + ":" + two_digits(minute) + " " + half


@atom(
    topic="times",
    says=(
        'the 24-hour form "hh:mm" of {time}, a time of the 12-hour clock like "3:05 PM"',
        'the text of two-digit hours and minutes for {time}, which is written like "12:30 AM"',
    ),
    names=("twenty_four_hour_clock", "from_am_pm", "convert_to_24_hours"),
    inputs={
        "time": Made(
            lambda rng: f"{rng.choice((12, rng.randint(1, 12)))}:{rng.randint(0, 59):02d} {rng.choice(('AM', 'PM'))}",
            ("12:00 AM", "12:00 PM", "1:05 PM"),
        )
    },
    reference=lambda time: datetime.datetime.strptime(time, "%I:%M %p").strftime("%H:%M"),
    claims=(Claim("12:15 AM is a quarter past midnight.", ("12:15 AM",), "00:15"),),
    level=3,
)
def twenty_four_hour_clock(time: str) -> str:
    parts = time.split(" ")
    clock = parts[0].split(":")
    hour = int(clock[0]) % 12
    if parts[1] == "PM":
        hour += 12
    return two_digits(hour) + ":" + clock[1]


@atom(
    topic="times",
    says=(
        "whether {time} is a text of the form hh:mm with hours from 00 to 23 and minutes from 00 to 59",
        "whether {time} is a valid time of the 24-hour clock as a text: two digits, a colon, two digits, in range",
    ),
    names=("is_valid_time", "valid_clock_time", "is_clock_time"),
    inputs={
        "time": Made(
            lambda rng: rng.choice(
                (_clock(rng), "24:00", "12:60", "1:30", "ab:cd", "12-30", "23:59 ", "", "7:5", "99:99")
            ),
            ("", "00:00", "24:00"),
        )
    },
    reference=lambda time: time in {f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)},
    claims=(Claim("The hour needs two digits.", ("7:30",), False), Claim("There is no 24:00.", ("24:00",), False)),
    level=3,
)
def is_valid_time(time: str) -> bool:
    if len(time) != 5 or time[2] != ":":
        return False
    digits = time[:2] + time[3:]
    for c in digits:
        if not c.isdigit():
            return False
    return int(time[:2]) < 24 and int(time[3:]) < 60


@atom(
    topic="times",
    says=(
        "twice the smaller angle in degrees between the hands of a clock that shows {hour} hours and {minute} minutes",
        "the smaller angle between hour hand and minute hand, in half degrees and so a whole number, at hour "
        "{hour} and minute {minute}",
    ),
    names=("clock_angle", "angle_between_hands", "hand_angle"),
    inputs={"hour": HOUR, "minute": MINUTE},
    reference=lambda hour, minute: min(abs(60 * hour + minute - 12 * minute + 720 * turns) for turns in range(-3, 3)),
    claims=(Claim("At 3:00 the hands are 90 degrees apart.", (3, 0), 180), Claim("At noon they meet.", (12, 0), 0)),
    level=3,
)
def clock_angle(hour: int, minute: int) -> int:
    hour_hand = (hour % 12) * 60 + minute
    minute_hand = minute * 12
    angle = abs(hour_hand - minute_hand)
    return min(angle, 720 - angle)


@atom(
    topic="times",
    says=(
        'the number of seconds in the duration {duration}, a text "minutes:seconds" such as "3:25"',
        "how many seconds {duration} stands for, written as minutes, a colon and two digits of seconds",
    ),
    names=("duration_seconds", "parse_duration", "to_seconds"),
    inputs={"duration": Made(lambda rng: f"{rng.randint(0, 99)}:{rng.randint(0, 59):02d}", ("0:00", "0:07"))},
    reference=lambda duration: int(
        datetime.timedelta(minutes=int(duration[:-3]), seconds=int(duration[-2:])).total_seconds()
    ),
    claims=(Claim("One minute is 60 seconds.", ("1:00",), 60),),
    level=2,
)
def duration_seconds(duration: str) -> int:
    parts = duration.split(":")
    return int(parts[0]) * 60 + int(parts[1])


@atom(
    topic="times",
    says=(
        "the weekday {k} days after {day}, an English weekday name",
        "the name of the day of the week that comes {k} days later than {day}",
    ),
    names=("weekday_after", "later_weekday", "shift_weekday"),
    inputs={"day": OneOf(NAMES), "k": Whole(0, 30)},
    reference=lambda day, k: (NAMES * 6)[NAMES.index(day) + k],
    claims=(Claim("Seven days lead to the same weekday.", ("Friday", 7), "Friday"),),
    level=2,
)
def weekday_after(day: str, k: int) -> str:
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    return names[(names.index(day) + k) % 7]
