"""Run one of Odoo's own commands; by itself the server.

Usage: run_odoo.py ODOO_OPTION...

A server with workers starts itself again by the name of its script: for its websocket
process, and when it reloads. `python -m odoo` has no such name.
"""

from odoo import cli

if __name__ == "__main__":
    cli.main()
