"""Signing in over HTTP, from the first password to signing out everywhere."""

from tests.cast import Cast


async def test_me_says_who_and_what_one_may_do(harbour: Cast) -> None:
    answer = await harbour.thea.http.get("/v1/auth/me")
    assert answer.status_code == 200, answer.text
    assert answer.json()["context"]["practice_name"] == "Harbour"
    assert "homework:write" in answer.json()["permissions"]


async def test_nobody_is_told_to_sign_in(harbour: Cast) -> None:
    answer = await harbour.clients.new().get("/v1/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token")


async def test_signing_out_ends_the_token_at_once(harbour: Cast) -> None:
    assert (await harbour.cleo.http.post("/v1/auth/sign-out")).status_code == 204
    assert (await harbour.cleo.http.get("/v1/auth/me")).status_code == 401
