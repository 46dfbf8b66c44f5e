from . import (
    decision_close,
    document_match,
    file_match,
    referral_move,
    referral_send,
    request_move,
    vote_wizard,
)
