"""The calls that Odoo's web client makes for each screen of the addon.

``walk.py`` measures them with many rows.
"""

import ast
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import date_utils
from odoo.tools.safe_eval import datetime, safe_eval, time

MODULE = "beneficiary_relations"
PAGE = 80
COUNTED = 10001
SUGGESTED = 8
NUMBERS = ("integer", "float", "monetary")
# What a calendar asks for only where it is shown; see ``due_calendar.js``.
ASKED_LATER = {"beneficiary_due_calendar": {"reply_preview"}}
# What is typed into a search field: a word that many names have, and one that none has.
TYPED = {"a common word": "محمد", "an unknown word": "ظغثخذ"}
# Widgets of a relation that show names alone.
NAMES = ("many2many_tags", "many2many_checkboxes", "many2many_avatar_user")
LISTED = ("list", "kanban")


@dataclass(frozen=True)
class Call:
    """One call of the web client.

    :ivar screen: XML id of the action, without the module
    :ivar what: what is opened, chosen or typed
    :ivar model: the records, as the acting user and in the action's context
    :ivar method: name of the method
    :ivar args: its arguments
    """

    screen: str
    what: str
    model: Any
    method: str
    args: tuple

    def run(self):
        """Make the call and return the number of rows that it answers with."""
        return _count(getattr(self.model, self.method)(*self.args))


def _count(answer):
    if isinstance(answer, dict):
        for key in ("records", "groups"):
            if key in answer:
                return len(answer[key])
    return len(answer) if isinstance(answer, (list, tuple)) else 1


def get_actions(env):
    """Return the XML ids and the actions of all the addon's screens, by XML id."""
    found = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "ir.actions.act_window")], order="name"
    )
    windows = env["ir.actions.act_window"]
    return [(one.name, windows.browse(one.res_id)) for one in found]


def walk_all(env):
    """Yield each :class:`Call` of all screens for the user of ``env``."""
    yield from walk_home(env)
    yield from walk_compliance(env)
    for screen, action in get_actions(env(su=True)):
        try:
            yield from walk(env, screen, action)
        except (AccessError, UserError):  # a screen of somebody else
            continue


def walk(env, screen, action):
    """Yield each :class:`Call` of one screen for the user of ``env``.

    What a call needs to know is read when its turn comes: a row to open, a group.

    :param env: environment of the acting user
    :param screen: XML id of the action, without the module
    :param action: the window action, as superuser
    """
    user = env.user
    model = env.get(action.res_model)
    if model is None or not model.has_access("read"):
        return
    if action.group_ids and not action.group_ids & user.all_group_ids:
        return
    values = _Values(env, screen, action)
    if model._transient:
        yield from values.get_new()
        return
    for kind in values.kinds:
        yield from getattr(values, f"get_{kind}")()
    if "search" in values.arches:
        yield from values.get_searches()


def walk_home(env):
    """Yield the calls of the first screen, and of the lists behind its lines."""
    home = env["beneficiary.home"]
    yield Call("home", "lines", home, "get_home", ())
    try:
        sections = home.get_home()["sections"]
    except AccessError:
        return
    if any(part["key"] == "association" for part in sections):
        yield Call("home", "figures", home, "get_figures", ())
    for key in (line["key"] for part in sections for line in part["lines"]):
        opened = home.get_list(key)
        action = opened["action"]
        model = env[action["res_model"]].with_context(bin_size=True)
        views = [(view_id, kind) for view_id, kind in action["views"] if kind == "list"]
        arch = etree.fromstring(model.get_views(views)["views"]["list"]["arch"])
        order = ", ".join(f"{one['name']} ASC" for one in opened["order"])
        args = (action["domain"], get_spec(model, arch), 0, PAGE, order, COUNTED)
        yield Call("home", f"list: {key}", model, "web_search_read", args)


def walk_compliance(env):
    """Yield the calls of the compliance page of three years, and of its lines."""
    pages = env["beneficiary.compliance"]
    if not pages.has_access("create"):
        return
    today = env.company._get_beneficiary_today()
    page = pages.create(
        {
            "period": "own",
            "date_from": today - datetime.timedelta(3 * 366),
            "date_to": today,
        }
    )
    yield Call("compliance", "the page of three years", page, "action_refresh", ())
    arch = etree.fromstring(page.get_views([(False, "form")])["views"]["form"]["arch"])
    yield Call("compliance", "form", page, "web_read", (get_spec(page, arch),))
    for line in page.line_ids.filtered("code"):
        for method in ("action_open_kept", "action_open_broken"):
            try:
                action = getattr(line, method)()
            except AccessError:
                continue
            rows = env[action["res_model"]]
            arch = rows.get_views([(False, "list")])["views"]["list"]["arch"]
            spec = get_spec(rows, etree.fromstring(arch))
            args = (action["domain"], spec, 0, PAGE, None, COUNTED)
            what = f"{line.code}: {method.removeprefix('action_open_')}"
            yield Call("compliance", what, rows, "web_search_read", args)


def get_spec(model, arch):
    """Return the specification with which the client reads the fields of a view."""
    fields = model.fields_get()
    spec = {}
    for node in arch.iterfind(".//field"):
        name = node.get("name")
        is_inner = next(node.iterancestors("field"), None) is not None
        if is_inner or name not in fields or spec.get(name):
            continue
        hidden = "True" in (node.get("invisible"), node.get("column_invisible"))
        kind = fields[name]["type"]
        spec[name] = {}
        if kind in ("many2one", "reference"):
            spec[name] = {"fields": {} if hidden else {"display_name": {}}}
        elif kind in ("one2many", "many2many") and not hidden:
            spec[name] = _get_lines(model.env[fields[name]["relation"]], node, arch.tag)
    return spec


def _get_lines(lines, node, tag):
    """Return how the client reads the lines of a relation, as the view shows them."""
    inner = next((child for child in node if child.tag in LISTED), None)
    if inner is None and (node.get("widget") in NAMES or tag in LISTED):
        shown = {"display_name": {}} if node.get("widget") else {}
        if "color" in str(node.get("options")):
            shown["color"] = {}
        return {"fields": shown} if shown else {}
    if inner is None:
        arch = lines.get_views([(False, "list")])["views"]["list"]["arch"]
        inner = etree.fromstring(arch)
    else:
        inner = etree.fromstring(etree.tostring(inner))
    spec = {"fields": get_spec(lines, inner), "limit": 40}
    if inner.get("default_order"):
        spec["order"] = inner.get("default_order")
    return spec


class _Values:
    """What the web client knows about one screen once it has read its views."""

    def __init__(self, env, screen, action):
        self.screen = screen
        self.names = {
            "uid": env.uid,
            "allowed_company_ids": env.companies.ids,
            **_get_active(env, action),
            "context_today": datetime.date.today,
            "datetime": datetime,
            "time": time,
            "current_date": str(datetime.date.today()),
            "context": {},
        }
        context = self.evaluate(action.context or "{}")
        self.defaults = {
            key.removeprefix("search_default_"): value
            for key, value in context.items()
            if key.startswith("search_default_")
        }
        context = {
            key: value
            for key, value in context.items()
            if not key.startswith("search_default_")
        }
        self.model = env[action.res_model].with_context(**context)
        self.reader = self.model.with_context(bin_size=True)
        self.domain = self.evaluate(action.domain or "[]")
        self.views = [
            (view_id or False, "list" if kind == "tree" else kind)
            for view_id, kind in action.views
        ]
        asked = [*self.views, (action.search_view_id.id or False, "search")]
        answer = self.model.get_views(asked, {"toolbar": True, "load_filters": True})
        self.arches = {
            kind: etree.fromstring(view["arch"])
            for kind, view in answer["views"].items()
        }
        self.fields = self.model.fields_get()
        self.kinds = [kind for _id, kind in self.views if hasattr(self, f"get_{kind}")]
        self.start = self.get_start()

    def evaluate(self, text):
        return safe_eval(text.strip(), self.names) if isinstance(text, str) else text

    def call(self, what, method, *args, model=None):
        records = self.reader if model is None else model
        return Call(self.screen, what, records, method, args)

    # -- what is shown -----------------------------------------------------------------

    def get_sums(self, names):
        """Return what the client sums up of these fields, with their currencies."""
        sums = []
        for name in names:
            field = self.fields.get(name, {})
            if field.get("type") not in NUMBERS or not field.get("aggregator"):
                continue
            sums.append(f"{name}:{field['aggregator']}")
            currency = field.get("currency_field")
            if field["type"] == "monetary" and currency in self.fields:
                sums += [f"{currency}:array_agg_distinct", f"{name}:sum_currency"]
        return list(dict.fromkeys(sums))

    # -- the views ---------------------------------------------------------------------

    def get_start(self):
        """Return the domain with which the screen opens, and its groups."""
        domain, groups = Domain(self.domain), []
        for node in self.get_filters():
            if self.defaults.get(node.get("name")):
                domain &= Domain(self.get_condition(node))
                groups += self.get_groups(node)
        return list(domain), groups

    def get_page(self, what, domain, kind="list"):
        arch = self.arches[kind]
        return self.call(
            what,
            "web_search_read",
            domain,
            get_spec(self.model, arch),
            0,
            int(arch.get("limit") or PAGE),
            arch.get("default_order"),
            COUNTED,
        )

    def get_grouped(self, what, domain, groups, kind="list"):
        arch = self.arches[kind]
        spec = get_spec(self.model, arch)
        is_kanban = kind == "kanban"
        reader = self.reader.with_context(read_group_expand=True)

        class Grouped(Call):
            groups = []

            def run(self):
                answer = self.model.web_read_group(
                    *self.args,
                    auto_unfold=is_kanban,
                    opening_info=[],
                    unfold_read_specification=spec,
                    unfold_read_default_limit=PAGE // 2 if is_kanban else PAGE,
                )
                self.groups[:] = answer["groups"]
                return _count(answer)

        limit = None if is_kanban else PAGE
        args = (
            domain,
            groups,
            self.get_sums(spec),
            limit,
            0,
            arch.get("default_order"),
        )
        return Grouped(self.screen, what, reader, "web_read_group", args)

    def get_list(self):
        domain, groups = self.start
        if groups:
            yield self.get_grouped("list, as it opens", domain, groups)
        else:
            yield self.get_page("list, as it opens", domain)
        if domain != self.domain or groups:
            yield self.get_page("list, all", self.domain)

    def get_kanban(self):
        arch = self.arches["kanban"]
        domain, groups = self.start
        group = groups or [arch.get("default_group_by")]
        if group[0]:
            yield self.get_grouped("kanban", domain, group, "kanban")
            if domain != self.domain:
                yield self.get_grouped("kanban, all", self.domain, group, "kanban")
        else:
            yield self.get_page("kanban", domain, "kanban")
        bar = arch.find("progressbar")
        if bar is not None and group[0]:
            yield self.call(
                "kanban, progress bar",
                "read_progress_bar",
                domain,
                group[0],
                {
                    "field": bar.get("field"),
                    "colors": ast.literal_eval(bar.get("colors")),
                },
            )

    def get_calendar(self):
        """The present month, from the first week's Sunday to the last Saturday."""
        arch = self.arches["calendar"]
        today = datetime.date.today()
        first = date_utils.start_of(today, "month") - datetime.timedelta(6)
        last = date_utils.end_of(today, "month") + datetime.timedelta(6)
        begin, end = arch.get("date_start"), arch.get("date_stop")
        domain = Domain(self.start[0]) & Domain(begin, "<=", str(last))
        domain &= Domain(end or begin, ">=", str(first))
        names = dict.fromkeys(
            [
                "display_name",
                begin,
                *filter(None, (end, arch.get("color"))),
                *(node.get("name") for node in arch.iterfind(".//field")),
            ]
        )
        for name in ASKED_LATER.get(arch.get("js_class"), ()):
            del names[name]
        yield self.call("calendar", "search_read", list(domain), list(names))

    def get_pivot(self):
        arch = self.arches["pivot"]
        parts = {"row": [], "col": [], "measure": []}
        for node in arch.iterfind(".//field"):
            if node.get("type") in parts:
                parts[node.get("type")].append(_get_group(node))
        rows, columns = (
            [parts[name][:length] for length in range(len(parts[name]) + 1)]
            for name in ("row", "col")
        )
        sets = [[*row, *column] for row in rows for column in columns]
        domain = self.start[0]
        measures = self.get_sums(parts["measure"]) + ["__count"]
        yield self.call("pivot", "formatted_read_grouping_sets", domain, sets, measures)
        every = self.get_sums(
            name for name, field in self.fields.items() if field.get("store")
        )
        if self.domain != domain or len(every) >= len(measures):
            yield self.call(
                "pivot, all rows and measures",
                "formatted_read_grouping_sets",
                self.domain,
                sets,
                [*every, "__count"],
            )

    def get_graph(self):
        groups, sums = [], ["__count"]
        for node in self.arches["graph"].iterfind(".//field"):
            if node.get("type") == "measure":
                sums += self.get_sums([node.get("name")])
            elif node.get("invisible") not in ("1", "True"):
                groups.append(_get_group(node))
        yield self.call(
            "graph",
            "formatted_read_group",
            self.start[0],
            groups,
            sums,
            model=self.reader.with_context(fill_temporal=True),
        )

    def get_activity(self):
        activities = self.model.env["mail.activity"]
        yield self.call(
            "activities",
            "get_activity_data",
            self.model._name,
            self.start[0],
            100,
            0,
            False,
            model=activities,
        )

    def get_form(self):
        arch = self.arches["form"]
        spec = get_spec(self.model, arch)
        order = (
            self.arches["list"].get("default_order") if "list" in self.arches else None
        )
        for domain in (self.start[0], self.domain):
            page = self.model.search(domain, limit=PAGE, order=order)
            if page:
                record = self.reader.browse(page.ids[len(page) // 2])
                yield self.call("form", "web_read", spec, model=record)
                break
        yield from self.get_new()

    def get_new(self):
        """The form of a record that is to be made, where the user may make one."""
        arch = self.arches.get("form")
        if arch is None or not self.model.has_access("create"):
            return
        if arch.get("create") not in ("0", "false", "False"):
            spec = get_spec(self.model, arch)
            yield self.call("form, new", "onchange", {}, [], spec)

    # -- the search --------------------------------------------------------------------

    def get_filters(self):
        return self.arches["search"].iterfind(".//filter")

    def get_groups(self, node):
        context = self.evaluate(node.get("context") or "{}")
        groups = context.get("group_by") or []
        groups = [groups] if isinstance(groups, str) else groups
        return [self.get_dated(name) for name in groups]

    def get_dated(self, group):
        """Return the group; dates are grouped by month where nothing else is said."""
        if ":" in group or self.fields[group]["type"] not in ("date", "datetime"):
            return group
        return f"{group}:month"

    def get_condition(self, node):
        if node.get("date"):
            start = date_utils.start_of(datetime.date.today(), "month")
            end = date_utils.end_of(datetime.date.today(), "month")
            name = node.get("date")
            return ["&", (name, ">=", str(start)), (name, "<=", str(end))]
        return self.evaluate(node.get("domain") or "[]")

    def get_searches(self):
        """Each filter, each group and its largest one, each search field."""
        kind = next((kind for kind in LISTED if kind in self.arches), None)
        if not kind:
            return
        for node in self.get_filters():
            title = node.get("string") or node.get("name")
            groups = self.get_groups(node)
            condition = list(Domain(self.domain) & Domain(self.get_condition(node)))
            if groups:
                yield from self.get_grouping(title, groups, kind)
            else:
                yield self.get_page(f"filter: {title}", condition, kind)
        for node in self.arches["search"].iterfind(".//field"):
            if node.get("name") in self.fields:
                yield from self.get_field(node, kind)

    def get_grouping(self, title, groups, kind):
        call = self.get_grouped(f"group: {title}", self.domain, groups, kind)
        yield call
        if call.groups:
            largest = max(call.groups, key=lambda group: group["__count"])
            domain = Domain(self.domain) & Domain(largest["__extra_domain"])
            yield self.get_page(f"group, opened: {title}", list(domain), kind)

    def get_field(self, node, kind):
        name = node.get("name")
        field = self.fields[name]
        title = node.get("string") or name
        if field["type"] == "selection":
            typed = {key: key for key, _label in field["selection"][:1]}
        elif field["type"] in NUMBERS:
            typed = {"a number": 500}
        elif field["type"] in ("date", "datetime", "boolean"):
            return
        else:
            typed = TYPED
        if field["type"] == "many2one":
            yield self.call(
                f"suggestions: {title}",
                "name_search",
                TYPED["a common word"],
                self.evaluate(node.get("domain") or "[]"),
                "ilike",
                SUGGESTED,
                model=self.model.env[field["relation"]],
            )
        for said, text in typed.items():
            if node.get("filter_domain"):
                names = {**self.names, "self": text, "raw_value": text}
                condition = safe_eval(node.get("filter_domain"), names)
            else:
                fit = "ilike" if isinstance(text, str) and typed is TYPED else "="
                condition = [(name, node.get("operator") or fit, text)]
            domain = Domain(self.domain) & Domain(condition)
            yield self.get_page(f"search: {title}, {said}", list(domain), kind)


def _get_active(env, action):
    """Return the record from which an action is opened: the first that may be read."""
    named = re.search(
        r"(?:default_)?(\w+)'(?:, '=',|:) active_id", f"{action.domain}{action.context}"
    )
    if not named:
        return {}
    owner = env[env[action.res_model]._fields[named.group(1)].comodel_name]
    records = owner.search([], order="id", limit=1)
    return {"active_id": records.id, "active_ids": records.ids}


def _get_group(node):
    interval = node.get("interval")
    return f"{node.get('name')}:{interval}" if interval else node.get("name")
