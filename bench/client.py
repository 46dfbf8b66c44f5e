"""What Odoo's web client asks the server for, when a user opens a view.

The specification of a view lists the fields to read. It follows ``getFieldsSpec`` and
``extractFieldsFromArchInfo`` of ``web/static/src/model/relational_model/utils.js``.
"""

from ast import literal_eval

from lxml import etree

LIST_PAGE = 80
KANBAN_PAGE = 40
LINES = 40
CHOICES = 8
COUNT_LIMIT = 10_001
ALWAYS = ("True", "1")
X2MANY = ("one2many", "many2many")
ACTIVITY = (
    "activity_exception_decoration",
    "activity_exception_icon",
    "activity_state",
    "activity_summary",
    "activity_type_icon",
    "activity_type_id",
)
# Fields that a widget reads beside its own.
DEPENDENCIES = {
    "list_activity": ACTIVITY,
    "kanban_activity": ACTIVITY,
    "image": ("write_date",),
    "contact_image": ("write_date",),
    "signature": ("write_date",),
    "statusbar_duration": ("duration_tracking",),
    "name_with_subtask_count": ("subtask_count", "closed_subtask_count"),
    "project_task_state_selection": ("project_id",),
    "project_task_stage_with_state_selection": ("state",),
    "subtask_counter": ("subtask_count", "closed_subtask_count"),
}


def get_specification(model, view_type):
    """Return the specification of the model's view, for records that exist."""
    arch = _get_arch(model, view_type)
    fields = specify(model, arch)
    for name in get_later(arch):
        fields.pop(name, None)
    return fields


def read_list(model, domain):
    """Read the first page of the model's list, as ``list_controller`` does."""
    arch = _get_arch(model, "list")
    return model.with_context(bin_size=True).web_search_read(
        domain,
        specify(model, arch),
        limit=int(arch.get("limit") or LIST_PAGE),
        order=arch.get("default_order") or "",
        count_limit=COUNT_LIMIT,
    )


def read_groups(model, domain, group_by):
    """Read the folded groups of the model's list, and the counts of their records."""
    return model.with_context(read_group_expand=True).web_read_group(
        domain, [group_by], ["__count"], limit=LIST_PAGE
    )


def read_kanban(model, domain):
    """Read the model's kanban: its columns and cards, and the bars above them."""
    arch = _get_arch(model, "kanban")
    group_by = arch.get("default_group_by")
    model = model.with_context(bin_size=True)
    bar = arch.find(".//progressbar")
    if bar is not None:
        model.read_progress_bar(
            domain,
            group_by,
            {"field": bar.get("field"), "colors": _evaluate(bar.get("colors"))},
        )
    return model.with_context(read_group_expand=True).web_read_group(
        domain,
        [group_by],
        auto_unfold=True,
        opening_info=[],
        unfold_read_specification=specify(model, arch),
        unfold_read_default_limit=int(arch.get("limit") or KANBAN_PAGE),
    )


def read_form(record, fields):
    """Read a record for its form, as the client does when it opens one of a list.

    :param fields: the specification; the client has read the view before
    """
    return record.with_context(bin_size=True).web_read(fields)


def get_later(arch):
    """Return the fields that are read when their page of the form is opened.

    ``static/src/backend/pages.js`` leaves them out before.
    """
    names = ",".join(arch.xpath("//page/@data-later")).split(",")
    return [name for name in names if name]


def find_choices(model, text):
    """Return the choices of a many2one field, for the text that was typed."""
    return model.web_name_search(text, {"display_name": {}}, [], "ilike", CHOICES)


def _get_arch(model, view_type):
    return etree.fromstring(model.get_view(view_type=view_type)["arch"])


def _evaluate(text):
    return literal_eval(text)


def specify(model, arch):
    """Return the specification of the view ``arch`` of ``model``."""
    fields = {}
    hidden = {}
    for node in arch.xpath(".//field[not(ancestor::field)]|.//widget"):
        name = node.get("name")
        if node.tag == "field" and node.getparent().tag != "groupby":
            never = any(
                node.get(key) in ALWAYS for key in ("invisible", "column_invisible")
            )
            # A field that stands twice is hidden if both are.
            if hidden.get(name, True):
                hidden[name] = never
                fields[name] = _specify_field(model, node, hidden=never)
        for other in DEPENDENCIES.get(node.get("widget") or name, ()):
            if other in model._fields:
                fields.setdefault(other, _specify_plain(model._fields[other]))
    return fields


def _specify_field(model, node, *, hidden):
    field = model._fields[node.get("name")]
    if field.type in X2MANY:
        return {} if hidden else _specify_lines(model.env[field.comodel_name], node)
    return _specify_plain(field, hidden=hidden)


def _specify_plain(field, *, hidden=False):
    if field.type in ("many2one", "reference"):
        return {"fields": {} if hidden else {"display_name": {}}}
    return {}


def _specify_lines(model, node):
    """Return the specification of a field of several records."""
    widget = node.get("widget", "")
    views = {view.tag: view for view in node if view.tag in ("list", "kanban", "form")}
    if not views:
        if "tags" in widget or "avatar" in widget or "checkboxes" in widget:
            colour = _evaluate(node.get("options") or "{}").get("color_field")
            return {"fields": {"display_name": {}, **({colour: {}} if colour else {})}}
        if widget and widget not in X2MANY:
            return {"fields": {}}
        views = {"list": _get_arch(model, "list")}
    shown = views.get(node.get("mode", "").split(",")[0])
    if shown is None:
        shown = views.get("list", next(iter(views.values())))
    fields = specify(model, shown)
    if "form" in views:
        # What the dialog of a line shows is read with the lines.
        for name, inner in specify(model, views["form"]).items():
            plain = {} if model._fields[name].type in X2MANY else inner
            fields.setdefault(name, plain)
    answer = {"fields": fields, "limit": int(shown.get("limit") or LINES)}
    if order := shown.get("default_order"):
        answer["order"] = order
    return answer
