"""Odoo's own tests of what we extend behave the same with us installed; `make test-host` runs all of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import database
import host_suite

# Documents, lines, payments, reconciliation, taxes, partners, products: models that we inherit from.
# Two halves of about the same length, one for each core. None of them needs a browser.
HALVES = (
    (
        "TestAccountMoveOutInvoiceOnchanges",
        "TestAccountMoveOutRefundOnchanges",
        "TestAccountPayment",
        "TestAccountPartner",
        "TestMergePartner",
        "TestProduct",
        "TestAccountTax",
    ),
    (
        "TestAccountMoveReconcile",
        "TestAccountPaymentRegister",
        "TestAccountMovePaymentsWidget",
        "TestAccountMove",
        "TestInvoiceTaxes",
    ),
)
TOO_LONG = ("TestAccountPaymentRegister.test_payment_with_branch",)
LEAST = 300  # tests in these classes


@pytest.fixture(scope="module")
def outcomes():
    """What became of each test with us installed."""
    host_suite.check_tests_are_there()
    with ThreadPoolExecutor(len(HALVES)) as pool:
        halves = pool.map(run_half, range(len(HALVES)))
        outcomes = {test: outcome for half in halves for test, outcome in half.items()}
    assert len(outcomes) >= LEAST
    return outcomes


def run_half(number):
    """The outcomes of one half, in a database of its own."""
    name = f"xero_guest_ours_{number + 1}"
    host_suite.make_database(name, ours=True)
    tags = [f"/account:{one}" for one in HALVES[number]] + [f"-/account:{one}" for one in TOO_LONG]
    try:
        return host_suite.run(name, tags)
    finally:
        database.drop(name)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [name for half in HALVES for name in half])
def test_odoos_own_tests_behave_as_without_us(name, outcomes):
    mine = {test: outcome for test, outcome in outcomes.items() if name in test.rstrip(")").split(".")}
    failed = {test: reason for test, (outcome, reason) in mine.items() if outcome == "failed"}
    assert mine, f"{name} did not run"
    if failed:
        host_suite.make_database("xero_guest_plain", ours=False)
        alone = host_suite.run("xero_guest_plain", [host_suite.tag_of(test) for test in failed])
        database.drop("xero_guest_plain")
        differing = host_suite.different({test: alone[test] for test in failed if test in alone},
                                         {test: mine[test] for test in failed})
        assert not differing, "\n".join(f"{test}: {ours[1]}" for test, (_alone, ours) in differing.items())
        pytest.skip(f"fail without us as well: {', '.join(map(host_suite.short, failed))}")
