"""The papers of a file: their kinds, versions and reminders.

Imports from: rules.
"""

from . import (
    document_type,
    document_import,
    document_version,
    document_reminder,
    document,
)
