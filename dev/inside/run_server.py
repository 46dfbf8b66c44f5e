"""Run Odoo's server, and catch its e-mail: nothing leaves this machine.

Usage: run_server.py FOLDER ODOO_OPTION...

Every message becomes a file in the folder, readable by any mail program.
"""

import sys
from threading import Thread

from odoo import cli

from postbox import INTERFACE, open_postbox


def main(folder, options):
    """Run the mail server and Odoo's server until Odoo's server ends."""
    with open_postbox(folder) as postbox:
        Thread(target=postbox.serve_forever, daemon=True).start()
        port = postbox.server_address[1]
        mail = [f"--smtp={INTERFACE}", f"--smtp-port={port}"]
        sys.argv[1:] = [*options, *mail, "--email-from=odoo@example.com"]
        cli.main()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
