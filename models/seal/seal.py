from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...rules import seal
from ..mixins.sweep_mixin import BATCH, MAX_CONFLICTS


class Seal(models.Model):
    """One link of the chain that seals an association's final records.

    A scheduled action seals final records: signed declarations, released decisions and
    closed minutes. A record's salted digest goes into the chain, its content into a
    payload beside it. :mod:`rules.seal` has the arithmetic, and explains what the chain
    can and cannot show.

    :Who may: managers and auditors read it and verify the chain. Nobody changes or
        deletes a link, not even the superuser.
    :Parts: a file each, beside this one
        ``seal_verification``: walks the chain and compares
    """

    _name = "beneficiary.seal"
    _inherit = [
        "beneficiary.kept.mixin",
        "beneficiary.sweep.mixin",
        "beneficiary.mixin",
    ]
    _description = "Seal"
    _order = "position desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    position = fields.Integer(
        required=True, help="Place in the association's chain.", aggregator=None
    )
    res_model = fields.Selection("_get_sealed_models", string="Kind", required=True)
    res_id = fields.Many2oneReference(
        string="Sealed Record", model_field="res_model", required=True
    )
    record_name = fields.Char(
        string="Record", compute="_compute_record_name", compute_sudo=False
    )
    sealed_on = fields.Datetime(required=True)
    digest = fields.Char(
        required=True, help="SHA-256 of the sealed content and a salt."
    )
    previous_hash = fields.Char(string="Hash of the Link Before", required=True)
    hash = fields.Char(
        required=True, help="SHA-256 of this link and of the hash before it."
    )
    payload_ids = fields.One2many("beneficiary.seal.payload", "seal_id")
    erased_on = fields.Datetime(related="payload_ids.erased_on")
    erased_by_id = fields.Many2one(related="payload_ids.erased_by_id")
    erase_reason = fields.Text(related="payload_ids.erase_reason")

    _position_unique = models.UniqueIndex(
        "(company_id, position)", "Two links of a chain cannot have the same position."
    )

    @api.model
    def _get_sealed_models(self):
        """Return (name, label) of the models whose records are sealed."""
        names = self.pool.descendants(["beneficiary.sealed.mixin"], "_inherit")
        labels = self.env["ir.model"].sudo()  # labels only
        return [
            (name, labels._get(name).name)
            for name in sorted(names)
            if not self.pool[name]._abstract
        ]

    @api.depends("position")
    def _compute_display_name(self):
        for link in self:
            link.display_name = self.env._("Seal %(position)s", position=link.position)

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_record_name(self):
        """Compute names of sealed records; empty if the user may not read them."""
        self.record_name = False
        for links, records in self._get_records():
            readable = records._filtered_access("read")
            names = {
                record.id: record.display_name or str(record.id) for record in readable
            }
            for link in links:
                link.record_name = names.get(link.res_id)

    def _get_records(self):
        """Yield these links by model, with the records they seal that still exist."""
        sealed = dict(self._get_sealed_models())
        for name, links in self.grouped("res_model").items():
            # An unknown name was written into the database; the hash reveals that.
            if name in sealed:
                yield links, self.env[name].browse(links.mapped("res_id")).exists()

    def _get_record_label(self):
        """Return kind and name of the sealed record.

        If the user may not read the record, its id stands for the name.
        """
        self.ensure_one()
        return self.env._(
            "%(kind)s “%(record)s”",
            kind=dict(self._get_sealed_models()).get(self.res_model, self.res_model),
            record=self.record_name or self.res_id,
        )

    # -- sealing -----------------------------------------------------------------------

    @api.model
    def _cron_seal(self):
        """Seal final records, model by model and association by association.

        Can be cut off anywhere, run again, and run on two workers at once: each batch
        is one transaction, which holds the chain of its association.
        """
        for name, _label in self._get_sealed_models():
            model = self.env[name]
            unsealed = model._get_unsealed_domain()
            for (company,) in model._read_group(unsealed, ["company_id"]):
                ours = Domain("company_id", "=", company.id) & unsealed
                if not self._seal_all(model.with_company(company), ours):
                    return self._tell_remaining()

    @api.model
    def _tell_remaining(self):
        """Report all remaining records when time runs out.

        The count covers every model and association, so the scheduler starts the next
        run at once.
        """
        models = (self.env[name] for name, _label in self._get_sealed_models())
        self.env["ir.cron"]._commit_progress(
            remaining=sum(
                model.search_count(model._get_unsealed_domain()) for model in models
            )
        )

    @api.model
    def _seal_all(self, model, unsealed):
        """Seal the records of the domain ``unsealed``, in their order.

        They all belong to one association. A record that cannot be sealed, or that
        somebody is writing, is skipped; the next run finds it again.

        :return: whether there is time left
        """
        progress = self.env["ir.cron"]
        # A new transaction: the chain must be read as it is once the lock is held.
        progress._commit_progress()
        conflicts = passed = 0
        while conflicts < MAX_CONFLICTS and self._try_lock_chain(model.env.company):
            ahead = unsealed & Domain("id", ">", passed)
            records = model.search(ahead, order="id", limit=BATCH)
            if not records:
                return True
            try:
                free = records.try_lock_for_update(allow_referencing=True)
                self._treat(free, self._append, lambda record, error: None)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another transaction was faster: search again.
                self.env.cr.rollback()
                conflicts += 1
                continue
            passed = records[-1].id
            ahead = unsealed & Domain("id", ">", passed)
            remaining = model.search_count(ahead)
            if not progress._commit_progress(len(free), remaining=remaining):
                return False
        return True

    @api.model
    def _try_lock_chain(self, company):
        """Lock the chain of ``company`` until the end of the transaction.

        :return: whether it is locked; False if another worker holds the lock
        """
        [(held,)] = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                self._name,
                company.id,
            )
        )
        return held

    @api.model
    def _append(self, records):
        """Seal ``records``, of one model and association, in their order.

        The number of queries does not depend on the number of records.

        :return: the links
        """
        company = records.company_id
        records.invalidate_recordset()  # seal what the database holds
        data = records._get_sealed_data()
        last = self.search(
            [("company_id", "=", company.id)], order="position desc", limit=1
        )
        sealed_on = fields.Datetime.to_string(fields.Datetime.now())
        previous_hash = last.hash or seal.GENESIS
        links, payloads = [], []
        for position, record in enumerate(records, last.position + 1):
            text, salt = seal.canonical(data[record.id]), seal.new_salt()
            link = seal.Link.make(
                position=position,
                res_model=record._name,
                res_id=record.id,
                sealed_on=sealed_on,
                digest=seal.digest(text, salt),
                previous_hash=previous_hash,
            )
            previous_hash = link.hash
            links.append({**asdict(link), "company_id": company.id})
            payloads.append({"text": text, "salt": salt})
        links = self.create(links)
        self.env["beneficiary.seal.payload"].create(
            [
                {**payload, "seal_id": link.id}
                for payload, link in zip(payloads, links, strict=True)
            ]
        )
        records._set_seals(links)
        return links

    # -- actions -----------------------------------------------------------------------

    def action_open(self):
        """Open the record that this link seals."""
        self.ensure_one()
        self.check_access("read")
        record = next((record for _link, record in self._get_records()), None)
        if not record:
            raise UserError(self.env._("This record is gone."))
        record.check_access("read")
        return record.get_formview_action()
