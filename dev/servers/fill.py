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

import association  # noqa: E402
import populate  # noqa: E402

MODULE = "beneficiary_relations"


def main(size, people, replies, options):
    """Fill the database and print what the load needs to know of it."""
    config.parse_config(options, setup_logging=True)
    with Registry(config["db_name"][0]).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        rows = populate.SIZES[size]
        company, parameters = association.make(env, rows.portal_users)
        populate.fill(env, rows, parameters)
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        policies = env["beneficiary.policy"].browse(parameters["policy"])
        policies.is_published = True
        service = _make_service(env, company, parameters)
        officers = _make_officers(env, company, people)
        applicants = env["res.users"].browse(parameters["portal"][:people])
        env.flush_all()
        cr.execute(
            (FOLDER / "due.sql").read_text(),
            {
                **parameters,
                "replies": replies,
                "service": service.id,
                "committee": service.committee_id.id,
                "channel": parameters["channels"][1],
            },
        )
        # E-mails are kept by the postbox; text messages are refused, and stay here too.
        env["ir.config_parameter"].set_param("sms.endpoint", "http://127.0.0.1:9")
        _hurry(env)
        populate.settle(cr)
        first = env["beneficiary.beneficiary"].search(
            [("company_id", "=", company.id)], order="id", limit=1
        )
        print(
            json.dumps(
                {
                    "company": company.id,
                    "service": service.id,
                    "channel": parameters["channels"][1],
                    "file": first.id,
                    "officers": officers.mapped("login"),
                    "applicants": applicants.mapped("login"),
                }
            )
        )


def _make_service(env, company, parameters):
    """Make a service that asks for nothing, so that a form can be sent in one go."""
    return env["beneficiary.service"].create(
        {
            "name": "Service of the load",
            "company_id": company.id,
            "committee_id": parameters["committees"][0],
            "portal_published": True,
        }
    )


def _make_officers(env, company, people):
    """Make officers, whose passwords are their logins."""
    group = env.ref(f"{MODULE}.group_officer")
    return (
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
                    "group_ids": [Command.set(group.ids)],
                }
                for number in range(people)
            ]
        )
    )


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
