"""A mail server that says what a test wants it to say."""

import email
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.e2e.whole import free_port


@dataclass
class PostOffice:
    """Keeps what it gets. ``says`` is the answer to MAIL, RCPT or DATA, where not a yes."""

    says: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    hangs_up_after_data: int = 0
    port: int = 0

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd calls it so
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" not in self.says:
            envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it so
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" not in self.says:
            envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802 -- aiosmtpd calls it so
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self.says:
            return self.says["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        lines = content.replace(b"\r\n", b"\n")
        self.letters.append(email.message_from_bytes(lines, policy=default))
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        if self.hangs_up_after_data:
            self.hangs_up_after_data -= 1
            server.transport.abort()
        return "250 OK"


def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> Any:
    """Let one user in."""
    right = isinstance(data, LoginPassword) and data == LoginPassword(b"balie", b"sesame-sesame")
    return AuthResult(success=right, handled=right)  # a refusal is for the server to say


def opened(office: PostOffice, *, tls: ssl.SSLContext | None = None) -> Controller:
    """Open an office on a free port. With ``tls`` it lets in who encrypts and signs in."""
    more = {"tls_context": tls, "authenticator": let_in, "auth_required": True} if tls else {}
    # Its controller knocks at the port that it was given, so 0 would not do.
    office.port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **more)
    controller.start()
    return controller


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for this machine; return it, and what a server shows it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / "shown.pem", folder / "kept.pem"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kept.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, kept)
    return shown, context
