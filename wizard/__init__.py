from . import (
    beneficiary_merge,
    beneficiary_merge_line,
    decision_close,
    document_match,
    file_match,
    file_move,
    referral_move,
    referral_send,
    request_move,
    vote_wizard,
)
