from . import home, portal, portal_form
