"""A storm: records travel while a fifth of all calls fails in every known way and workers are killed."""

import random
import time
from collections import Counter

from odoo_server import OdooError
from xero_sandbox.faults import KINDS

SHARE = 0.2  # of the calls
LIST = 0.2  # of the invoices travel at the end as one selection in the list, as long as that is large enough
BACKGROUND = 11  # records in a selection that is not sent at once
EARLY = 0.6  # of the others, each a run of its own, are sent under the random mix alone
API, TOKEN = "/api.xro/", "/connect/token"
PATHS = {"refresh_lost": TOKEN}
SLOW, POLL, NUDGE = 0.3, 0.05, 2  # seconds
FORGOTTEN = 6 * 60 + 10  # seconds after which Xero does not know an idempotency key any more
LEAST_KILLS = 3
SETTLED = {"synced", "failed", "held", "excluded"}


class Storm:
    """One storm over records of a company.

    :param world: the World
    :param seed: of all that is random here and in the local Xero
    :param records: ids of what travels
    :param late: whether what is in doubt waits until Xero has forgotten its key
    :param least: how often each kind of fault has to fire
    :ivar fired: how often each kind did
    """

    what = "records"

    def __init__(self, world, seed, records, late, least=0):
        self.world, self.late, self.least = world, late, least
        self._random = random.Random(seed)
        self.seed = seed
        self.records = records
        self.fired, self.counts = Counter(), Counter()

    def rage(self, seconds):
        """Send the records through it, until Xero has them all or no more is done for one.

        :param seconds: how long that may take
        """
        self._deaths = sorted(self._random.sample(range(len(self.records)), max(3, len(self.records) // 12)))
        self._begin()
        self._nudged = time.monotonic()
        self._end = self._nudged + seconds
        self._travel()
        self.fired = Counter(self.world.control("GET", "faults")["fired"])
        self.world.control("DELETE", "faults")
        self._settle(self.records, all_runs=True)
        self.counts["adopted"] = self._adopted()

    def kills(self):
        """How often a worker or the whole server was killed while something was under way."""
        return self.counts["workers killed"] + self.counts["servers killed"]

    def __str__(self):
        counts = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        return f"seed {self.seed}: {len(self.records)} {self.what}, {self.fired.total()} faults, {counts}"

    def _travel(self):
        """Have everything sent, and wait until it has come to rest."""
        raise NotImplementedError

    def _states(self, records):
        """How many links of these records are in which state."""
        raise NotImplementedError

    def _adopted(self):
        """How many of the records were found in Xero after their answer was lost."""
        raise NotImplementedError

    # === FAULTS === #

    def _begin(self):
        world = self.world
        world.control("POST", "faults", {"seed": self.seed})
        # Each rule is asked in turn: together they hit that share of the calls.
        probability = 1 - (1 - SHARE) ** (1 / len(KINDS))
        for kind in KINDS:
            chance = SHARE if kind in PATHS else probability
            world.control("POST", "faults", {
                "kind": kind, "path": PATHS.get(kind, API), "probability": chance, "seconds": SLOW})

    def _add_missing(self):
        """Rules for the kinds that chance has not brought often enough."""
        fired = self.world.control("GET", "faults")["fired"]
        missing = [kind for kind in KINDS for _time in range(self.least - fired.get(kind, 0))]
        self._random.shuffle(missing)
        for kind in missing:
            self.world.control("POST", "faults", {
                "kind": kind, "path": PATHS.get(kind, API), "times": 1, "seconds": SLOW})
        if "refresh_lost" in missing:
            self.world.sql("UPDATE xero_token SET expires_at = now() AT TIME ZONE 'UTC'")

    # === WORK === #

    def _send(self, push, records):
        """Press a button; whom Xero has just turned away connects again and presses once more."""
        while True:
            if not self._is_connected():
                self._connect_again()
            try:
                return push(records)
            except OdooError:
                if self._is_connected():
                    raise

    def _settle(self, records, all_runs=False):
        """Let time pass, kill, connect again, until each of the records has come to rest."""
        world = self.world
        while not self._is_settled(records, all_runs):
            assert time.monotonic() < self._end, f"{self}: still {self._states(self.records)}\n{world.odoo.tail(8)}"
            if not self._is_connected():
                self._connect_again()
            elif self._deaths and self._states(self.records).get("synced", 0) >= self._deaths[0]:
                self._deaths.pop(0)
                self._kill()
            elif world.worker_is_idle():
                self._wait()
            else:
                time.sleep(POLL)
                self._nudge()

    def _nudge(self):
        """A worker that was just starting may not have heard that there is work."""
        if time.monotonic() - self._nudged > NUDGE:
            self._nudged = time.monotonic()
            self.world.wake_workers()

    def _is_settled(self, records, all_runs):
        if not set(self._states(records)) <= SETTLED:
            return False
        return not all_runs or self.world.open_pushes() == 0

    def _wait(self):
        """Nobody has anything to do now: time passes until somebody has."""
        seconds = float(self.world.seconds_to_wait()) + self._random.uniform(1, 30)
        if self.late and self._in_doubt():
            seconds = max(seconds, FORGOTTEN)
        self.counts["waits"] += 1
        self.world.let_time_pass(seconds)

    def _in_doubt(self):
        return self.world.one("SELECT count(*) FROM xero_request WHERE state IN ('sending', 'unknown')")

    def _is_connected(self):
        return self.world.one("SELECT state = 'connected' FROM xero_connection WHERE id = %s", self.world.connection_id)

    def _connect_again(self):
        """Somebody goes through the consent page; that, too, meets the storm."""
        self.counts["consents"] += 1
        self.world.consent_again()

    # === DEATH === #

    def _kill(self):
        """kill -9 at a random moment, often while Xero is working on a call or has just done so."""
        world = self.world
        if self.late or self._random.random() < 0.5:
            before = world.arrived()
            kind = self._random.choice(("slow", "slow_after"))
            world.control("POST", "faults", {"kind": kind, "method": "PUT", "path": API, "times": 1, "seconds": SLOW})
            end = time.monotonic() + 1
            while world.arrived() == before and time.monotonic() < end:
                time.sleep(0.01)
        time.sleep(self._random.uniform(0, SLOW))
        if self._random.random() < 0.2:
            self.counts["servers killed"] += 1
            world.odoo.kill()
        else:
            self.counts["workers killed"] += bool(world.kill_cron_workers())
        # What has left arrives nevertheless.
        time.sleep(SLOW)
        world.let_time_pass(FORGOTTEN if self.late else self._random.uniform(1, 120))
        if not world.odoo.is_running():
            world.odoo.start()
            world.wake_workers()


class InvoiceStorm(Storm):
    """A storm over new customer invoices.

    :param documents: how many
    """

    what = "invoices"

    def __init__(self, world, seed, documents, late, least):
        moves = world.invoices(documents, world.customers(max(1, documents // 4)))
        super().__init__(world, seed, moves, late, least)

    def _travel(self):
        world, moves = self.world, self.records
        single = moves[:-max(BACKGROUND, round(LIST * len(moves)))]
        early = single[:round(EARLY * len(single))]
        self._send(world.push_each, early)
        self._settle(early)
        self._add_missing()
        self._send(world.push_each, single[len(early):])
        self._send(world.push_in_background, moves[len(single):])
        self._settle(moves)

    def _states(self, records):
        return self.world.states(records)

    def _adopted(self):
        return self.world.one(
            "SELECT count(*) FROM xero_event WHERE kind = 'adopted' AND model = 'account.move' AND res_id = ANY(%s)",
            self.records)


class LinkStorm(Storm):
    """A storm over links of all kinds that are queued already."""

    what = "links"

    def _travel(self):
        self.world.wake_workers()
        self._settle(self.records)

    def _states(self, records):
        return Counter(dict(self.world.sql(
            "SELECT state, count(*) FROM xero_link WHERE id = ANY(%s) GROUP BY 1", records)))

    def _adopted(self):
        return self.world.one("SELECT count(*) FROM xero_event WHERE kind = 'adopted'")
