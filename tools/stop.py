"""`make stop` ends what set-up left running; `make clean` removes all that was generated as well."""

import shutil
import sys

import house
import postgres
from house import BUILD, say


def stop(arguments):
    """Servers of the demo and of tests end with the command that started them; PostgreSQL stays until here."""
    postgres.stop()
    if "--clean" in arguments:
        postgres.remove()
        shutil.rmtree(BUILD, ignore_errors=True)
        say("build", "removed")


if __name__ == "__main__":
    house.main(stop, sys.argv[1:])
