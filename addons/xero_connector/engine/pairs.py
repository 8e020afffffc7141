"""Adoption: what stands on both sides already, as pairs for people to look at. Nothing is made on either side."""


def store(run, dataset, items):
    """Write down which records of Odoo a block of Xero's elements could be.

    :param items: elements of the data set as Xero sent them
    """
    env = run.env
    xero_ids = [item[dataset._xero_id] for item in items]
    linked = (
        env["xero.link"]
        .with_context(active_test=False)
        .search(
            [
                ("tenant_id", "=", run.connection_id.tenant_id),
                ("dataset", "=", dataset._key),
                ("xero_id", "in", xero_ids),
            ]
        )
        .mapped("xero_id")
    )
    free = [item for item in items if item[dataset._xero_id] not in set(linked) and dataset._can_pair(item)]
    pairs = env["xero.pair"]
    # A step that is repeated writes the same pairs anew.
    pairs.search(
        [
            ("connection_id", "=", run.connection_id.id),
            ("dataset", "=", dataset._key),
            ("xero_id", "in", xero_ids),
            ("state", "in", ("proposed", "alone")),
            ("by_hand", "=", False),
        ]
    ).unlink()
    known = set(
        pairs.search(
            [
                ("connection_id", "=", run.connection_id.id),
                ("dataset", "=", dataset._key),
                ("xero_id", "in", xero_ids),
            ]
        ).mapped("xero_id")
    )
    free = [item for item in free if item[dataset._xero_id] not in known]
    candidates = dataset._pair(free) if free else {}
    pairs._record(run, dataset, free, candidates)
    run._count_pulled(linked=len(candidates), skipped=len(items) - len(candidates))
