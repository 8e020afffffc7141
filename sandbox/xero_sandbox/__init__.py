"""A local, strict, stateful Xero for demos, training, acceptance and tests.

Start it with ``python -m xero_sandbox --port 8100 --country AU`` or, inside a test,
with ``xero_sandbox.testing.SandboxServer``. What it imitates is written down in the
facts file of the project and in Xero's OpenAPI specification 16.1.0.
"""

__version__ = "0.1.0"
