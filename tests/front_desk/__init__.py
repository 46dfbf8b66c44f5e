from . import (
    test_complaint,
    test_front_desk_correction,
    test_interaction,
    test_interaction_mail,
    test_interaction_rating,
    test_outreach,
    test_question_answer,
)
