from . import (
    beneficiary_merge,
    beneficiary_merge_line,
    decision_close,
    document_match,
    file_match,
    referral_send,
    request_move,
    vote_wizard,
)
