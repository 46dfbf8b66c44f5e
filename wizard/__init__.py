from . import decision_close, document_match, referral_send, request_move, vote_wizard
