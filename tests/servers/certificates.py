"""Certificates for servers that run on this machine."""

from __future__ import annotations

from pathlib import Path


def certify(folder: Path, *hosts: str) -> tuple[Path, Path]:
    """Write a certificate for `hosts` into the folder.

    Returns:
        What a client must trust, and what the server needs: its key with its certificate, in one PEM file.
    """
    import trustme

    authority = trustme.CA()
    trusted, own = folder / "ca.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(trusted)
    authority.issue_cert(*hosts).private_key_and_cert_chain_pem.write_to_path(own)
    return trusted, own
