"""What people type, read the way they write it: numbers, months, days."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from applicants.survey.questions import Question
from applicants.survey.words import MAX_TEXT


def count_words(text: str) -> int:
    return len(text.split())


def read_number(text: Any) -> Decimal | None:
    """Read 71.3 and 71,3; None when it is no number."""
    try:
        number = Decimal(str(text).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_month(text: str) -> str | None:
    """Read 09/2005, 9.2005 and 2005-09 as 2005-09, and a year alone as it is; None when it is neither."""
    text = text.strip()
    if re.fullmatch(r"(19|20)\d\d", text):
        return text
    match = re.fullmatch(r"(\d{1,2})\s*[./-]\s*((?:19|20)\d\d)", text)
    month, year = (int(match[1]), match[2]) if match else (0, "")
    if not match:
        match = re.fullmatch(r"((?:19|20)\d\d)-(\d{1,2})", text)
        month, year = (int(match[2]), match[1]) if match else (0, "")
    return f"{year}-{month:02d}" if 1 <= month <= 12 else None


def read_date(text: str) -> date | None:
    """Read 31.12.1985, 31/12/1985 and 1985-12-31; None when there is no such day."""
    match = re.fullmatch(r"(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{4})", text.strip())
    day, month, year = (int(match[1]), int(match[2]), int(match[3])) if match else (0, 0, 0)
    try:
        return date(year, month, day) if match else date.fromisoformat(text.strip())
    except ValueError:
        return None


def clean_value(question: Question, value: Any) -> Any:
    """Bring what a browser sends into the form that is stored; nothing is refused but what is far too long."""
    if question.type == "multi":
        return [str(v).replace("\x00", "")[:200] for v in value if v][:100] if isinstance(value, list) else []
    if question.type == "consent":
        return "yes" if value in {"yes", "on", "true"} else ""
    text = str(value or "").replace("\r\n", "\n").replace("\x00", "")
    return text[:MAX_TEXT]
