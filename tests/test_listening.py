"""The ear for phones: what it sends leaves in one piece."""

import socket

from siposyandu.listening import Listener
from tests.places import free_port

PAGE = b"<!doctype html>" + b"x" * 30_000 + b"</html>"


def test_the_head_of_an_answer_and_its_page_leave_together() -> None:
    def give(environ, start):
        start("200 OK", [("Content-Length", str(len(PAGE)))])
        return [PAGE]

    port = free_port()
    phones = Listener(give, port)
    phones.open("127.0.0.1")
    try:
        with socket.create_connection(("127.0.0.1", port)) as phone:
            phone.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            first = phone.recv(2 * len(PAGE))
    finally:
        phones.shut()
    assert first.endswith(b"</html>")
