from . import test_consent, test_data_copy, test_data_request, test_portal_data
