"""Odoo's command line, however Odoo was found.

A file of its own because Odoo's prefork server starts its gevent process as `python <argv[0]> gevent`,
which does not work with `python -m odoo`.
"""

import os
import sys

os.environ["TZ"] = "UTC"  # before anything asks for the time, as Odoo's own odoo-bin does
sys.path.pop(0)  # this folder's modules are not Odoo's business

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
