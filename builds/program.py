"""What a build for machines without Python starts with."""

import os

from xlcheck.__main__ import start

# With these the libraries beside this program are found first. Other programs that it starts, such as a browser, have their own.
before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
os.environ.pop("LD_LIBRARY_PATH", None)
if before is not None:
    os.environ["LD_LIBRARY_PATH"] = before

start()
