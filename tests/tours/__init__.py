from . import (
    test_tour_backend,
    test_tour_clicks,
    test_tour_committee,
    test_tour_death,
    test_tour_front_desk,
    test_tour_interaction,
    test_tour_lists,
    test_tour_next,
    test_tour_papers,
    test_tour_portal,
    test_tour_rights,
    test_tour_typed_values,
)
