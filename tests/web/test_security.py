"""What holds for every answer and every request, whatever page it is."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.window import TINY_ROUTES, client, form_of
from xlcheck.web.security import host_of

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def window() -> TestClient:
    """A server with a page, a form and a page that breaks."""
    return client(TINY_ROUTES)


@pytest.mark.parametrize(
    "path", ["/", "/broken", "/refused", "/nowhere", "/static/window.css", "/static/none.css", "/health"]
)
def test_every_answer_has_the_headers(window: TestClient, path: str) -> None:
    answer = window.get(path)
    assert answer.headers.items() >= ALWAYS.items()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == (
        "no-store" if path != "/static/window.css" else "public, max-age=31536000, immutable"
    )
    assert "strict-transport-security" not in answer.headers


def test_with_tls_browsers_are_told_to_stay_with_it() -> None:
    answer = client(TINY_ROUTES, secure=True).get("/")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["set-cookie"].startswith("__Host-xlcheck-form=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} < set(answer.headers["set-cookie"].split("; "))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "localhost@evil.example"])
def test_a_name_that_is_not_ours_is_refused(window: TestClient, host: str) -> None:
    assert window.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8480", "[::1]:8480"])
def test_our_names_are_known_with_any_port(window: TestClient, host: str) -> None:
    assert window.get("/", headers={"host": host}).status_code == 200


def test_a_host_is_read_as_browsers_read_it() -> None:
    assert [host_of(one) for one in ("A.b:1", "[::1]:2", "x@y", "[")] == ["a.b", "::1", "y", ""]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_what_another_site_sends_is_refused(window: TestClient, site: str) -> None:
    fields = form_of(window)
    assert window.post("/", data=fields, headers={"sec-fetch-site": site}).status_code == 403
    assert window.get("/", headers={"sec-fetch-site": site}).status_code == 403
    follows = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    assert window.get("/", headers={**follows, "sec-fetch-dest": "document"}).status_code == 200
    assert window.get("/", headers={**follows, "sec-fetch-dest": "iframe"}).status_code == 403
    assert window.post("/", data=fields, headers={**follows, "sec-fetch-dest": "document"}).status_code == 403


def test_a_browser_that_says_only_where_a_form_comes_from_is_believed(window: TestClient) -> None:
    fields = form_of(window)
    assert window.post("/", data=fields, headers={"origin": "http://evil.example"}).status_code == 403
    assert window.post("/", data=fields, headers={"origin": "null"}).status_code == 403
    assert window.post("/", data=fields, headers={"origin": "http://[localhost"}).status_code == 403
    assert window.post("/", data=fields, headers={"origin": "http://localhost"}).status_code == 200


def test_a_form_is_taken_from_the_browser_that_it_was_shown_in_only(window: TestClient) -> None:
    fields = form_of(window)
    assert window.post("/", data=fields).text == "写下了：甲"
    assert window.post("/", data={**fields, "token": ""}).status_code == 403
    assert window.post("/", data={"text": "甲"}).status_code == 403
    other = client(TINY_ROUTES)
    form_of(other)
    assert other.post("/", data=fields).status_code == 403
    assert client(TINY_ROUTES).post("/", data=fields).status_code == 403


def test_a_script_sends_the_token_in_a_header(window: TestClient) -> None:
    token = form_of(window)["token"]
    assert window.post("/", data={"text": "乙"}, headers={"x-token": token}).text == "写下了：乙"


def test_the_cookie_is_made_once(window: TestClient) -> None:
    assert "set-cookie" in window.get("/").headers
    assert "set-cookie" not in window.get("/").headers
    for poor in ("short", "x" * 100, "a" * 30 + '"<>'):
        assert "set-cookie" in client(TINY_ROUTES).get("/", headers={"cookie": f"xlcheck-form={poor}"}).headers


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"]
)
def test_no_path_leads_out_of_the_files(window: TestClient, path: str) -> None:
    assert window.get(path).status_code == 404


def test_what_breaks_is_a_page_without_the_words_of_the_error(window: TestClient) -> None:
    answer = window.get("/broken")
    assert answer.status_code == 500
    assert "系统出错" in answer.text
    assert "第三格是 42" not in answer.text


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_no_other_method_is_known(window: TestClient, method: str) -> None:
    assert window.request(method, "/").status_code == 405
