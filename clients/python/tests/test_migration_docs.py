"""The pages of docs/migration for Python: their code runs against a server, and prints what its lines say."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import grpc
import pytest
from servers import Server

from reprise.v1 import admin_service_pb2, admin_service_pb2_grpc

DOCS = Path(__file__).resolve().parents[3] / "docs" / "migration"
BLOCK = re.compile(r"^( *)```python\n(.*?)^\1```$", re.M | re.S)
PRINTS = re.compile(r"# → (.*)$", re.M)


def program_of(page: str) -> str:
    """Returns the blocks of a page in order, without those that show the former library."""
    blocks = [textwrap.dedent(match[2]) for match in BLOCK.finditer((DOCS / page).read_text("utf-8"))]
    return "\n".join(block for block in blocks if not block.startswith("# Before\n"))


@pytest.mark.parametrize("page", ["redis-py.md", "dogpile.md", "hosted-grpc-cache.md"])
def test_what_a_page_shows_is_what_is_printed(server: Server, page: str) -> None:
    program = program_of(page)
    expected = PRINTS.findall(program)
    assert len(expected) >= 5
    namespace = page.removesuffix(".md")
    here = program.replace('Client("127.0.0.1:7171"', f'Client("{server.target}", namespace="{namespace}", deadline=20')
    assert here != program
    with grpc.insecure_channel(server.target) as channel:
        admin = admin_service_pb2_grpc.AdminServiceStub(channel)
        admin.CreateNamespace(admin_service_pb2.CreateNamespaceRequest(name=namespace), timeout=20)
    done = subprocess.run([sys.executable, "-c", here], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (0, expected), done.stderr
