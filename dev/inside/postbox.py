"""A mail server that keeps what it gets: nothing leaves this machine.

Usage: postbox.py FOLDER PORT

Every message becomes a file in the folder, readable by any mail program.
"""

import sys
from itertools import takewhile
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from time import time_ns

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


def open_postbox(folder, port=0):
    """Return a mail server for a folder, bound to a port; 0 is any free one."""
    postbox = ThreadingTCPServer((INTERFACE, port), Postbox)
    postbox.daemon_threads = True
    postbox.folder = Path(folder)
    return postbox


if __name__ == "__main__":
    with open_postbox(sys.argv[1], int(sys.argv[2])) as server:
        server.serve_forever()
