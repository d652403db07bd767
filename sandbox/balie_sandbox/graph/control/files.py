"""Files: looking at them, and serving them badly.

``GET /control/whatsapp/media`` lists them: ``{"media": [{"id", "phone_number_id", "mime_type",
"filename", "bytes", "fault"}]}``. ``GET /control/whatsapp/media/<id>/file`` returns the bytes
without a token, which is what the phone's page shows.

``POST /control/whatsapp/media/<id>`` ``{"fault": "slow", "fault_options"?: {"seconds": 0.1}}``
lets it be served badly from now on (media/misbehaviour.py lists how); ``null`` ends that.

``GET /control/whatsapp/elsewhere`` returns ``{"requests": [headers, ...]}`` of those that
followed a redirect to another host; no bearer may be among them.
"""

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate

from balie_sandbox.bad_input import BadInput, json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.media.files import MediaFile
from balie_sandbox.graph.media.misbehaviour import FAULTS

#: What a page may show in place; anything else is downloaded, so that it runs nowhere.
SHOWN = ("image/jpeg", "image/png", "image/webp", "audio/", "video/")


class FaultSchema(Schema):
    """The body of POST /control/whatsapp/media/<id>."""

    class Meta:
        unknown = RAISE

    fault = fields.String(required=True, allow_none=True, validate=validate.OneOf(FAULTS))
    fault_options = fields.Dict(keys=fields.String(), load_default=dict)


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the routes of files."""

    @blueprint.get("/media")
    def list_files() -> ResponseReturnValue:
        return jsonify(media=[as_json(file) for file in account.media.files.values()])

    @blueprint.post("/media/<media_id>")
    def spoil(media_id: str) -> ResponseReturnValue:
        asked = load(FaultSchema(), json_object())
        file = account.media.files.get(media_id)
        if file is None:
            raise BadInput(f"There is no file {media_id}.")
        file.fault, file.fault_options = asked["fault"], asked["fault_options"]
        return jsonify(as_json(file))

    @blueprint.get("/media/<media_id>/file")
    def show(media_id: str) -> ResponseReturnValue:
        file = account.media.files.get(media_id)
        if file is None:
            abort(404)
        answer = Response(file.data, content_type=file.mime_type)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "sandbox"
        if not file.mime_type.startswith(SHOWN):
            answer.headers["Content-Type"] = "application/octet-stream"
            answer.headers.set("Content-Disposition", "attachment", filename=media_id)
        return answer.make_conditional(request, accept_ranges=True, complete_length=len(file.data))

    @blueprint.get("/elsewhere")
    def elsewhere() -> ResponseReturnValue:
        return jsonify(requests=account.media.led_astray)


def as_json(file: MediaFile) -> dict[str, object]:
    """Return a file without its bytes."""
    return {
        "id": file.id,
        "phone_number_id": file.number_id,
        "mime_type": file.mime_type,
        "filename": file.filename,
        "bytes": len(file.data),
        "fault": file.fault,
    }
