"""A bookkeeper connects her company along the strip of the connection's form."""


def test_deny_comes_back_with_a_warning_and_connects_nothing(set_up):
    assert any("refused" in warning for warning in set_up.denied["warnings"])
    assert set_up.denied["connections"] == 0
    assert set_up.denied["state"] == "disconnected"
    assert not set_up.denied["tenant_id"]


def test_the_organisation_is_not_taken_before_it_is_chosen(set_up):
    assert set_up.chosen["state"] == "choose"
    assert not set_up.chosen["tenant_id"]
    assert not any("refused" in warning for warning in set_up.chosen["warnings"])


def test_choosing_the_organisation_brings_its_reference_data_in(set_up, books):
    seen = books.read("xero.connection", set_up.connection, "state", "tenant_name", "last_update")
    assert seen["state"] == "connected"
    assert seen["tenant_name"] == "Demo Company (AU)"
    assert seen["last_update"]
    for model in ("xero.account", "xero.tax.rate"):
        assert books.client.call(model, "search_count", [("connection_id", "=", set_up.connection)]) > 5


def test_the_strip_shows_where_one_stands(set_up):
    assert _done(set_up.steps["keys"]) == ["App keys", "Redirect address"]
    assert _done(set_up.steps["organisation"]) == ["App keys", "Redirect address", "Connect"]
    assert [name for name, done in set_up.steps["start"].items() if not done] == ["Trial push"]


def test_the_secret_is_not_shown_again(set_up, ruby):
    ruby.open(f"xero-connections/{set_up.connection}")
    assert ruby.field("client_secret").locator("input").input_value() == ""
    assert "SANDBOX-CLIENT-SECRET" not in ruby.page.content()


def _done(steps):
    return [name for name, done in steps.items() if done]
