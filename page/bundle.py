"""The two shapes of the page: one file that holds everything, and a folder for a web server.

Both are made of the same parts. A policy (Content Security Policy) in each allows just what stands there.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ESBUILD = HERE / "node_modules" / ".bin" / "esbuild"

_B85 = bytes.maketrans(b"<>&", b",./")
"""Signs that mean something in HTML, and what stands for them (``decoded`` in src/parts.js)."""


class Parts(NamedTuple):
    """What the worker starts from."""

    worker: bytes
    """Its script, with Pyodide's."""
    wasm: bytes
    """CPython."""
    stdlib: bytes
    packages: bytes


def bundled(entry: str, form: str, known: Mapping[str, object]) -> bytes:
    """A script of src/ with all that it imports.

    Args:
        entry: its name.
        form: ``esm`` or ``iife``.
        known: constants that stand fast when it is built.
    """
    command = [
        str(ESBUILD), f"src/{entry}", "--bundle", "--minify", "--charset=utf8", f"--format={form}", "--target=es2022",
        "--external:node:*", "--external:ws", "--log-level=warning", "--log-override:large-file=silent",
        *(f"--define:{name}={json.dumps(value, ensure_ascii=False)}" for name, value in known.items()),
    ]  # fmt: skip
    return subprocess.run(command, check=True, cwd=HERE, stdout=subprocess.PIPE).stdout


def squeezed(data: bytes) -> bytes:
    """The same for `DecompressionStream`."""
    return gzip.compress(data, 9, mtime=0)


def one_file(parts: Parts, licences: str) -> bytes:
    """The page as one file, which needs no server."""
    scripts = [_script("check.js"), bundled("main.js", "esm", {"SITE": None})]
    style = _style()
    policy = [
        "default-src 'none'",
        f"script-src {' '.join(map(_hash, scripts))} 'wasm-unsafe-eval'",
        f"style-src {_hash(style)}",
        "img-src data:",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    held = "\n".join(
        f'<script type="text/plain" id="part-{name}">{base64.b85encode(squeezed(data)).translate(_B85).decode("ascii")}</script>'
        for name, data in parts._asdict().items()
    )
    return _page(
        policy,
        f"<style>{style.decode()}</style>\n<script>{scripts[0].decode()}</script>",
        f'{held}\n<script type="module">{scripts[1].decode()}</script>',
        licences,
    )


def site(parts: Parts, licences: str) -> dict[str, bytes]:
    """The page as files; all but the first have names that change with what they hold, so that they may be kept for ever."""
    files = {
        _named("worker", "js", parts.worker): parts.worker,
        _named("python", "wasm", parts.wasm): parts.wasm,
        _named("stdlib", "bin", squeezed(parts.stdlib)): squeezed(parts.stdlib),
        _named("packages", "bin", squeezed(parts.packages)): squeezed(parts.packages),
    }
    known = dict(zip(Parts._fields, files, strict=True))
    check, main, style = _script("check.js"), bundled("main.js", "esm", {"SITE": known}), _style()
    names = [_named(*one) for one in (("check", "js", check), ("page", "js", main), ("style", "css", style))]
    policy = [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src data:",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    head = f'<link rel="stylesheet" href="{names[2]}">\n<script src="{names[0]}"></script>'
    page = _page(policy, head, f'<script type="module" src="{names[1]}"></script>', licences)
    return {"index.html": page, **dict(zip(names, (check, main, style), strict=True)), **files}


def _page(policy: list[str], head: str, foot: str, licences: str) -> bytes:
    text = _source("index.html")
    for mark, made in (("POLICY", "; ".join(policy)), ("HEAD", head), ("LICENCES", licences), ("FOOT", foot)):
        text = text.replace(f"<!-- {mark} -->", made, 1)
    return text.encode()


def _script(name: str) -> bytes:
    return bundled(name, "iife", {})


def _source(name: str) -> str:
    return (HERE / "src" / name).read_text(encoding="utf-8")


def _style() -> bytes:
    """Its own looks, behind those that it shares with the window of the office."""
    shared = HERE.parent / "xlcheck" / "web" / "static" / "looks.css"
    return shared.read_bytes() + _source("style.css").encode()


def _hash(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def _named(stem: str, ending: str, data: bytes) -> str:
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{ending}"
