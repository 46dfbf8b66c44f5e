"""The people of the demo data, and whether each of them can sign in."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from .console import complain, table
from .settings import MODULE

PATIENCE = 120
# The users of the addon's demo data, and the administrator.
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


def present(server, database, address, thorough):
    """Print the people with their roles; tell whether they can sign in.

    :param thorough: try all people. Otherwise try one of each role: Odoo needs almost
        a second to hash a password, and the passwords have not changed.
    """
    people = server.query(QUERY, database)
    first_of_role = {role: login for login, *_rest, role in reversed(people)}
    tried = [
        login
        for login, *_rest, role in people
        if thorough or login == first_of_role[role]
    ]
    with ThreadPoolExecutor() as pool:
        answers = pool.map(lambda login: _signs_in(address, database, login), tried)
        works = dict(zip(tried, answers, strict=True))
    verdicts = {True: "yes", False: "NO", None: "not tried"}
    table(
        ("login", "name", "company", "role", "signs in"),
        [(*person, verdicts[works.get(person[0])]) for person in people],
    )
    if not all(works.values()):
        complain("not every demo login works: `make run RESET=1` begins afresh")
    return all(works.values())


def _signs_in(address, database, login):
    """Tell whether the user can sign in with the demo password, which is the login."""
    question = {"params": {"db": database, "login": login, "password": login}}
    request = urllib.request.Request(
        f"{address}/web/session/authenticate",
        data=json.dumps(question).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return bool((json.load(answer).get("result") or {}).get("uid"))
