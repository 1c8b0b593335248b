"""What msoffcrypto-tool needs of `cryptography`, in the page: that library has no wheel for WebAssembly on PyPI.

Only decryption: AES by @noble/ciphers, which the worker hands over, and RC4. Files are locked with the default password,
which is published, so nothing here keeps a secret.
"""

# The names are those of cryptography; what is imported exists in Pyodide only.
# mypy: ignore-errors

import sys
from types import ModuleType

from js import xlcheck_ciphers
from pyodide.ffi import to_js

_BLOCK = 16
_HAZMAT = f"{__name__}.hazmat"


class _AES:
    def __init__(self, key):
        self.key = to_js(bytes(key))


class _ARC4:
    def __init__(self, key):
        self.key = bytes(key)


class _ECB:
    def decryptor(self, cipher):
        return _Blocks(lambda data: xlcheck_ciphers.ecb(cipher.key, to_js(data)).to_bytes())


class _CBC:
    def __init__(self, vector):
        self.vector = bytes(vector)

    def decryptor(self, cipher):
        def decrypted(data):
            vector, self.vector = self.vector, data[-_BLOCK:]
            return xlcheck_ciphers.cbc(cipher.key, to_js(vector), to_js(data)).to_bytes()

        return _Blocks(decrypted)


class _Blocks:
    """Decrypts whole blocks."""

    def __init__(self, decrypted):
        self._decrypted = decrypted

    def update(self, data):
        return self._decrypted(bytes(data)) if data else b""

    def finalize(self):
        return b""


class _Stream:
    """RC4."""

    def __init__(self, key):
        state, other = list(range(256)), 0
        for at in range(256):
            other = (other + state[at] + key[at % len(key)]) & 255
            state[at], state[other] = state[other], state[at]
        self._state, self._at, self._other = state, 0, 0

    def update(self, data):
        state, at, other, made = self._state, self._at, self._other, bytearray(data)
        for place, byte in enumerate(made):
            at = (at + 1) & 255
            other = (other + state[at]) & 255
            state[at], state[other] = state[other], state[at]
            made[place] = byte ^ state[(state[at] + state[other]) & 255]
        self._at, self._other = at, other
        return bytes(made)

    def finalize(self):
        return b""


class _Cipher:
    def __init__(self, algorithm, mode=None, backend=None):
        del backend
        self._algorithm, self._mode = algorithm, mode

    def decryptor(self):
        return self._mode.decryptor(self._algorithm) if self._mode else _Stream(self._algorithm.key)


def _module(name, **members):
    module = ModuleType(name)
    module.__path__ = []
    vars(module).update(members)
    sys.modules[name] = module
    return module


__path__ = []
_module(_HAZMAT)
_module(f"{_HAZMAT}.backends", default_backend=lambda: None)
_module(f"{_HAZMAT}.primitives", serialization=None)
_module(f"{_HAZMAT}.primitives.asymmetric", padding=None)
_algorithms = _module(f"{_HAZMAT}.primitives.ciphers.algorithms", AES=_AES)
_modes = _module(f"{_HAZMAT}.primitives.ciphers.modes", ECB=_ECB, CBC=_CBC)
_module(f"{_HAZMAT}.primitives.ciphers", Cipher=_Cipher, algorithms=_algorithms, modes=_modes)
_module(f"{_HAZMAT}.decrepit")
_module(f"{_HAZMAT}.decrepit.ciphers")
_module(f"{_HAZMAT}.decrepit.ciphers.algorithms", ARC4=_ARC4)
