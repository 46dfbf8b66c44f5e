from . import (
    test_appointment,
    test_complaint,
    test_contact_portal,
    test_enquiry,
    test_front_desk_correction,
    test_interaction,
    test_interaction_mail,
    test_interaction_rating,
    test_outreach,
    test_question_answer,
    test_visit_portal,
)
