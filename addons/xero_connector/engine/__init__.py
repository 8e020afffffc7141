"""The only place that locks, commits and calls the client.

Engine modules are plain Python: they take records, and never know what a data set maps.
"""

from . import answer, budget, conflicts, doubt, inbox, pairs, pull, push, reference, session, transaction, worker
