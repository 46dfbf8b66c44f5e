from . import home, import_template, portal, portal_form
