from . import (
    base_partner_merge,
    xero_account_proposal,
    xero_candidate_wizard,
    xero_dry_run,
    xero_mapping_wizard,
    xero_mismatch,
    xero_pull_wizard,
    xero_undo,
    xero_move_date,
    xero_reject_wizard,
)
