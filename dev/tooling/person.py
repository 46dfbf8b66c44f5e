"""A person with a browser, and the diary of what was done and met."""

import json
import random
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep

INTERFACE = "127.0.0.1"
PATIENCE = 60
# A person who meets an error tries the same form again so often, after a pause.
TRIES = 6
PAUSE = 1


class Refused(Exception):
    """An error instead of an answer: the person sees it."""


@dataclass(frozen=True)
class Call:
    """One request over the network, as the person met it."""

    kind: str
    moment: float
    seconds: float
    error: str = ""


@dataclass
class Diary:
    """What all people did: calls, writes by key, and reads after one's own write."""

    calls: list = field(default_factory=list)
    # Kind of write: {key: whether it was acknowledged}
    writes: dict = field(default_factory=dict)
    # Pairs of what was looked at, and whether it showed the write.
    own: list = field(default_factory=list)


class Person:
    """One person with a browser: an account, a cookie, a connection."""

    # Pairs of a weight and the name of a method.
    habits = ()

    def __init__(self, load, port, world, login):
        self.load = load
        self.diary = load.diary
        self.port = port
        self.world = world
        self.login = login
        self.cookies = {}
        self.random = random.Random(login)

    def work(self):
        """Do one thing after the other, by habit, until the load is stopped."""
        weights, names = zip(*self.habits, strict=True)
        while not self.load.is_over:
            try:
                getattr(self, self.random.choices(names, weights)[0])()
            except Refused:
                sleep(PAUSE)

    def sign_in(self):
        self._json(
            "sign in",
            "/web/session/authenticate",
            db=self.world["database"],
            login=self.login,
            password=self.login,
        )

    # -- network -----------------------------------------------------------------------

    def _call(self, kind, path, body=None, headers=None):
        """Send a request, write it into the diary, and return address and text.

        :return: pair of the address that the answer leads to, and its text
        :raise Refused: there is no answer, or it says that the server failed
        """
        start = monotonic()
        error, place, text = "", "", ""
        connection = HTTPConnection(INTERFACE, self.port, timeout=PATIENCE)
        try:
            cookies = "; ".join(f"{name}={one}" for name, one in self.cookies.items())
            method = "GET" if body is None else "POST"
            connection.request(
                method, path, body, {"Cookie": cookies, **(headers or {})}
            )
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            for header in answer.headers.get_all("Set-Cookie") or ():
                name, _equals, value = header.split(";")[0].partition("=")
                self.cookies[name] = value
            place = answer.headers.get("Location") or ""
            if answer.status >= 400:
                error = f"status {answer.status}"
            elif "/web/login" in place:
                error = "signed out"
            elif text.startswith("{") and '"error"' in text[:60]:
                fault = json.loads(text)["error"]
                error = str(fault.get("data", fault).get("message"))
        except (OSError, HTTPException) as problem:
            error = repr(problem)
        finally:
            connection.close()
        call = Call(kind, start, monotonic() - start, error)
        self.diary.calls.append(call)
        if error:
            raise Refused(error)
        return place, text

    def _json(self, kind, path, **params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json"}
        _place, text = self._call(kind, path, body, headers)
        return json.loads(text).get("result")

    # -- writes ------------------------------------------------------------------------

    def _write(self, kind, key, send):
        """Send a write under a key until it is acknowledged, as people do.

        :param send: called without arguments; may be called several times
        """
        writes = self.diary.writes.setdefault(kind, {})
        writes[key] = False
        for attempt in range(TRIES):
            try:
                answer = send()
            except Refused:
                if attempt == TRIES - 1:
                    raise
                sleep(PAUSE)
            else:
                writes[key] = True
                return answer

    def _look(self, what, is_shown):
        """Note whether a page right after one's own write shows it."""
        self.diary.own.append((what, bool(is_shown)))

    def _new_key(self):
        return f"load-{uuid.uuid4().hex}"
