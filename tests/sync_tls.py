"""TLS in front of a web server on loopback, with a certificate made for the test, valid from and until any day."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def certificate(folder: Path, begin: str, end: str) -> tuple[Path, Path]:
    """Make a key and a certificate of its own for 127.0.0.1, with its dates as `YYYYMMDDHHMMSSZ`; return both paths."""
    key, made = folder / "tls.key", folder / "tls.crt"
    asked, settings = folder / "tls.csr", folder / "tls.cnf"
    settings.write_text(
        "[ca]\ndefault_ca=own\n[own]\nnew_certs_dir=.\ndatabase=index\nserial=serial\ndefault_md=sha256\npolicy=any\n"
        "x509_extensions=ext\nunique_subject=no\n[any]\ncommonName=supplied\n"
        "[ext]\nsubjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:TRUE\n"
    )
    (folder / "index").write_text("")
    (folder / "serial").write_text("01")
    _openssl(folder, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", str(key), "-out", str(asked), "-subj", "/CN=127.0.0.1")  # fmt: skip
    _openssl(folder, "ca", "-batch", "-selfsign", "-config", str(settings), "-keyfile", str(key), "-in", str(asked),
             "-out", str(made), "-notext", "-startdate", begin, "-enddate", end)  # fmt: skip
    return key, made


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@contextmanager
def tls_before(port: int, folder: Path, begin: str, end: str) -> Iterator[tuple[str, Path]]:
    """Put TLS before a port of loopback; yields the address and the certificate to trust."""
    key, made = certificate(folder, begin, end)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_accept, args=(listener, context, port), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", made
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _accept(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        with suppress(OSError):
            secure = context.wrap_socket(near, server_side=True)
            far = socket.create_connection(("127.0.0.1", port))
            for source, sink in ((secure, far), (far, secure)):
                threading.Thread(target=_carry, args=(source, sink), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
