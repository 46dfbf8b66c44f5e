from . import (
    test_applicant_reach,
    test_attachments,
    test_conversation,
    test_mail_doors,
    test_mail_link,
    test_news,
    test_notice,
    test_notice_correction,
    test_notice_message,
    test_notice_sms,
    test_request_messages,
    test_thread,
)
