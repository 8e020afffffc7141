"""What people do in Xero's own screens, behind the connector's back.

``{"action": "edit", "invoice": id, "values": {...}}`` and so on; see ``ACTIONS`` and the files
in ``people``. The same rules as in the API hold (states, locks), except that a person may remove
a reconciled payment. ``"silent": true`` leaves UpdatedDateUTC of the record as it was.
"""

from operator import attrgetter

from .errors import Invalid, NotFound
from .people import contacts, documents, journals, money, payroll, purchase_orders, settings

# What `act` raises when Xero refuses, or a request makes no sense.
REFUSALS = (Invalid, NotFound, KeyError, StopIteration, ValueError)
# Actions that several kinds of records know: by the first key that the request has.
SHARED = {
    "edit": {"contact": contacts.edit_contact, "item": settings.edit_item,
             "manual_journal": journals.edit_journal, "account": settings.edit_account,
             "purchase_order": purchase_orders.edit_order, "employee": payroll.edit_employee},
    "archive": {"contact": contacts.archive_contact, "account": settings.archive_account,
                "category": settings.archive_tracking, "pay_item": payroll.archive_item},
    "rename": {"contact": contacts.rename_contact, "pay_item": payroll.rename_item},
    "delete": {"item": settings.delete_item, "bank_transaction": money.remove_transaction,
               "manual_journal": journals.delete_journal,
               "purchase_order": purchase_orders.delete_order,
               "timesheet": payroll.delete_timesheet, "leave": payroll.delete_leave,
               "pay_run": payroll.delete_pay_run, "employee": payroll.delete_employee},
    "create": {"manual_journal": journals.create_journal,
               "purchase_order": purchase_orders.create_order,
               "timesheet": payroll.create_timesheet},
    "void": {"manual_journal": journals.void_journal},
    "approve": {"manual_journal": journals.post_journal,
                "purchase_order": purchase_orders.approve_order,
                "timesheet": payroll.approve_timesheet, "leave": payroll.approve_leave},
    "reject": {"timesheet": payroll.reject_timesheet, "leave": payroll.reject_leave},
}
ACTIONS = {function.__name__: function for function in (
    documents.create, documents.edit, documents.approve, documents.void, documents.delete,
    documents.reschedule, money.pay, money.refund, money.unpay, money.batch_pay, money.unbatch,
    money.overpay, money.prepay, money.transact, money.allocate, money.deallocate,
    money.reconcile, contacts.create_contact, contacts.unarchive, contacts.merge, contacts.erase,
    contacts.group, settings.lock, settings.rename, settings.add_account,
    settings.archive_account, settings.deactivate_tax_rate, settings.subscribe,
    settings.add_tracking_option, settings.create_item, settings.track_item,
    purchase_orders.bill, payroll.add_employee, payroll.terminate, payroll.rehire,
    payroll.assign, payroll.unassign, payroll.set_balance, payroll.make_calendar, payroll.process,
    payroll.request_leave, payroll.create_pay_run, payroll.post_pay_run)}
TABLES = {"contact": "contacts", "invoice": "invoices", "credit_note": "credit_notes",
          "payment": "payments", "manual_journal": "manual_journals",
          "purchase_order": "purchase_orders", "employee": "payroll.employees",
          "pay_item": "payroll.pay_items", "timesheet": "payroll.timesheets",
          "leave": "payroll.leaves", "pay_run": "payroll.pay_runs"}


def act(org, request):
    """Do ``request["action"]``; returns the row that changed, as it is stored.

    :raises KeyError: unknown action or record, missing argument; :raises Invalid: refused.
    """
    name = request["action"]
    shared = [function for key, function in SHARED.get(name, {}).items() if key in request]
    with org.transaction():
        before = _stamp(org, request) if request.get("silent") else None
        row = (shared[0] if shared else ACTIONS[name])(org, request)
        return _silenced(org, request, before) if before else row


def _stamp(org, request):
    table = next(attrgetter(name)(org) for key, name in TABLES.items() if key in request)
    key = next(request[key] for key in TABLES if key in request)
    return table, table.get(key)


def _silenced(org, request, before):
    table, old = before
    return table.put({**table.get(old[table.id_field]), "updated": old["updated"]})
