"""What was typed into a form that was refused, kept for the page it leads back to.

Every POST answers with a redirect, so that a reload sends nothing again. The page then
shows the refusal beside the button, and the texts as they were typed.
"""

from odoo.http import request

KEY = "beneficiary_form"
# A session is small: longer texts were refused for their length.
LONGEST = 4000


def keep(name, error, values):
    """Keep the refusal ``error`` of the form ``name``, with the texts in ``values``."""
    request.session[KEY] = {
        "name": name,
        "error": str(error),
        "values": {key: text[:LONGEST] for key, text in values.items()},
    }


def take(*names):
    """Return the refused form if it is one of ``names``; it is shown once.

    :return: dict with ``name``, ``error`` and ``values``; empty values if there is none
    """
    kept = request.session.get(KEY) or {}
    if kept.get("name") not in names:
        return {"name": "", "error": "", "values": {}}
    del request.session[KEY]
    return kept
