"""Why a record cannot go to Xero, as data: a code of the catalogue and its arguments."""


class Problem(Exception):
    """Raised by the hooks of a data set; the engine turns it into a state and an exception.

    :ivar code: code in ``xero.known.error``
    :ivar arguments: JSON values for the sentence of that code
    :ivar direction: ``pull`` where an import finds the same: that stays one exception
    :ivar state: state of the link: ``failed``, ``held``, ``excluded``; ``skipped`` to leave the
        link as it is; ``unchanged`` when Xero has what Odoo has; ``queued`` when what the record
        needs is under way: it waits, silently
    """

    direction = "push"

    def __init__(self, code, /, state="failed", **arguments):
        super().__init__(code)
        self.code = code
        self.state = state
        self.arguments = arguments
