from . import (
    attachment,
    home,
    import_template,
    mail,
    pivot,
    portal,
    portal_account,
    portal_data,
    portal_delivery,
    portal_form,
    portal_rating,
)
