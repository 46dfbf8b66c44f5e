"""The bank's answer to a list of disbursement: which payments were made (R52).

Banks answer with a sheet. Its columns are found by their titles, and each row names a
payment by the reference that the list gave it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from . import RuleError, number
from .arabic import number_text, one_line, search_key
from .sheet import title_key

PAID, RETURNED = "paid", "returned"

# The words of banks, in the order in which a column is looked for.
_TITLES = {
    "reference": "المرجع، مرجع الدفعة، رقم الدفعة، رقم المرجع، reference, payment, "
    "payment reference",
    "state": "النتيجة، الحالة، حالة الدفعة، نتيجة التحويل، result, status, state",
    "reason": "السبب، سبب الإرجاع، سبب الرفض، الملاحظات، ملاحظات، reason, "
    "return reason, remarks, notes",
    "amount": "المبلغ، amount",
    "bank_reference": "مرجع البنك، رقم العملية، رقم الحوالة، bank reference, "
    "transaction, transaction number",
}
_WORDS = {
    PAID: "مدفوع، مدفوعة، دفعت، صرف، صرفت، تم الصرف، تم التحويل، تم الدفع، تم، منفذ، "
    "منفذة، مقبول، مقبولة، ناجح، ناجحة، paid, success, successful, completed, "
    "executed, accepted, done",
    RETURNED: "مرتجع، مرتجعة، مرفوض، مرفوضة، راجع، راجعة، معاد، معادة، أعيدت، فشل، "
    "فشلت، لم تنفذ، غير منفذة، returned, rejected, failed, refused, bounced",
}


def _keys(words, key):
    return [key(word) for word in words.replace("،", ",").split(",")]


_COLUMNS = {name: _keys(titles, title_key) for name, titles in _TITLES.items()}
_STATES = {
    word: state for state, words in _WORDS.items() for word in _keys(words, search_key)
}
NEEDED = ("reference", "state")


@dataclass(frozen=True)
class Answer:
    """What the bank says of one payment.

    :ivar row: number of the row in the sheet, from 1
    :ivar state: :data:`PAID`, :data:`RETURNED`, or "" when the word is not known
    :ivar said: the word of the sheet
    :ivar amount: the amount in the sheet; None when it names none
    :ivar problem: code of what cannot be read, or ""
    """

    row: int
    reference: str
    state: str
    said: str
    reason: str
    amount: float | None
    bank_reference: str
    problem: str = ""


def read(rows: Iterable[list]) -> list[Answer]:
    """Return the answers of a sheet, whose first row with known titles is its head.

    :param rows: the cells of each row, as texts
    :raise RuleError: ``no_titles`` where no row has the columns of :data:`NEEDED`,
        ``empty`` where nothing stands below them
    """
    head, answers = None, []
    for row, cells in enumerate(rows, 1):
        if head is None:
            head = _find_columns(cells)
        elif any(str(cell).strip() for cell in cells):
            answers.append(_read_row(row, head, cells))
    if head is None:
        raise RuleError("no_titles")
    # The row of the total names no payment.
    answers = [answer for answer in answers if answer.reference or answer.said]
    if not answers:
        raise RuleError("empty")
    return answers


def reference_key(text: str) -> str:
    """Return the one form of a reference: digits and signs as they were printed."""
    return number_text(text).upper()


def _find_columns(cells):
    """Return the number of each column that is known; None if one is missing."""
    titles = [title_key(str(cell)) for cell in cells]
    found = {
        name: next((titles.index(key) for key in keys if key in titles), None)
        for name, keys in _COLUMNS.items()
    }
    return None if any(found[name] is None for name in NEEDED) else found


def _read_row(row, head, cells):
    def cell(name):
        column = head[name]
        value = cells[column] if column is not None and column < len(cells) else ""
        return one_line(str(value or ""))

    said, written = cell("state"), cell("amount")
    amount, problem = _read_amount(written)
    return Answer(
        row=row,
        reference=reference_key(cell("reference")),
        state=_STATES.get(search_key(said), ""),
        said=said,
        reason=cell("reason"),
        amount=amount,
        bank_reference=cell("bank_reference"),
        problem=problem,
    )


def _read_amount(text):
    """Return the amount of a cell, and the code of a problem."""
    if not text:
        return None, ""
    try:
        return float(number.plain(text)), ""
    except number.NumberError:
        return None, "amount"
