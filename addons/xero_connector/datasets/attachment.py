"""Files of documents: one request each, sent after their document, its bytes as they are."""

import hashlib
import mimetypes
import re
from pathlib import PurePath
from urllib.parse import quote

from odoo import api, models

from .. import values
from .problem import Problem

MOST = 10  # files of one document in Xero
LARGEST = 10 * 1024 * 1024  # bytes
LONGEST = 200  # characters of a name
CLOSED = ("VOIDED", "DELETED", "ARCHIVED")
ANY_TYPE = "application/octet-stream"
_FORBIDDEN = re.compile(r'[<>:"/\\|?*+\x00-\x1f\x7f\ud800-\udfff]')
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


class XeroDatasetAttachment(models.AbstractModel):
    """A link's record is the file, its part the document: ``account.move,7``."""

    _name = "xero.dataset.attachment"
    _inherit = "xero.dataset"
    _description = "Xero Attachments"

    _key = "attachment"
    _xero_plural = "Attachments"
    _xero_id = "AttachmentID"
    _odoo_model = "ir.attachment"
    _sequence = 60
    _batch = 1
    _paged = False
    _keeps_id = False

    # === WHICH FILES === #

    @api.model
    def _waiting(self, owners):
        """Files that Xero does not have, or not as they are now.

        :param owners: links of documents
        :return: list of ``(attachment id, part, company id)``
        """
        connection, waiting = self._connection, []
        if not connection._may_send_files():
            return waiting
        open_owners = owners.filtered(lambda o: o.xero_id and not o.part and o.xero_status not in CLOSED)
        for model, same in open_owners.grouped("model").items():
            documents = self.env[model].browse(same.mapped("res_id")).exists()
            files = documents._xero_files(connection)
            known = self._links_of([_part(owner) for owner in same]).grouped("part")
            for owner in same:
                links = known.get(_part(owner), self.env["xero.link"])
                for attachment in self._to_send(files.get(owner.res_id, ()), links):
                    waiting.append((attachment.id, _part(owner), owner.company_id.id))
        return waiting

    @api.model
    def _links_of(self, parts):
        """Links of the files of documents, also of deleted files."""
        return (
            self.env["xero.link"]
            .with_context(active_test=False)
            .search(
                [
                    ("tenant_id", "=", self._connection.tenant_id),
                    ("dataset", "=", self._key),
                    ("part", "in", parts),
                ],
                order="id",
            )
        )

    @api.model
    def _to_send(self, attachments, links):
        """Those of one document's `attachments` that a request is needed for; equal ones once."""
        by_file, seen = {link.res_id: link for link in links}, set()
        for attachment in attachments:
            link = by_file.get(attachment.id)
            if link and not link.active or attachment.checksum in seen:
                continue
            seen.add(attachment.checksum)
            link = link or self._take_over(attachment, links)
            if not link or not self._is_current(link, attachment):
                yield attachment

    @api.model
    def _take_over(self, attachment, links):
        """The link of a deleted file of the same name: the new file replaces it in Xero."""
        name = _clean_name(attachment)
        link = links.filtered(lambda link: not link.active and link.xero_id and link.number == name)[:1]
        link.write({"res_id": attachment.id, "active": True, "state": "outdated"})
        return link

    @api.model
    def _is_current(self, link, attachment):
        content_hash = values.fingerprint(self._element(attachment, link.number))
        return link.state == "synced" and link.xero_id and link.content_hash == content_hash

    # === PUSH === #

    @api.model
    def _check(self, record, link):
        connection, owner = self._connection, self._owner(link)
        if not owner.xero_id:
            raise Problem("attachment_document_missing", name=record.name or "")
        document = self.env[owner.model].browse(owner.res_id).exists()
        wanted = document._xero_files(connection).get(owner.res_id, self.env["ir.attachment"])
        if record not in wanted or owner.xero_status in CLOSED:
            raise Problem("attachment_not_wanted", state="excluded", name=record.name or "")
        if not connection._may_send_files():
            raise Problem("scope_missing")
        if not record.file_size:
            raise Problem("attachment_empty", name=record.name or "")
        if record.file_size > LARGEST:
            size, most = (f"{number / 1024 / 1024:.1f}" for number in (record.file_size, LARGEST))
            raise Problem("attachment_too_large", name=record.name or "", size=size, most=most)
        others = self._links_of([link.part]) - link
        if not link.xero_id and len(others.filtered("xero_id")) >= MOST:
            raise Problem("attachment_too_many", name=record.name or "", most=MOST)

    @api.model
    def _prepare_payload(self, record, link):
        self._read(record, record.checksum)
        if not link.xero_id:
            # Kept before the answer: another file of the document must not take the name meanwhile.
            link.number = self._free_name(record, link)
        return self._element(record, link.number), []

    @api.model
    def _element(self, attachment, name):
        """What tells the content of a file; its bytes stay where they are."""
        mime = attachment.mimetype or ""
        return {
            "FileName": name,
            "MimeType": mime if _TYPE.fullmatch(mime) and mime != "application/json" else ANY_TYPE,
            "ContentLength": attachment.file_size,
            "Checksum": attachment.checksum,
        }

    @api.model
    def _with_identity(self, payload, link, record, sources):
        return {**payload, "Attachment": record.id}

    @api.model
    def _request_path(self, link, payload):
        owner = self._owner(link)
        path = f"{self._connection._dataset(owner.dataset)._xero_path}/{owner.xero_id}/Attachments"
        path += f"/{quote(payload['FileName'], safe='')}"
        if link.xero_id or not self.env[owner.model].browse(owner.res_id)._xero_files_online():
            return path
        return f"{path}?IncludeOnline={str(self._connection.attachments_online).lower()}"

    @api.model
    def _content(self, body):
        element = values.loads(body)[self._xero_plural][0]
        record = self._browse(element["Attachment"]).exists()
        return self._read(record, element["Checksum"]), element["MimeType"]

    @api.model
    def _read(self, record, checksum):
        """Bytes of a file.

        :raises Problem: they are gone, or are not those of `checksum`
        """
        content = record.with_context(bin_size=False).raw or b""
        if not content or hashlib.sha1(content, usedforsecurity=False).hexdigest() != checksum:
            raise Problem("attachment_unreadable", name=record.name or "")
        return content

    @api.model
    def _owner(self, link):
        """Link of the document that the file of `link` belongs to."""
        model, _comma, res_id = link.part.partition(",")
        return self.env["xero.link"].search(
            [
                ("tenant_id", "=", link.tenant_id),
                ("model", "=", model),
                ("res_id", "=", int(res_id)),
                ("part", "=", ""),
            ],
            limit=1,
        )

    @api.model
    def _free_name(self, record, link):
        """Name in Xero: the file's own as far as Xero takes it, unique in the document."""
        name = PurePath(_clean_name(record))
        others = self._links_of([link.part]) - link
        taken = {other.casefold() for other in others.mapped("number") if other}
        free, number = str(name), 1
        while free.casefold() in taken:
            number += 1
            free = f"{name.stem} ({number}){name.suffix}"
        return free

    # === ANSWER AND LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        return item.get("FileName")

    @api.model
    def _read_answer(self, item):
        return {**super()._read_answer(item), "number": item.get("FileName")}

    @api.model
    def _list_path(self, path):
        return path.partition("?")[0].rpartition("/")[0]

    @api.model
    def _could_be(self, element, item):
        return item.get("ContentLength") == element["ContentLength"]

    @api.model
    def _is_conflict(self, code):
        return code == "attachment_name_taken"

    @api.model
    def _conflict_queries(self, records):
        return [{}]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        same = [item for item in self._unlinked(link, items) if item["FileName"].casefold() == link.number.casefold()]
        if len(same) == 1 and same[0].get("ContentLength") == record.file_size:
            return same[0]
        raise Problem("attachment_name_taken", name=link.number)

    @api.model
    def _describe(self, item):
        return {"name": item.get("FileName")}

    @api.model
    def _gone_problem(self, link):
        name = link.number or ""
        # Somebody deleted it in Xero: the next push makes it anew.
        link.write({"xero_id": False, "content_hash": False})
        return Problem("attachment_gone", name=name)


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _followers(self, links):
        # EXTENDS xero.dataset
        return {**super()._followers(links), "attachment": self._connection._dataset("attachment")._waiting(links)}


# === HELPERS === #


def _part(owner):
    return f"{owner.model},{owner.res_id}"


def _clean_name(attachment):
    """Name of a file as far as Xero takes it, with an ending."""
    name = _FORBIDDEN.sub("_", attachment.name or "").strip(" .") or "file"
    if not PurePath(name).suffix:
        name += mimetypes.guess_extension(attachment.mimetype or "") or ""
    suffix = PurePath(name).suffix[:20]
    return name if len(name) <= LONGEST else name[: LONGEST - len(suffix)] + suffix
