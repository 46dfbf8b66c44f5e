from . import (
    test_committee_interest,
    test_committee_trace,
    test_committee_vote,
    test_letter,
    test_letter_reissue,
    test_member_news,
    test_presence,
    test_proposal,
    test_session,
    test_session_minutes,
    test_study_sheet,
    test_vote_concurrency,
)
