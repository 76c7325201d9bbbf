"""The part of the story about invitations: one is confirmed and withdrawn, before the one used."""

from tests.house.story_care import Calling


async def tell(thea: Calling, client_url: str, email: str) -> None:
    """Thea confirms the address, invites, looks at what became of it, and takes it back."""
    client = await thea.call("GET", client_url)
    version = client["version"]
    confirmed = {"email": email}
    await thea.call("POST", f"{client_url}/confirm-address", confirmed, version=version)
    await thea.call("POST", f"{client_url}/invitation", {"email": email})
    listed = await thea.call("GET", f"/v1/invitations?client_id={client['id']}")
    sent = listed["items"][0]
    await thea.call("POST", f"/v1/invitations/{sent['id']}/withdraw", version=sent["version"])
