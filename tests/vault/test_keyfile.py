"""The key folder: made once, agreed on by all who start, refused when others may read it."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.vault.keyfile import KeysMissing, KeysUnreadable, load, load_or_create


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    load_or_create(made)
    return made


def test_what_was_made_is_what_is_read(folder: Path) -> None:
    first, again = load_or_create(folder), load(folder)
    assert (first.root.raw, first.signing, first.verifying) == (
        again.root.raw,
        again.signing,
        again.verifying,
    )


def test_only_the_owner_may_read(folder: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    assert modes == {"keys": 0o700, "root.key": 0o600, "tokens.json": 0o600}


def test_the_next_key_is_known_before_it_signs(folder: Path) -> None:
    keys = load(folder)
    kids = [kid for kid, _ in keys.verifying]
    assert len(kids) == 2
    assert keys.signing.kid in kids


def test_those_who_start_together_agree(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(_: int) -> tuple[bytes, str]:
        together.wait()
        keys = load_or_create(tmp_path / "keys")
        return keys.root.raw, keys.signing.kid

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1


def test_a_start_cut_short_is_finished_by_the_next(folder: Path) -> None:
    before = load(folder).root.raw
    (folder / "tokens.json").unlink()
    assert load_or_create(folder).root.raw == before


def test_a_lost_root_key_is_never_replaced(folder: Path) -> None:
    (folder / "root.key").unlink()
    with pytest.raises(KeysMissing, match="backup"):
        load_or_create(folder)
    assert not (folder / "root.key").exists()


def test_no_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="praxis up"):
        load(tmp_path / "keys")


@pytest.mark.parametrize("name", [".", "root.key", "tokens.json"])
def test_keys_that_others_may_read_are_refused(folder: Path, name: str) -> None:
    path = folder / name
    path.chmod(path.stat().st_mode | 0o040)
    with pytest.raises(KeysUnreadable, match="chmod"):
        load_or_create(folder)


def test_an_open_folder_gets_no_keys(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(KeysUnreadable, match="chmod 700"):
        load_or_create(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(KeysUnreadable, match="cannot be made"):
        load_or_create(tmp_path / "keys")


@pytest.mark.parametrize("content", ["", "short", "not base64 at all!", "QUJD\n"])
def test_a_damaged_root_key_is_refused(folder: Path, content: str) -> None:
    (folder / "root.key").write_text(content)
    with pytest.raises(KeysUnreadable, match=r"root\.key does not hold"):
        load(folder)


@pytest.mark.parametrize(
    "content", ["", "[]", "null", '{"keys": [1]}', '{"keys": []}', '{"keys": [{"kid": 1}]}']
)
def test_damaged_token_keys_are_refused(folder: Path, content: str) -> None:
    (folder / "tokens.json").write_text(content)
    with pytest.raises(KeysUnreadable, match=r"tokens\.json does not hold"):
        load(folder)


P384 = (
    ec.generate_private_key(ec.SECP384R1())
    .private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    .decode()
)


@pytest.mark.parametrize(
    "change", [{"state": "active"}, {"state": "x"}, {"kid": "a b"}, {"private_pem": P384}]
)
def test_token_keys_that_do_not_fit_are_refused(folder: Path, change: dict[str, str]) -> None:
    written = json.loads((folder / "tokens.json").read_text())
    written["keys"][1] |= change
    (folder / "tokens.json").write_text(json.dumps(written))
    with pytest.raises(KeysUnreadable):
        load(folder)


def test_two_token_keys_of_one_name_are_refused(folder: Path) -> None:
    written = json.loads((folder / "tokens.json").read_text())
    written["keys"].reverse()
    written["keys"][0]["kid"] = written["keys"][1]["kid"]
    (folder / "tokens.json").write_text(json.dumps(written))
    with pytest.raises(KeysUnreadable):
        load(folder)


def test_keys_show_nothing_of_themselves(folder: Path) -> None:
    assert "PRIVATE" not in repr(load(folder))
