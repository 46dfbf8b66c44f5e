"""The people of the demo data, and whether each of them can sign in."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from .console import complain, table
from .settings import MODULE

PATIENCE = 120
# Users that come with the addon's demo data, and the administrator.
QUERY = f"""
    SELECT users.login, partner.name, company.name,
           COALESCE(
               (SELECT string_agg(groups.name ->> 'en_US', ', ' ORDER BY groups.id)
                  FROM res_groups_users_rel AS membership
                  JOIN res_groups AS groups ON groups.id = membership.gid
                  JOIN ir_model_data AS xmlid ON xmlid.res_id = groups.id
                 WHERE membership.uid = users.id
                   AND xmlid.model = 'res.groups' AND xmlid.module = '{MODULE}'),
               CASE WHEN users.share THEN 'portal' ELSE 'internal user' END
           ) AS roles
      FROM res_users AS users
      JOIN res_partner AS partner ON partner.id = users.partner_id
      JOIN res_company AS company ON company.id = users.company_id
      JOIN ir_model_data AS xmlid
        ON xmlid.res_id = users.id AND xmlid.model = 'res.users'
     WHERE users.active
       AND (xmlid.module = '{MODULE}'
            OR (xmlid.module = 'base' AND xmlid.name = 'user_admin'))
     ORDER BY users.share, roles, company.id, users.login
"""


def present(server, database, address):
    """Print the people with their roles; tell whether everybody can sign in."""
    people = server.query(QUERY, database)
    with ThreadPoolExecutor() as pool:
        welcome = list(
            pool.map(lambda person: _signs_in(address, database, person[0]), people)
        )
    table(
        ("login", "name", "company", "role", "signs in"),
        [
            (*person, "yes" if works else "NO")
            for person, works in zip(people, welcome, strict=True)
        ],
    )
    if not all(welcome):
        complain("not every demo login works: `make run RESET=1` begins afresh")
    return all(welcome)


def _signs_in(address, database, login):
    """Tell whether the demo password, which is the login, opens a session."""
    question = {"params": {"db": database, "login": login, "password": login}}
    request = urllib.request.Request(
        f"{address}/web/session/authenticate",
        data=json.dumps(question).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return bool((json.load(answer).get("result") or {}).get("uid"))
