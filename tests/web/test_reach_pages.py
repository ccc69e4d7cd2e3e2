"""Pages of how a person is called, without JavaScript, as a phone shows them."""
from tests.support import enterprise
from tests.support.enterprise import sign_in


def test_own_page(client, db):
    enterprise.make()
    sign_in(client, "bi1")
    page = client.get("/me/reach")
    assert page.status_code == 200, page.text
