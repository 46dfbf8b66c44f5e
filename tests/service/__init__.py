from . import (
    test_public_pages,
    test_service,
    test_service_advice,
    test_service_answers,
    test_service_portal,
)
