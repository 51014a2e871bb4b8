import asyncio

import pytest

from skywrite.kit.addresses import check_literal, is_public, resolve
from skywrite.kit.errors import Refused

PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::", "3fff::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "192.167.1.1", "100.63.255.255", "100.128.0.1",
    "2001:4860:4860::8888", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_told_in_every_form(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "app.localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "017700000001",
     "[::1]", "0"],
)  # fmt: skip
def test_a_host_that_is_plainly_this_machine_is_refused_with_what_to_set(host):
    with pytest.raises(Refused, match="SKYWRITE_PRIVATE_DESTINATIONS"):
        check_literal(host, allow_private=False)
    check_literal(host, allow_private=True)


def test_a_name_is_resolved_and_each_of_its_addresses_judged():
    with pytest.raises(Refused, match="localhost is"):
        asyncio.run(resolve("localhost", 80, allow_private=False))
    assert asyncio.run(resolve("localhost", 80, allow_private=True))


def test_odd_forms_of_an_address_are_judged_as_what_they_are():
    with pytest.raises(Refused):
        asyncio.run(resolve("0x7f.1", 80, allow_private=False))
    assert asyncio.run(resolve("1.1.1.1", 80, allow_private=False)) == ["1.1.1.1"]
