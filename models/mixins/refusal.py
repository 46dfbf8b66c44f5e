"""Refusals that lead to the field in which they are put right.

A refusal is a sentence. Where the sentence asks for a value, it is a :class:`Problem`:
a sentence that also knows its record and its fields. The screen takes the user there
(``static/src/backend/refusal.js``).
"""

from odoo.exceptions import UserError

PLACES = "beneficiary_places"


class Problem(str):
    """A sentence about values that are missing or wrong, and their place.

    :param sentence: the translated text
    :param record: the record that has the fields; an empty value stands for the dialog
        in which the acting user gives the input of a move
    :param names: the fields, the most important one first
    """

    def __new__(cls, sentence, record, *names):
        problem = super().__new__(cls, sentence)
        problem.record = record
        problem.names = names
        return problem

    def _get_place(self):
        """Return the place for the screen; None if the acting user may not read it."""
        if not self.record:
            return {"fields": self.names}
        record = self.record.sudo(False)
        if not record.has_access("read"):
            return None
        return {
            "model": record._name,
            "id": record._origin.id,
            "fields": self.names,
            "name": record.display_name,
        }


def refusal(message, problems=None):
    """Return the error to raise, with the places of ``problems``.

    :param message: the text that the user reads
    :param problems: texts, of which some may be a :class:`Problem`; the message itself
        by default
    :rtype: UserError
    """
    error = UserError(message)
    places = [
        place
        for problem in problems or [message]
        if isinstance(problem, Problem) and (place := problem._get_place())
    ]
    if places:
        error.context = {PLACES: places}
    return error
