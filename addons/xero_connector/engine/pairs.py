"""Adoption: what stands on both sides already, as pairs for people to look at. Nothing is made on either side."""


def store(run, dataset, items):
    """Write down which records of Odoo a block of Xero's elements could be.

    :param items: elements of the data set as Xero sent them
    """
    env = run.env
    xero_ids = [item[dataset._xero_id] for item in items]
    # An element whose record was deleted in Odoo may get another one.
    linked = env["xero.link"]._holding(run.connection_id.tenant_id, dataset._key, xero_ids)
    pairs = env["xero.pair"]
    known = pairs.search(
        [
            ("connection_id", "=", run.connection_id.id),
            ("dataset", "=", dataset._key),
            ("xero_id", "in", xero_ids),
        ]
    )
    # A step that is repeated writes the same pairs anew; what a person has said stays.
    stale = known.filtered(lambda pair: pair.state in ("proposed", "alone") and not pair.by_hand)
    settled = {*linked.mapped("xero_id"), *(known - stale).mapped("xero_id")}
    stale.unlink()
    free = [item for item in items if item[dataset._xero_id] not in settled and dataset._can_pair(item)]
    candidates = dataset._pair(free) if free else {}
    pairs._record(run, dataset, free, candidates)
    first = run._first_time(dataset, items)
    run._count_pulled(linked=len(first & candidates.keys()), skipped=len(first - candidates.keys()))
