"""Purchase orders, and what a bill tells of them."""

from . import purchase_order_check, purchase_order, document, contact
