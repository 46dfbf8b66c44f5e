"""The plan of the rooms, read from the code: which room builds on which.

This module has no tests: :mod:`test_rooms` compares the code with the plan, and
`make docs` draws it in doc/architecture.md.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
ADDON = f"odoo.addons.{ROOT.name}"
MODELS = ROOT / "models"
# The rooms on which every other room builds.
GROUND = ("rules", "mixins")
BEGIN, END = "<!-- make docs: the rooms -->", "<!-- the end of the rooms -->"


def get_rooms():
    """Return the rooms below ``models/``, in the order in which they are loaded."""
    (imports,) = ast.parse((MODELS / "__init__.py").read_text()).body
    return [alias.name for alias in imports.names]


def get_files(folder):
    """Yield ``(text, path from the root)`` of the Python files of a folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.read_text(), path.relative_to(ROOT)


def get_imports(source, path):
    """Yield ``(line, module, names)`` for each import of a file from the addon.

    :param source: text of the file
    :param path: of the file, from the root of the addon
    :return: ``module`` is a tuple of names from the root, as ``("models", "request")``
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names]
        if node.level:
            start = path.parts[: len(path.parts) - node.level]
            yield node.lineno, (*start, *(node.module or "").split(".")), names
        elif node.module == ADDON or node.module.startswith(f"{ADDON}."):
            yield node.lineno, (*node.module.removeprefix(ADDON)[1:].split("."),), names


def get_room(module, names):
    """Return the room, or the folder, that an import leads to."""
    parts = [part for part in module if part]
    if parts[:1] == ["models"]:
        return (*parts[1:], *names)[0]
    return (*parts, *names)[0]


def get_models(source):
    """Yield ``(name, names it inherits)`` of the model classes of a file."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        said = {
            target.id: ast.literal_eval(statement.value)
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
        }
        inherited = said.get("_inherit", [])
        if isinstance(inherited, str):
            inherited = [inherited]
        yield said.get("_name"), inherited


def get_links(source):
    """Yield the names of the models that the many2one fields of a file point to."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "fields.Many2one"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


def get_uses():
    """Return ``{room: (rooms it builds on, rooms its records point to)}``.

    A room builds on another by importing from it, or by inheriting a model of it.
    """
    homes = {
        name: room
        for room in get_rooms()
        for source, _path in get_files(f"models/{room}")
        for name, _inherited in get_models(source)
        if name and name.startswith("beneficiary.")
    }
    uses = {}
    for room in get_rooms():
        built_on, pointed_to = set(), set()
        for source, path in get_files(f"models/{room}"):
            imports = get_imports(source, path)
            built_on |= {get_room(module, names) for _line, module, names in imports}
            inherited = {one for _name, all_ in get_models(source) for one in all_}
            built_on |= {homes[name] for name in inherited & homes.keys()}
            pointed_to |= {homes[name] for name in get_links(source) if name in homes}
        uses[room] = (built_on - {room}, pointed_to - {room})
    return uses


def draw():
    """Return a diagram of the rooms in Mermaid's language, and a table of them."""
    rooms = [room for room in get_rooms() if room not in GROUND]
    uses = get_uses()
    lines = ["```mermaid", "flowchart TD"]
    for room in rooms:
        built_on = [name for name in rooms if name in uses[room][0]]
        below = {one for name in built_on for one in get_all_below(name, uses)}
        lines += [f"    {room} --> {name}" for name in built_on if name not in below]
        if not built_on:
            lines.append(f"    {room} --> ground[{' · '.join(GROUND)}]")
    lines += [
        "```",
        "",
        "| Room | What it is for | Its records point to |",
        "|---|---|---|",
    ]
    for room in rooms:
        text = ast.get_docstring(ast.parse((MODELS / room / "__init__.py").read_text()))
        links = ", ".join(name for name in rooms if name in uses[room][1])
        lines.append(f"| `{room}` | {text.splitlines()[0]} | {links} |")
    return "\n".join(lines)


def get_all_below(room, uses):
    """Return all rooms that a room builds on, directly or not."""
    below = set(uses[room][0])
    return below.union(*(get_all_below(name, uses) for name in below if name in uses))


def put_picture(text):
    """Return the text of doc/architecture.md with the present diagram."""
    before, _old, after = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{draw()}\n{END}{after.partition(END)[2]}"
