from . import (
    attachment,
    home,
    import_template,
    mail,
    pivot,
    portal,
    portal_account,
    portal_delivery,
    portal_form,
    portal_newcomer,
    portal_rating,
    portal_signin,
)
