"""A real Odoo on a copy of the template database, threaded and prefork."""

import pytest

import database
from odoo_server import OdooError, OdooServer

DATABASE = "xero_setup_test"


@pytest.fixture(scope="module")
def copied():
    database.create(DATABASE)
    yield DATABASE
    database.drop(DATABASE)


@pytest.mark.parametrize("workers", [0, 2])
def test_odoo_answers_as_a_logged_in_user(copied, workers):
    with OdooServer(copied, workers=workers) as odoo:
        client = odoo.login()
        assert client.call("res.users", "search_count", [("login", "=", "admin")]) == 1
        assert client.call("ir.config_parameter", "get_param", "web.base.url") == odoo.url
        assert odoo.url.startswith("http://localhost:")
        # The gevent process of the prefork server must not end and be started again and again.
        assert "Traceback" not in odoo.log.read_text()
        with pytest.raises(OdooError, match="does not exist"):
            client.call("res.partner", "no_such_method")


def test_a_wrong_password_is_an_odoo_error(copied):
    with OdooServer(copied) as odoo, pytest.raises(OdooError) as refused:
        odoo.login("admin", "wrong")
    assert refused.value.name.endswith("AccessDenied")


def test_a_copy_has_the_template_s_files_and_a_dropped_one_leaves_none(copied):
    filestore = database.DATA_DIR / "filestore"
    assert (filestore / copied).is_dir()
    other = f"{copied}_2"
    database.create(other)
    assert sorted(p.name for p in (filestore / other).rglob("*")) == sorted(
        p.name for p in (filestore / database.TEMPLATE).rglob("*")
    )
    database.drop(other)
    assert not database.exists(other) and not (filestore / other).exists()


def test_a_module_that_is_not_there_is_said(copied):
    with pytest.raises(database.Missing, match="installing no_such_module .* failed"):
        database.install(copied, "no_such_module")
