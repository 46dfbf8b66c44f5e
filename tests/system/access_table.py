"""The table of access rights, read from the database after the installation.

No test by itself: :mod:`test_access_table` compares doc/access.md with it, and
`make docs` writes that file.
"""

from odoo.tools import groupby

MODULE = "beneficiary_relations"
MODES = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
EVERYBODY = "*everybody*"
HEAD = """# Who may do what

`make docs` writes this file from the database; a test compares it. A group has the
rights of its line (**r**ead, **w**rite, **c**reate, **d**elete), on the records that
every rule of *everybody* and one rule of a group of theirs lets through. A rule that
counts for some of the four says so. Rights add up: a manager is an officer, and an
officer a delegate. What a step of the work needs beyond that, the record does itself,
after it asked who may.

| Record | Who | May | Which |
|---|---|---|---|
"""


def make_access_table(env):
    """Return the text of doc/access.md.

    :param env: environment that may read everything, in English
    """
    rights = {
        (line.model_id.model, _name_group(line.group_id)): _get_modes(line)
        for line in _get_own(env, "ir.model.access")
    }
    rules = {}
    for rule in _get_own(env, "ir.rule"):
        for group in rule.groups or [rule.groups]:
            key = (rule.model_id.model, _name_group(group))
            rules.setdefault(key, []).append(_describe_rule(rule))
    lines = sorted(
        rights.keys() | rules.keys(),
        key=lambda key: (key[0], key[1] != EVERYBODY, key[1]),
    )
    rows = []
    for model, keys in groupby(lines, key=lambda key: key[0]):
        name = f"{env['ir.model']._get(model).name} (`{model}`)"
        for key in keys:
            which = "; ".join(sorted(rules.get(key, ())))
            rows.append(f"| {name} | {key[1]} | {rights.get(key, '')} | {which} |")
            name = ""
    return HEAD + "\n".join(rows) + "\n"


def _get_own(env, model):
    """Return the records of ``model`` that the addon's own data files create."""
    data = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", model)])
    return env[model].browse(sorted(data.mapped("res_id"))).exists()


def _name_group(group):
    return group.name or EVERYBODY


def _get_modes(record):
    return "".join(sign for mode, sign in MODES.items() if record[f"perm_{mode}"])


def _describe_rule(rule):
    """Return the name of a rule, without the model that it belongs to."""
    _record, _colon, which = rule.name.rpartition(": ")
    modes = _get_modes(rule)
    return which if modes == "rwcd" else f"{which} ({modes})"
