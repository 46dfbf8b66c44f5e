"""The policies that the addon ships are written anew, with the boards' whole text.

These are the two templates and the five examples of the demo data, each known by its
XML id. A policy that an association made, from a template or not, stays as it is. An
example that somebody has superseded stays too.
"""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, file_open
from odoo.tools.convert import xml_import

MODULE = "beneficiary_relations"
TEMPLATES = ("policy_template_beneficiary", "policy_template_member")
EXAMPLES = ("textile", "water", "rehabilitation", "blood_banks", "training")
KEPT = ("state", "in_force_on", "version", "supersedes_id")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
    _rewrite(env, "data/policy_template_data.xml", TEMPLATES)
    for name in EXAMPLES:
        _rewrite(env, f"demo/policy_{name}_demo.xml", [f"policy_{name}"])
    _rename_guide(env)


def _rewrite(env, path, names):
    policies = env["beneficiary.policy"].union(
        *(
            env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
            or env["beneficiary.policy"]
            for name in names
        )
    )
    if len(policies) < len(names) or "superseded" in policies.mapped("state"):
        return
    kept = {
        policy.id: {name: policy[name] or None for name in KEPT} for policy in policies
    }
    _write_kept(env, {id_: {"state": "draft"} for id_ in kept})
    policies.clause_ids.unlink()
    _forget_translations(env, policies)
    with file_open(f"{MODULE}/{path}", "rb") as file:
        root = etree.parse(file).getroot()
    for node in list(root):
        # The association itself stays as it is, and nothing is put in force again.
        if (
            node.tag is etree.Comment
            or node.get("model") != "beneficiary.policy"
            or node.tag == "function"
        ):
            root.remove(node)
    xml_import(env, MODULE, {}, "init", noupdate=True, xml_filename=path).parse(root)
    env.flush_all()
    _write_kept(env, kept)


def _write_kept(env, vals_by_id):
    for id_, vals in vals_by_id.items():
        values = {
            name: value.id if hasattr(value, "id") else value
            for name, value in vals.items()
        }
        pairs = [
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        ]
        env.cr.execute(
            SQL(
                "UPDATE beneficiary_policy SET %s WHERE id = %s",
                SQL(", ").join(pairs),
                id_,
            )
        )
    env.invalidate_all()
    env.registry.clear_cache()


def _forget_translations(env, policies):
    """Drop the translations of texts that change: they are loaded again afterwards."""
    for table, column, key in (
        ("beneficiary_policy", "name", "id"),
        ("beneficiary_policy", "declaration_text", "id"),
        ("beneficiary_policy", "notice_text", "id"),
        ("beneficiary_policy_step", "description", "policy_id"),
    ):
        env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s ="
                " jsonb_build_object('en_US', %(column)s->>'en_US')"
                " WHERE %(key)s IN %(ids)s AND %(column)s IS NOT NULL",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                key=SQL.identifier(key),
                ids=tuple(policies.ids),
            )
        )
    env.invalidate_all()


def _rename_guide(env):
    """Give the shared support guide its whole name, unless somebody renamed it."""
    guide = env.ref(f"{MODULE}.tool_support_guide", raise_if_not_found=False)
    if guide and guide.name == "Support policy guide":
        env.cr.execute(
            SQL(
                "UPDATE beneficiary_tool SET name = %s WHERE id = %s",
                '{"en_US": "Support policy guide for beneficiaries"}',
                guide.id,
            )
        )
        env.invalidate_all()
