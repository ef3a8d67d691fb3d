"""A mail server on loopback that takes what it is given, or refuses: enough of SMTP for a client to be a client."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Letters:
    """What arrived: envelope and raw message. `user` may log in; `refuse` names recipients that do not exist."""

    port: int = 0
    sent: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    user: str = ""
    password: str = ""
    refuse: frozenset[str] = frozenset()
    logins: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None  # STARTTLS is offered, and nothing is taken without it
    at_once: bool = False  # TLS from the first byte, as on port 465
    encrypted: list[str] = field(default_factory=list)  # versions of the letters that came encrypted


class _Session(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def secure(self, context: ssl.SSLContext) -> bool:
        """Go on encrypted; False where the client did not like the certificate."""
        try:
            self.connection = context.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return False
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        return True

    def handle(self) -> None:
        box: Letters = self.server.box  # type: ignore[attr-defined]
        try:
            self.talk(box)
        except OSError:
            return  # a client that refuses the certificate hangs up
        finally:
            if isinstance(self.connection, ssl.SSLSocket):
                self.connection.close()

    def version(self) -> str:
        return str(self.connection.version()) if isinstance(self.connection, ssl.SSLSocket) else ""

    def talk(self, box: Letters) -> None:
        sender, to = "", []
        if box.at_once and box.tls and not self.secure(box.tls):
            return
        self.say("220 loopback")
        while line := self.rfile.readline():
            words = line.decode("ascii", "replace").strip()
            verb = words.partition(" ")[0].upper()
            if verb == "EHLO":
                self.say("250-loopback")
                self.say("250-8BITMIME")
                if box.tls and not self.version():
                    self.say("250-STARTTLS")
                self.say("250 AUTH PLAIN" if box.user else "250 HELP")
            elif verb == "STARTTLS" and box.tls:
                self.say("220 go ahead")
                if not self.secure(box.tls):
                    return
            elif box.tls and not self.version() and verb not in ("QUIT", "NOOP", "RSET"):
                self.say("530 must issue STARTTLS first")
            elif verb == "AUTH":
                given = base64.b64decode(words.split()[-1]).decode().split("\0")
                ok = given[1:] == [box.user, box.password]
                box.logins.append(given[1])
                self.say("235 ok" if ok else "535 authentication failed")
            elif verb == "MAIL":
                sender = words.partition(":")[2].partition(">")[0].strip("< ")
                self.say("250 ok")
            elif verb == "RCPT":
                address = words.partition(":")[2].partition(">")[0].strip("< ")
                to.append(address)
                self.say("550 no such mailbox" if address in box.refuse else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                body = bytearray()
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body += part[1:] if part.startswith(b"..") else part
                box.sent.append((sender, list(to), bytes(body)))
                box.encrypted.append(self.version())
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok" if verb == "RSET" else "502 not here")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def letterbox(**settings: object) -> Iterator[Letters]:
    box = Letters(**settings)  # type: ignore[arg-type]
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join(5)
