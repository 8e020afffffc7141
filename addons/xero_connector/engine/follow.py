"""What goes to Xero after a record that is there: queued once the record's own outcome is known."""


def after(run, links):
    """Queue what follows `links`; whatever becomes of it leaves them as they are.

    :param run: the push run that the links belong to
    :param links: links of one organisation; those of records that are not in Xero are left out
    """
    if run.undoes_id:
        return
    connection = run.connection_id
    for dataset, same in links.filtered("xero_id")._by_dataset():
        for follower, rows in dataset._followers(same).items():
            connection._queue_followers(follower, rows, run)
