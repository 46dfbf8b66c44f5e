"""The papers of a file: their kinds, versions and reminders.

Imports from: rules, mixins.
"""

from . import (
    document_type,
    document,
    document_import,
    document_desk,
    document_portal,
    document_reminder,
    document_version,
    document_once,
    document_guard,
)
