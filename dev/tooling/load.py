"""People at work, all at once: applicants on the portal, officers in the backend.

Each writes under keys of their own, so that it can be counted afterwards what became
of every write: acknowledged, or answered with an error.
"""

import re
from threading import Event, Thread
from time import sleep
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

from .console import Problem
from .person import Diary, Person, Refused

TOKEN = re.compile(r'csrf_token: "([^"]+)"')
REQUEST = re.compile(r"/my/requests/(\d+)")
# What is read of another record: its name.
NAMED = {"many2one": {"fields": {"display_name": {}}}}
MANY = ("one2many", "many2many", "properties", "properties_definition")


class Load:
    """A number of applicants and officers who work until they are stopped.

    :param world: what `fill.py` printed
    """

    def __init__(self, port, world):
        self.diary = Diary()
        self._halt = Event()
        self._people = [
            *(Applicant(self, port, world, login) for login in world["applicants"]),
            *(Officer(self, port, world, login) for login in world["officers"]),
        ]
        self._threads = []

    def sign_in(self):
        for person in self._people:
            person.sign_in()

    def start(self):
        self._halt.clear()
        self._threads = [Thread(target=one.work, daemon=True) for one in self._people]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._halt.set()
        for thread in self._threads:
            thread.join()

    def run(self, seconds):
        """Let the people work for some seconds; return the calls of that time."""
        before = len(self.diary.calls)
        self.start()
        sleep(seconds)
        self.stop()
        return self.diary.calls[before:]

    @property
    def is_over(self):
        return self._halt.is_set()


class Applicant(Person):
    """A person on the portal."""

    habits = (
        (10, "read_list"),
        (4, "read_request"),
        (2, "read_home"),
        (2, "read_public"),
        (2, "send_request"),
    )
    numbers = ()

    def read_list(self):
        _place, text = self._call("portal list", "/my/requests")
        self.numbers = REQUEST.findall(text)
        return text

    def read_request(self):
        if not self.numbers:
            self.read_list()
        number = self.random.choice(self.numbers)
        self._call("portal request", f"/my/requests/{number}")

    def read_home(self):
        self._call("portal home", "/my")

    def read_public(self):
        company = self.world["company"]
        page = self.random.choice(("policy", "services"))
        self._call("public page", f"/{page}/{company}")

    def send_request(self):
        """Send a request, and look at its page and the list."""
        key = self._new_key()
        _place, page = self._call("portal form", "/my/requests/new")
        form = {
            "csrf_token": TOKEN.search(page).group(1),
            "service_id": self.world["service"],
            "file_id": self._get_file(page),
            "submission_key": key[-32:],
            "again": "1",
            "description": key,
            "action": "send",
        }
        body = urlencode(form)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}

        def send():
            place, _text = self._call("portal write", "/my/requests/new", body, headers)
            return place

        place = urlsplit(self._write("portal request", key, send))
        _place, text = self._call("portal request", f"{place.path}?{place.query}")
        self._look("its own page on the portal", key in text)
        self._look("the list on the portal", place.path in self.read_list())

    def _get_file(self, page):
        """Return the number of the file that the page offers services for."""
        found = re.search(r'name="file_id"[^>]*value="(\d+)"', page)
        found = found or re.search(r"file_id=(\d+)", page)
        if not found:
            raise Problem(f"{self.login} is offered no service on the portal")
        return found.group(1)


class Officer(Person):
    """An officer in the backend."""

    habits = (
        (10, "read_list"),
        (6, "read_form"),
        (2, "read_analysis"),
        (1, "read_home"),
        (3, "log_interaction"),
        (2, "take_request"),
    )
    specifications = None
    numbers = ()

    def read_list(self):
        found = self._ask(
            "backend list",
            "beneficiary.request",
            "web_search_read",
            domain=[["state", "in", ["submitted", "verified", "in_review"]]],
            specification=self._get_specification("list"),
            limit=80,
            count_limit=10001,
        )
        self.numbers = [record["id"] for record in found["records"]]

    def read_form(self):
        if not self.numbers:
            self.read_list()
        self._ask(
            "backend form",
            "beneficiary.request",
            "web_read",
            [self.random.choice(self.numbers)],
            specification=self._get_specification("form"),
        )

    def read_analysis(self):
        self._ask(
            "analysis",
            "beneficiary.request.report",
            "formatted_read_group",
            domain=[],
            groupby=["service_id"],
            aggregates=["__count"],
        )

    def read_home(self):
        self._ask("first screen", "beneficiary.home", "get_home")

    def log_interaction(self):
        """Log a contact, and look for it in the list."""
        key = self._new_key()
        values = {
            "subject": key,
            "submission_key": key,
            "channel_id": self.world["channel"],
            "beneficiary_id": self.world["file"],
        }
        model = "beneficiary.interaction"
        self._write(
            "interaction",
            key,
            lambda: self._ask("backend write", model, "create", [values]),
        )
        self._look("the backend's list", self._search(model, "subject", key))

    def take_request(self):
        """Take a request, submit it, cancel it; look for it after each move."""
        key = self._new_key()
        model = "beneficiary.request"
        values = {
            "description": key,
            "submission_key": key,
            "channel_id": self.world["channel"],
            "beneficiary_id": self.world["file"],
            "service_id": self.world["service"],
        }
        (number,) = self._write(
            "request",
            key,
            lambda: self._ask("backend write", model, "create", [values]),
        )
        reception = {"evidence": key, "minutes": 5}
        self._move("submission", key, number, "submitted", "action_submit", reception)
        reason = {"reason": key}
        self._move("cancellation", key, number, "cancelled", "action_cancel", reason)

    def _move(self, kind, key, number, state, move, given):
        """Move a request to a state, and look for it there."""
        model = "beneficiary.request"

        def send():
            try:
                self._ask("backend write", model, move, [number], **given)
            except Refused:
                # An earlier attempt may have made the move, and got no answer.
                found = self._search(model, "id", number)
                if not found or found[0]["state"] != state:
                    raise

        self._write(kind, key, send)
        found = self._search(model, "id", number)
        self._look("the backend's list", found and found[0]["state"] == state)

    def _search(self, model, name, value):
        state = {"state": {}} if model == "beneficiary.request" else {}
        return self._ask(
            "backend list",
            model,
            "web_search_read",
            domain=[[name, "=", value]],
            specification=state,
        )["records"]

    def _ask(self, kind, model, method, *arguments, **given):
        """Call a method of a model, as the web client does."""
        return self._json(
            kind,
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=arguments,
            kwargs={**given, "context": self._get_context()},
        )

    def _get_context(self):
        return {"allowed_company_ids": [self.world["company"]], "lang": "en_US"}

    def _get_specification(self, view):
        """Return what the web client asks of the records in a view."""
        if not self.specifications:
            self.specifications = self._read_specifications()
        return self.specifications[view]

    def _read_specifications(self):
        answer = self._ask(
            "views",
            "beneficiary.request",
            "get_views",
            views=[[False, "list"], [False, "form"]],
        )
        fields = answer["models"]["beneficiary.request"]["fields"]
        return {
            view: {
                name: NAMED.get(fields[name]["type"], {})
                for name in _get_names(ElementTree.fromstring(values["arch"]))
                if fields[name]["type"] not in MANY
            }
            for view, values in answer["views"].items()
        }


def _get_names(node):
    """Yield the names of a view's fields, without those of the lists inside it."""
    for child in node:
        if child.tag == "field":
            yield child.get("name")
        else:
            yield from _get_names(child)
