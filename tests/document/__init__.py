from . import (
    test_document,
    test_document_access,
    test_document_add,
    test_document_reminder,
)
