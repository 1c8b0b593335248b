"""What is made for machines without Python, or without pip. No part of the package."""
