"""Which addresses may be asked: configured hosts alone, and only where they may lie."""

from __future__ import annotations

import pytest

from index.errors import FetchError
from index.fetch.hosts import Host, Hosts, host_of, is_public
from index.fetch.names import file_name, folder_name, name_of_address, official
from index.identifiers import canonical

OFFICIAL = Host("zoek.officielebekendmakingen.nl")
DESK = Host("127.0.0.1", 8099, inside=True)


def resolves_to(*addresses: str) -> Hosts:
    return Hosts([OFFICIAL, DESK], lambda _name, _port: list(addresses))


@pytest.mark.parametrize(
    "url",
    [
        "https://elders.nl/ah-tk-1.xml",
        "https://zoek.officielebekendmakingen.nl.elders.nl/",
        "https://zoek.officielebekendmakingen.nl:8443/",
        "https://zoek.officielebekendmakingen.nl@elders.nl/",
        "https://zoek.officielebekendmakingen.nl:80@elders.nl/",
        "https://user:password@zoek.officielebekendmakingen.nl/",
        "https://elders.nl\\@zoek.officielebekendmakingen.nl/",
        "https://elders.nl#@zoek.officielebekendmakingen.nl/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::1]:8099/",
        "http://127.0.0.1:8100/",
        "http://127.1:8099/",
        "http://169.254.169.254/latest/meta-data",
        "http://zoek.officielebekendmakingen.nl/",
        "http://zoek.officielebekendmakingen.nl:443/",
        "file:///etc/passwd",
        "ftp://zoek.officielebekendmakingen.nl/",
        "gopher://zoek.officielebekendmakingen.nl:443/",
        "//zoek.officielebekendmakingen.nl/",
        "https://zoek.officielebekendmakingen.nl/\r\nHost: elders.nl",
        "https://zoek.officielebekendmakingen.nl\u3002elders.nl/",
        "https://zoek.officielebekendmakingen.nl:99999/",
        "https://",
        "",
    ],
)
def test_an_address_of_another_host_is_never_looked_up(url: str) -> None:
    asked: list[str] = []
    hosts = Hosts([OFFICIAL, DESK], lambda name, _port: asked.append(name) or ["8.8.8.8"])
    with pytest.raises(FetchError) as refused:
        hosts.target(url)
    assert refused.value.key in ("fetch.host", "fetch.address", "fetch.unsafe")
    assert not asked


@pytest.mark.parametrize("name", ["ZOEK.officielebekendmakingen.nl", "zoek.officielebekendmakingen.nl."])
def test_other_spellings_of_a_configured_host_are_that_host(name: str) -> None:
    assert resolves_to("8.8.8.8").target(f"https://{name}/a.xml").host == OFFICIAL


def test_an_encrypted_address_is_one_however_its_scheme_is_written() -> None:
    assert resolves_to("8.8.8.8").target("HTTPS://zoek.officielebekendmakingen.nl/").scheme == "https"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "geen adres"),
    ],
)
def test_a_configured_host_that_lies_inside_is_refused(address: str) -> None:
    assert not is_public(address)
    for found in ([address], ["8.8.8.8", address]):
        with pytest.raises(FetchError, match="eigen netwerk"):
            resolves_to(*found).target("https://zoek.officielebekendmakingen.nl/")


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)
    assert resolves_to(address).target("https://zoek.officielebekendmakingen.nl/").address == address


def test_a_host_inside_may_be_asked_when_it_is_configured_so() -> None:
    assert resolves_to("127.0.0.1").target("http://127.0.0.1:8099/sru").address == "127.0.0.1"


def test_a_name_server_that_changes_its_answer_does_not_change_where_is_connected() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    hosts = Hosts([OFFICIAL], lambda _name, _port: next(answers))
    for _ in range(3):
        assert hosts.target("https://zoek.officielebekendmakingen.nl/").address == "8.8.8.8"


def test_a_name_that_cannot_be_found_is_tried_again() -> None:
    def nowhere(_name: str, _port: int) -> list[str]:
        raise OSError("not known")

    with pytest.raises(FetchError) as failed:
        Hosts([OFFICIAL], nowhere).target("https://zoek.officielebekendmakingen.nl/")
    assert (failed.value.key, failed.value.retryable) == ("fetch.unknown_host", True)


def test_hosts_are_read_from_names_and_addresses() -> None:
    assert host_of("Voorbeeld.nl") == Host("voorbeeld.nl", 443)
    assert host_of("voorbeeld.nl:8080", inside=True) == Host("voorbeeld.nl", 8080, inside=True)
    assert host_of("http://127.0.0.1/sru") == Host("127.0.0.1", 80)
    with pytest.raises(FetchError):
        host_of("voor beeld")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("AH-TK-20222023-1751", "ah-tk-20222023-1751"),
        ("kv-tk-2024z12345", "kv-tk-2024Z12345"),
        (" Kv-Tk-2024Z12345-H1 ", "kv-tk-2024Z12345-h1"),
        ("kst-36600-xii-42", "kst-36600-XII-42"),
        ("ah-1234567", "ah-1234567"),
        ("iets anders", "iets anders"),
    ],
)
def test_an_identifier_has_one_spelling(written: str, wanted: str) -> None:
    assert canonical(written) == wanted
    assert canonical(canonical(written)) == wanted


def test_only_official_identifiers_are_official() -> None:
    assert official("AH-TK-20222023-1751") == "ah-tk-20222023-1751"
    assert official("ah-beestje") is None
    assert official("https://elders.nl/ah-tk-20222023-1") is None


@pytest.mark.parametrize(
    "hostile",
    [
        *("../../etc/passwd", "/etc/passwd", "ah-tk-../../x", "..", ".", ".verborgen", "a/b", "a\\b", "C:\\x"),
        *(
            "ah-tk-20222023-1\x00.xml",
            "con\nnul",
            "ah-tk-20222023-" + "9" * 300,
            "x" * 5000,
            "\u202egnp.exe",
            "",
            "-rf",
        ),
    ],
)
def test_no_identifier_leads_out_of_its_folder(hostile: str) -> None:
    for part in (
        file_name(hostile),
        folder_name(file_name(hostile)),
        file_name(name_of_address(f"https://x/{hostile}")),
    ):
        assert part
        assert len(part) <= 110
        assert part.isascii()
        assert not set(part) & set("/\\\0\n:")
        assert not part.startswith((".", "-"))


def test_names_that_only_differ_in_unsafe_signs_stay_apart() -> None:
    names = {file_name(name) for name in ("a/b", "a\\b", "A/b", "a b", "a-b")}
    assert len(names) == 5


def test_an_address_is_named_by_the_identifier_in_it() -> None:
    root = "https://zoek.officielebekendmakingen.nl"
    assert name_of_address(f"{root}/ah-tk-20222023-1751.html") == "ah-tk-20222023-1751"
    assert name_of_address(f"{root}/AH-TK-20222023-1751/metadata.xml") == "ah-tk-20222023-1751"
    one, other = (name_of_address(f"https://www.rijksoverheid.nl/vraag?n={n}") for n in (1, 2))
    assert one != other
