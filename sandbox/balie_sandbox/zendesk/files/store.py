"""All files of the account, and the uploads that no comment has used yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import ApiError, invalid, not_found
from balie_sandbox.zendesk.settings import AccountSettings

from .model import StoredFile, Upload

#: "The file was redacted" is what remains of one.
REDACTED_NAME = "redacted.txt"


class FileStore:
    """Files by id and by the token in their address.

    `root` is the address of the account as its API's clients see it; a file's own address is
    written once, when it is stored.
    """

    def __init__(self, source: ClockSource, settings: AccountSettings) -> None:
        self._source = source
        self._settings = settings
        self._files: dict[int, StoredFile] = {}
        self._by_token: dict[str, StoredFile] = {}
        self._uploads: dict[str, Upload] = {}
        self.root = ""

    def store(self, name: str, content_type: str, data: bytes) -> StoredFile:
        """Keep a file. Raises ApiError: 413 when too large, 422 when its type is refused."""
        if len(data) > self._settings.max_upload_bytes:
            text = "The file is larger than the account allows"
            raise ApiError(413, {"error": "RequestEntityTooLarge", "description": text})
        refused = self._settings.refused_content_types.split(",")
        if not data or content_type in [one.strip() for one in refused]:
            raise unprocessable()
        token = self._source.ids.token(24)
        scan = timedelta(seconds=self._settings.malware_scan_seconds)
        # Some clients send the whole path of a file on their disk.
        base = name.replace("\\", "/").rsplit("/", 1)[-1] or "file"
        file = StoredFile(
            self._source.new_id(),
            token,
            base,
            content_type,
            data,
            f"{self.root}/attachments/token/{token}/",
            self._source.now() + scan,
            self._settings.malware_verdict,
            self._source.now,
        )
        self._files[file.id] = self._by_token[token] = file
        return file

    def upload(self, file: StoredFile, token: str | None = None) -> Upload:
        """Put a file under a token, a new one or one given out before. Raises ApiError (422)."""
        if token:
            upload = self._waiting(token)
        else:
            life = timedelta(seconds=self._settings.upload_token_seconds)
            upload = Upload(self._source.ids.token(24), self._source.now() + life)
            self._uploads[upload.token] = upload
        upload.files.append(file)
        return upload

    def drop_upload(self, token: str) -> None:
        """Raises ApiError (404)."""
        upload = self._uploads.pop(token, None)
        if upload is None:
            raise not_found()
        for file in upload.files:
            self.forget(file)

    def check(self, tokens: Sequence[str]) -> None:
        """Raises ApiError (422) on a token that is unknown, used or expired.

        Zendesk's pages do not say what happens to such a comment; a file that goes missing
        without a word would hide a bridge's mistake, so the sandbox refuses.
        """
        for token in tokens:
            self._waiting(token)

    def claim(self, tokens: Sequence[str]) -> list[StoredFile]:
        """The files for a comment, once. Raises ApiError (422) as `check` does."""
        self.check(tokens)
        uploads = [self._uploads.pop(token) for token in dict.fromkeys(tokens)]
        return [file for upload in uploads for file in upload.files]

    def get(self, file_id: int) -> StoredFile:
        """Raises ApiError (404)."""
        file = self._files.get(file_id)
        if file is None:
            raise not_found()
        return file

    def by_token(self, token: str) -> StoredFile:
        """Raises ApiError (404)."""
        file = self._by_token.get(token)
        if file is None:
            raise not_found()
        return file

    def named_in(self, html_body: str) -> list[StoredFile]:
        """The files whose address stands in a comment's HTML."""
        return [one for token, one in self._by_token.items() if token in html_body]

    def copy(self, file: StoredFile) -> StoredFile:
        """The same file once more, with an id and an address of its own."""
        token = self._source.ids.token(24)
        address = f"{self.root}/attachments/token/{token}/"
        made = replace(file, id=self._source.new_id(), token=token, content_url=address)
        self._files[made.id] = self._by_token[token] = made
        return made

    def redact(self, file: StoredFile) -> None:
        """Put an empty text in the file's place."""
        file.file_name, file.content_type = REDACTED_NAME, "text/plain"
        file.data, file.inline = b"", False

    def forget(self, file: StoredFile) -> None:
        file.deleted = True
        self._files.pop(file.id, None)
        self._by_token.pop(file.token, None)

    def _waiting(self, token: str) -> Upload:
        upload = self._uploads.get(token)
        if upload is None or upload.expires_at <= self._source.now():
            raise invalid("uploads", "Uploads: token is invalid or was used", "InvalidValue")
        return upload


def unprocessable() -> ApiError:
    """As recorded."""
    text = "Attachment file could not be processed."
    return ApiError(422, {"error": "AttachmentUnprocessable", "description": text})
