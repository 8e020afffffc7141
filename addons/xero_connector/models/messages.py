"""Sentences for codes: short ones for events here, causes and cures in the catalogue."""

import re

from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

EVENTS = {
    "created": _lt("Created in Xero"),
    "updated": _lt("Updated in Xero"),
    "unchanged": _lt("Unchanged since the last push, no call made"),
    "adopted": _lt("Found in Xero and linked"),
    "matched": _lt("Was in Xero already, and is linked"),
    "skipped": _lt("Not sent"),
    "refused": _lt("Refused"),
    "pulled": _lt("%(dataset)s brought in: %(detail)s"),
    "pull_waits": _lt("%(dataset)s could not be brought in yet, it is tried again: %(detail)s"),
    "pull_failed": _lt("%(dataset)s could not be brought in: %(detail)s"),
    "linked": _lt("Found in Odoo and linked"),
    "removed": _lt("Removed, as in Xero"),
    "kept_odoo": _lt("Changed on both sides: Odoo's values stay"),
    "follows_merge": _lt("Merged in Xero: the other contact is used from now on"),
    "status_in_xero": _lt("Is %(status)s in Xero now"),
    "renumbered": _lt("Is sent under the number %(number)s"),
    "unlinked": _lt("Unlinked: Xero no longer knows it"),
    "rematched": _lt("Xero no longer knew its id; found there by its number or name, and linked"),
    "linked_by_hand": _lt("Linked by hand"),
    "link_cleared": _lt("Its link was cleared by hand"),
    "included": _lt("Included by an administrator although older than the start date"),
    "retry": _lt("Xero did not take it, it is sent again later"),
    "in_doubt": _lt("Sent, but no answer came back; its outcome is being looked up"),
    "connected": _lt("Connected"),
    "consent": _lt("Consent given at Xero, organisation not chosen yet"),
    "consent_refused": _lt("The consent was refused at Xero. Press Connect to Xero to try again."),
    "consent_failed": _lt("The consent did not come through (%(detail)s). Press Connect to Xero to try again."),
    "tested": _lt("Connection tested"),
    "test_failed": _lt("The test failed: %(detail)s"),
    "disconnected": _lt("Disconnected"),
    "deleted": _lt("Connection deleted"),
    "switched_on": _lt("Switched on"),
    "switched_off": _lt("Switched off"),
    "imported": _lt("Reference data brought in: %(detail)s"),
    "import_failed": _lt("Reference data could not be brought in: %(detail)s"),
    "needs_reconnect": _lt("Xero no longer accepts the connection"),
    "persons_ignored": _lt("%(count)s persons were left out: Xero lists five for a contact (%(names)s)"),
    "email_ignored": _lt("The e-mail address was left out: Xero does not accept its form"),
    "no_duplicate": _lt("Somebody has looked: it is no duplicate"),
    "taken_back": _lt("Cancelled in Odoo: somebody has it deleted in Xero, too"),
    "cis_accepted": _lt("Its bills go although Xero keeps tax back of them (Construction Industry Scheme)"),
    "item_taxes_dropped": _lt("An item has one tax in Xero: %(kept)s was sent, %(dropped)s left out"),
    "item_quantity_short": _lt("Xero has %(held)s of %(product)s, %(sold)s are sold: it may refuse to approve this"),
    "tax_typed_in": _lt("The tax was typed in, %(odoo)s; the lines alone give %(xero)s"),
    "tax_account_direct": _lt("Booked by hand on a tax account, sent without tax: %(account)s"),
    "cents_settled": _lt("Tax of %(count)s lines was set to Odoo's own cents"),
    "xero_warning": _lt("Xero warns: %(detail)s"),
    "posted": _lt("Posted; it needs an approval before it goes to Xero"),
    "edited": _lt("Edited; it needs an approval before it goes to Xero"),
    "approved": _lt("Approved, level %(level)s"),
    "rejected": _lt("Not approved, level %(level)s: %(text)s"),
    "rule_warned": _lt("Warning: %(message)s"),
    "batch_closed": _lt("%(batch)s closed"),
    "batch_kept_back": _lt("%(batch)s is not for export"),
    "batch_for_export": _lt("%(batch)s is for export again"),
    "batch_exported": _lt("%(batch)s exported"),
    "batch_reopened": _lt("%(batch)s opened again"),
    "batch_reopened_exported": _lt(
        "%(batch)s opened again after its export; what is in Xero stays there, changes to it are made by a new export "
        "or by hand"
    ),
    "date_moved": _lt("Goes to Xero under the date %(date)s instead of %(own)s, which is locked there"),
    "undo": _lt("%(run)s is taken back in Xero, records: %(count)s"),
    "mode_failed": _lt("%(kind)s are not sent by themselves, their condition cannot be used: %(detail)s"),
    "batch_failed": _lt("%(batch)s was not exported: %(detail)s"),
    "approval_rule_set": _lt(
        "Approval of %(kind)s, level %(level)s: %(requirement)s, amount %(amount)s, approved by: %(who)s"
    ),
    "approval_rule_removed": _lt("Approval of %(kind)s, level %(level)s was removed"),
}


WAITS = {
    "limit_minute": _lt("Xero's limit of calls per minute"),
    "limit_day": _lt("Xero's limit of calls per day; buttons still have a reserve"),
    "limit_concurrent": _lt("other calls to this organisation"),
    "limit_app": _lt("Xero's limit of calls for the whole app"),
    "Offline": _lt("Xero, which could not be reached"),
    "AccessRevoked": _lt("somebody to connect the organisation again"),
    "AuthExpired": _lt("somebody to connect the organisation again"),
    "CopiedDatabase": _lt("somebody to connect this copy of the database"),
    "ScopeMissing": _lt("somebody to connect again, with all that Xero is asked for"),
    "KeyMissing": _lt("the key that the tokens were encrypted with"),
    "OutcomeUnknown": _lt("Xero, whose answer could not be read"),
    "Unreadable": _lt("Xero, whose answer could not be read"),
    "busy": _lt("others who change the same records"),
    "error": _lt("another try after an internal error; see the server's log"),
}
LEFT_OUT = {
    "before_start": _lt("%(count)s before the start date"),
    "cashed_out": _lt("%(count)s that were paid out instead of taken"),
    "deleted_here": _lt("%(count)s deleted in Odoo"),
    "document_not_here": _lt("%(count)s of documents that are not linked with Odoo's"),
    "employee_not_here": _lt("%(count)s taken by people who are not linked with an employee in Odoo"),
    "erased": _lt("%(count)s erased in Xero"),
    "has_left": _lt("%(count)s who have left"),
    "money_not_here": _lt("%(count)s of money that is not in Odoo"),
    "no_account_number": _lt("%(count)s without an account number"),
    "not_active": _lt("%(count)s archived or deleted in Xero"),
    "not_posted": _lt("%(count)s of entries that are not posted"),
    "on_its_way": _lt("%(count)s on their way to Xero"),
    "only_in_xero": _lt("%(count)s only in Xero"),
    "partner_not_here": _lt("%(count)s of contacts that are no partners in Odoo"),
    "put_aside": _lt("%(count)s that somebody has put aside"),
    "rejected": _lt("%(count)s rejected in Xero"),
    "several_fit": _lt("%(count)s that several records of Odoo fit"),
    "switched_off": _lt("%(count)s of a kind that is switched off"),
}
STATUSES = {
    "ACTIVE": _lt("Active"),
    "ARCHIVED": _lt("Archived"),
    "AUTHORISED": _lt("Authorised"),
    "BILLED": _lt("Billed"),
    "DELETED": _lt("Deleted"),
    "DRAFT": _lt("Draft"),
    "GDPRREQUEST": _lt("Erased"),
    "PAID": _lt("Paid"),
    "POSTED": _lt("Posted"),
    "SUBMITTED": _lt("Awaiting Approval"),
    "VOIDED": _lt("Voided"),
}


class _Arguments(dict):
    """Arguments of a sentence; one that is missing shows as an ellipsis."""

    def __missing__(self, key):
        return "…"


def fill(env, template, arguments):
    """`template` with its ``%(name)s`` filled; a broken template is shown as it is.

    :param arguments: mapping; dates as ``YYYY-MM-DD`` appear as the reader writes them
    """
    shown = {
        name: format_date(env, value) if isinstance(value, str) and _DATE.fullmatch(value) else value
        for name, value in (arguments or {}).items()
    }
    if rule_id := shown.get("rule_id"):
        rule = env["xero.validation.rule"].sudo().browse(rule_id).exists()
        shown["message"] = rule.with_env(env).sudo().message or shown.get("message")
    try:
        return template % _Arguments(shown)
    except (ValueError, TypeError):
        return template


def status_label(env, status):
    """Xero's word for a status, in the reader's language; an unknown one as Xero sent it."""
    return env._(STATUSES[status]) if status in STATUSES else status


def wait_label(env, reason):
    """What a run waits for, in the reader's language."""
    return env._(WAITS[reason]) if reason in WAITS else reason


def left_out_label(env, counts):
    """Why an import has left elements out, in the reader's language.

    :param counts: ``{code of LEFT_OUT: number of elements}``
    """
    return ", ".join(
        fill(env, env._(LEFT_OUT[code]), {"count": count}) for code, count in sorted((counts or {}).items())
    )


def render(env, code, arguments=None):
    """The sentence for `code` in the language of `env`.

    :param arguments: mapping for the placeholders
    """
    if code in EVENTS:
        return fill(env, env._(EVENTS[code]), arguments)
    known = env["xero.known.error"]._for_code(code)
    return fill(env, known.with_env(env).sudo().cause, arguments) if known else (code or "")
