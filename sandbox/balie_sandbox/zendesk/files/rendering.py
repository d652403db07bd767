"""Attachments and uploads as the API shows them."""

from urllib.parse import quote

from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.timestamps import stamp

from .model import StoredFile, Upload


def attachment_json(file: StoredFile) -> Json:
    """Its own `url` lies beside the files, at the account's address."""
    root, _, _ = file.content_url.partition("/attachments/")
    address = content_address(file)
    return {
        "url": f"{root}/api/v2/attachments/{file.id}.json",
        "id": file.id,
        "file_name": file.file_name,
        "content_url": address,
        "mapped_content_url": address,
        "content_type": file.content_type,
        "size": len(file.data),
        "width": None,
        "height": None,
        "inline": file.inline,
        "deleted": file.deleted,
        "malware_access_override": file.malware_access_override,
        "malware_scan_result": file.malware_scan_result,
        "thumbnails": [],
    }


def content_address(file: StoredFile) -> str:
    """Where the file is fetched; the address of one that lies elsewhere has its own query."""
    if not file.content_url.endswith("/"):
        return file.content_url
    return f"{file.content_url}?name={quote(file.file_name)}"


def upload_json(upload: Upload) -> Json:
    shown = [attachment_json(file) for file in upload.files]
    return {
        "token": upload.token,
        "expires_at": stamp(upload.expires_at),
        "attachment": shown[-1],
        "attachments": shown,
    }
