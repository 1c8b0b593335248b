"""What a build for machines without Python starts with."""

from xlcheck.__main__ import start

start()
