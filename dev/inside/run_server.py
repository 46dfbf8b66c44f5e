"""Run Odoo's server, and catch its e-mail: nothing leaves this machine.

Usage: run_server.py FOLDER ODOO_OPTION...

Every message becomes a file in the folder, readable by any mail program.
"""

import sys
from itertools import takewhile
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from time import time_ns

from odoo import cli

INTERFACE = "127.0.0.1"


class Postbox(StreamRequestHandler):
    """A mail server that accepts all messages and writes them to a folder."""

    def handle(self):
        self._say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"QUIT":
                return self._say("221 goodbye")
            if verb == b"DATA":
                self._say("354 go on, a lone dot ends it")
                self._keep()
            self._say("250 accepted")

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def _keep(self):
        """Write the message to a file, and undo the doubling of leading dots."""
        lines = takewhile(lambda line: line != b".\r\n", self.rfile)
        message = b"".join(line[line.startswith(b"..") :] for line in lines)
        self.server.folder.mkdir(parents=True, exist_ok=True)
        (self.server.folder / f"{time_ns()}.eml").write_bytes(message)


def main(folder, options):
    """Run the mail server and Odoo's server until Odoo's server ends."""
    with ThreadingTCPServer((INTERFACE, 0), Postbox) as postbox:
        postbox.daemon_threads = True
        postbox.folder = Path(folder)
        Thread(target=postbox.serve_forever, daemon=True).start()
        port = postbox.server_address[1]
        mail = [f"--smtp={INTERFACE}", f"--smtp-port={port}"]
        sys.argv[1:] = [*options, *mail, "--email-from=odoo@example.com"]
        cli.main()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
