from . import (
    attachment,
    home,
    import_template,
    portal,
    portal_delivery,
    portal_form,
    portal_rating,
)
