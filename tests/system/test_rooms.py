import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

from .plan import (
    ADDON,
    MODELS,
    ROOT,
    get_files,
    get_imports,
    get_room,
    get_rooms,
    put_picture,
)

# The outer folders: they call the models, and no model calls them.
DOORS = {"wizard", "controllers", "report", "tests"}


def find_wrong_imports(source, path, rooms):
    """Return the forbidden imports of a file as texts; an empty list is correct.

    :param source: text of the file
    :param path: of the file, from the root of the addon
    :param rooms: names of all rooms, in the order in which they are loaded
    """
    own = path.parts[1]
    allowed = {"rules", *rooms[: rooms.index(own) + 1]}
    wrong = []
    for line, module, names in get_imports(source, path):
        room = get_room(module, names)
        if room not in allowed:
            wrong.append(f"{path}:{line} imports {room}")
        if room != own and any(name.startswith("_") for name in names):
            wrong.append(f"{path}:{line} reaches inside {room}")
    return wrong


@tagged("post_install", "-at_install")
class TestRooms(BaseCase):
    """The plan of the rooms: each room builds only on rooms before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rooms = get_rooms()

    def test_every_room_is_loaded(self):
        """Every room, and every file of a room, is loaded."""
        folders = {path.parent for path in MODELS.glob("*/*.py")}
        self.assertEqual({folder.name for folder in folders}, {*self.rooms})
        for folder in folders:
            files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
            tree = ast.parse((folder / "__init__.py").read_text())
            loaded = [
                alias.name
                for node in tree.body
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            ]
            self.assertEqual(sorted(loaded), sorted(files), folder.name)

    def test_rooms_import_rooms_before_them(self):
        """A model imports only the rules, its own room and the rooms before it."""
        for room in self.rooms:
            for source, path in get_files(f"models/{room}"):
                self.assertFalse(find_wrong_imports(source, path, self.rooms))

    def test_rooms_say_what_they_import(self):
        """The second line of a room names the rooms that it imports from."""
        for room in self.rooms:
            used = {
                get_room(module, names)
                for source, path in get_files(f"models/{room}")
                for _line, module, names in get_imports(source, path)
            } - {room}
            order = [name for name in ("rules", *self.rooms) if name in used]
            head = (MODELS / room / "__init__.py").read_text()
            said = re.search(r"^Imports from: (.*)\.$", head, re.MULTILINE)[1]
            self.assertEqual(said, ", ".join(order) or "nothing", room)

    def test_nobody_imports_the_doors(self):
        """Models, rules, wizards and reports import no controllers and no wizards."""
        for folder in ("models", "rules", "report", "wizard"):
            for source, path in get_files(folder):
                for line, module, names in get_imports(source, path):
                    room = get_room(module, names)
                    if room != folder:
                        self.assertNotIn(room, DOORS, f"{path}:{line}")

    def test_wrong_imports_are_found(self):
        """Planted wrong imports are found: a later room, an outer folder, a private
        name."""
        place = Path("models/policy/policy.py")
        for planted, found in {
            "from ..request.request import X": "imports request",
            "from ..request import request": "imports request",
            "from .. import request": "imports request",
            f"from {ADDON}.models.request.request import X": "imports request",
            "from ...wizard.request_move import X": "imports wizard",
            "from ...controllers import portal": "imports controllers",
            "from ..seal.seal import _secret": "reaches inside seal",
        }.items():
            (wrong,) = find_wrong_imports(planted, place, self.rooms)
            self.assertIn(found, wrong)
        for right in (
            "from ..seal.seal import VERSION",
            "from .tool import _own",
            "from ...rules import clock",
            "from ...rules.clock import x",
            "from odoo import models",
        ):
            self.assertFalse(find_wrong_imports(right, place, self.rooms))

    def test_picture_is_current(self):
        """doc/architecture.md shows the present rooms; `make docs` updates it."""
        text = (ROOT / "doc" / "architecture.md").read_text()
        self.assertEqual(text, put_picture(text))
