from . import test_digest, test_home, test_report_models
