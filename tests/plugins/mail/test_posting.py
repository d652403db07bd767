"""What the mail server's answers mean, what an unclear end means, and what is told."""

import socket
import threading
from contextlib import contextmanager

import pytest

from balie.api import AuthFailed, OutcomeUnknown, Rejected, Text, TransientError
from balie_mail.plugin import plugin

from .post_office import PostOffice, certificate, opened


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize("says", ["450 4.2.0 greylisted", "451 later", "452 4.2.2 full for now"])
def test_4xx_is_tried_again(mail, office, reply, at, says):
    office.says[at] = says

    with pytest.raises(TransientError) as refused:
        plugin.reply_dispatch(mail(), reply())
    assert type(refused.value) is TransientError
    assert office.letters == []


@pytest.mark.parametrize(
    ("at", "says", "told"),
    [
        ("RCPT", "550 5.1.1 User unknown", "kent dit e-mailadres niet"),
        ("RCPT", "550 no such user", "kent dit e-mailadres niet"),
        ("RCPT", "552 5.2.2 Over quota", "mailbox van de klant is vol"),
        ("RCPT", "550 5.7.1 SPF", "SPF, DKIM en DMARC"),
        ("DATA", "552 5.3.4 Too big", "er te groot voor"),
        ("DATA", "554 5.7.26 DMARC", "SPF, DKIM en DMARC"),
        ("DATA", "554 no", "neemt deze e-mail niet aan"),
    ],
    ids=range(7),
)
def test_5xx_ends_it_and_says_what_to_do(mail, office, reply, at, says, told):
    office.says[at] = says

    with pytest.raises(Rejected) as refused:
        plugin.reply_dispatch(mail(), reply())
    assert says.startswith(refused.value.code)
    assert told in refused.value.text


def test_sender_who_is_not_taken_is_for_the_admin(mail, office, reply):
    office.says["MAIL"] = "550 5.7.1 not you"

    with pytest.raises(AuthFailed, match=r"takes nothing from chat@winkel\.example: 550 5\.7\.1"):
        plugin.reply_dispatch(mail(), reply())


def test_sender_who_is_too_early_waits(mail, office, reply):
    office.says["MAIL"] = "421 too busy"

    with pytest.raises(TransientError):
        plugin.reply_dispatch(mail(), reply())


def test_server_that_is_not_there_is_tried_again(mail, reply):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(TransientError, match="cannot be reached"):
        plugin.reply_dispatch(mail(port=port), reply())


def test_letter_that_left_without_an_answer_has_an_unknown_outcome(mail, office, reply):
    office.hangs_up_after_data = 1

    with pytest.raises(OutcomeUnknown):
        plugin.reply_dispatch(mail(), reply())
    assert len(office.letters) == 1


def test_server_that_hangs_up_before_the_letter_has_not_taken_it(mail, reply):
    with hanging_up(at=b"DATA") as port, pytest.raises(TransientError) as ended:
        plugin.reply_dispatch(mail(port=port), reply())
    assert type(ended.value) is TransientError


def test_server_that_hangs_up_within_the_letter_has_not_taken_it(mail, reply):
    long = Text(text="een lange brief " * 1_000_000)
    with hanging_up(at=b"Subject") as port, pytest.raises(TransientError) as ended:
        plugin.reply_dispatch(mail(port=port), reply(long))
    assert type(ended.value) is TransientError


@pytest.mark.parametrize("says", [b"banana\r\n", b"354 what else?\r\n"])
def test_answer_that_is_none_has_an_unknown_outcome(mail, reply, says):
    with hanging_up(at=b"\r\n.\r\n", saying=says) as port, pytest.raises(OutcomeUnknown):
        plugin.reply_dispatch(mail(port=port), reply())


def test_server_that_takes_no_letter_but_says_yes_is_tried_again(mail, reply):
    with hanging_up(at=b"DATA", saying=b"250 OK\r\n") as port, pytest.raises(TransientError):
        plugin.reply_dispatch(mail(port=port), reply())


def test_lines_that_begin_with_a_dot_arrive_as_they_are(mail, office, reply):
    plugin.reply_dispatch(mail(), reply(Text(text="een\n.\n..twee\n.drie")))

    (letter,) = office.letters
    assert letter.get_content().startswith("een\n.\n..twee\n.drie\n")


@contextmanager
def hanging_up(*, at, saying=b""):
    """A server that says yes to everything, and hangs up once it has read this."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve():
            talk, _ = door.accept()
            with talk:
                talk.sendall(b"220 here\r\n")
                heard, in_letter = b"", False
                while at not in heard and (new := talk.recv(1024)):
                    heard += new
                    if at not in heard and not in_letter and heard.endswith(b"\r\n"):
                        in_letter = heard.endswith(b"DATA\r\n")
                        talk.sendall(b"354 go on\r\n" if in_letter else b"250 OK\r\n")
                talk.sendall(saying)

        thread = threading.Thread(target=serve)
        thread.start()
        yield door.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_said_to_who_cannot_encrypt(mail, office, reply, security):
    """Who stands between takes the offer away, or shows another certificate."""
    ctx = mail(security=security, user="balie", password="sesame-sesame")

    with pytest.raises((AuthFailed, TransientError)):
        plugin.reply_dispatch(ctx, reply())
    assert office.letters == []


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """An office that wants us to encrypt and to sign in."""
    shown, context = certificate(tmp_path)
    office = PostOffice()
    controller = opened(office, tls=context)
    office.shown = shown
    yield office
    controller.stop()


def test_letter_goes_encrypted_and_signed_in(mail, guarded, reply, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(guarded.shown))
    ctx = mail(port=guarded.port, security="starttls", user="balie", password="sesame-sesame")
    plugin.reply_dispatch(ctx, reply())

    assert len(guarded.letters) == 1
    assert plugin.connection_check(ctx).ok


def test_wrong_password_signs_the_connection_out(mail, guarded, reply, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(guarded.shown))
    ctx = mail(port=guarded.port, security="starttls", user="balie", password="not-this-one")

    with pytest.raises(AuthFailed, match="lets us not in: 535"):
        plugin.reply_dispatch(ctx, reply())
    assert not plugin.connection_check(ctx).ok


def test_certificate_that_nobody_vouches_for_is_not_taken(mail, guarded, reply):
    ctx = mail(port=guarded.port, security="starttls", user="balie", password="sesame-sesame")

    with pytest.raises(AuthFailed, match="certificate"):
        plugin.reply_dispatch(ctx, reply())


def test_check_says_whether_the_server_lets_us_in(mail, office):
    assert plugin.connection_check(mail()).ok
