"""Fill the primary: the rows of the benchmark, the people who work, and due replies.

Usage: fill.py SIZE PEOPLE REPLIES ODOO_OPTION...

Runs with Odoo's Python. Prints, as JSON, who signs in and what they may name.
"""

import json
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tools import config

FOLDER = Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parents[1] / "bench"))

import populate  # noqa: E402

MODULE = "beneficiary_relations"
STEPS = ("receive", "verify", "refer", "declare", "notify", "register", "deliver")


def main(size, people, replies, options):
    """Fill the database and print what the load needs to know of it."""
    config.parse_config(options, setup_logging=True)
    with Registry(config["db_name"][0]).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        company = populate.populate(env, populate.SIZES[size])
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        policy = _put_policy_in_force(env, company)
        service = _publish_services(env, company)
        officers = _make_officers(env, company, people)
        applicants = _open_portal(env, people)
        channel = env.ref(f"{MODULE}.channel_phone")
        env.flush_all()
        cr.execute(
            (FOLDER / "due.sql").read_text(),
            {
                "company": company.id,
                "replies": replies,
                "service": service.id,
                "committee": service.committee_id.id,
                "channel": channel.id,
                "policy": policy.id,
            },
        )
        _hurry(env)
        cr.commit()
        first = env["beneficiary.beneficiary"].search(
            [("company_id", "=", company.id)], order="id", limit=1
        )
        print(
            json.dumps(
                {
                    "company": company.id,
                    "service": service.id,
                    "channel": channel.id,
                    "file": first.id,
                    "officers": officers.mapped("login"),
                    "applicants": applicants.mapped("login"),
                }
            )
        )


def _put_policy_in_force(env, company):
    """Return the policy in force; complete and start the draft if there is none."""
    policies = env["beneficiary.policy"]
    policy = policies.search([("company_id", "=", company.id)], limit=1)
    if policy.state == "draft":
        channels = env["beneficiary.channel"].search([("company_id", "=", False)])
        policy.write(
            {
                "channel_line_ids": [
                    Command.clear(),
                    *(
                        Command.create({"channel_id": channel.id})
                        for channel in channels
                    ),
                ],
                "step_ids": [
                    Command.clear(),
                    *(
                        Command.create({"sequence": place, "code": code, "name": code})
                        for place, code in enumerate(STEPS)
                    ),
                ],
            }
        )
        policy.action_put_in_force()
    policy.is_published = True
    return policy


def _publish_services(env, company):
    """Publish all services on the portal, and return the first."""
    services = env["beneficiary.service"].search([("company_id", "=", company.id)])
    services.portal_published = True
    return services[0]


def _make_officers(env, company, people):
    """Make officers, whose passwords are their logins; the first is a manager too."""
    groups = env.ref(f"{MODULE}.group_officer") | env.ref("base.group_user")
    officers = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Officer {number}",
                    "login": f"servers_officer_{number}",
                    "password": f"servers_officer_{number}",
                    "email": f"officer.{number}@example.com",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(groups.ids)],
                }
                for number in range(people)
            ]
        )
    )
    officers[0].group_ids += env.ref(f"{MODULE}.group_manager")
    return officers


def _open_portal(env, people):
    """Give some of the portal's users a password: their login."""
    users = env["res.users"].search(
        [("login", "=like", "bench_portal_%")], order="login", limit=people
    )
    for user in users:
        user.password = user.login
    return users


def _hurry(env):
    """Run the addon's scheduled actions every minute, so that servers compete."""
    names = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "ir.cron")]
    )
    env["ir.cron"].browse(names.mapped("res_id")).write(
        {
            "interval_number": 1,
            "interval_type": "minutes",
            "nextcall": fields.Datetime.now(),
        }
    )


if __name__ == "__main__":
    size, people, replies, *rest = sys.argv[1:]
    main(size, int(people), int(replies), rest)
