from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...rules import flow


class Duplicate(models.Model):
    """Two files that may belong to one person, side by side for a decision.

    The scheduled action proposes the pairs. A decision is remembered: two files that
    are not the same are never proposed again. A pair closes itself when the data of the
    files were changed and no longer clash, and opens again when they do.

    :Who may: officers say that files are not the same, or propose a merge; managers
        merge. Delegates read a pair when both files are in their branches; auditors
        read.
    :States: to review -> not the same, or merged; to review <-> no longer alike.
    """

    _name = "beneficiary.duplicate"
    _inherit = ["beneficiary.mixin"]
    _description = "Possible Duplicate"
    _order = "score desc, id desc"
    _check_company_auto = True

    first_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="First File",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    second_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="Second File",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="first_id.company_id", store=True, precompute=True
    )
    score = fields.Integer(
        readonly=True,
        help="Similarity of the two files, from 0 to 100.",
        aggregator="avg",
    )
    name_similarity = fields.Integer(
        string="Likeness of the Names",
        readonly=True,
        help="From 0 to 100.",
        aggregator="avg",
    )
    same_birth_date = fields.Boolean(readonly=True)
    same_phone = fields.Boolean(string="Same Telephone", readonly=True)
    same_household = fields.Boolean(
        readonly=True, help="A dependant is listed in both files."
    )
    near_birth_date = fields.Boolean(
        readonly=True, help="A day apart, or day and month the other way round."
    )
    near_number = fields.Boolean(
        readonly=True, help="Telephones or identity numbers that differ by a digit."
    )
    former_number = fields.Boolean(
        readonly=True, help="One file has a number that the other one had before."
    )
    state = fields.Selection(
        [
            ("to_review", "To Review"),
            ("distinct", "Not the Same"),
            ("merged", "Merged"),
            ("unlike", "No Longer Alike"),
        ],
        default="to_review",
        required=True,
        readonly=True,
        copy=False,
    )
    proposed_by_id = fields.Many2one(
        "res.users", string="Merge Proposed By", readonly=True, copy=False
    )
    proposed_on = fields.Datetime(string="Merge Proposed On", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    note = fields.Text(help="Reasons for or against this being one person.")
    comparison = fields.Html(compute="_compute_comparison", sanitize=False)

    _pair_unique = models.UniqueIndex(
        "(LEAST(first_id, second_id), GREATEST(first_id, second_id))",
        "These two files were compared already.",
    )
    _pair_of_two = models.Constraint(
        "CHECK (first_id != second_id)", "A file is not compared with itself."
    )
    _to_review = models.Index(
        "(company_id, score DESC, id DESC) WHERE state = 'to_review'"
    )

    @api.depends("first_id.display_name", "second_id.display_name")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = self.env._(
                "%(first)s and %(second)s",
                first=pair.first_id.display_name,
                second=pair.second_id.display_name,
            )

    @api.depends("first_id", "second_id")
    def _compute_comparison(self):
        """Show both files in two columns and mark the differences.

        Fields that the acting user may not read are left out.
        """
        for pair in self:
            pair.comparison = self.env["ir.qweb"]._render(
                "beneficiary_relations.duplicate_comparison", {"pair": pair}
            )

    # -- CRUD --------------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and vals.keys() - {"note"}:
            raise AccessError(
                self.env._("Only the note of a pair can be changed by hand.")
            )
        return super().write(vals)

    @api.model
    def _propose(self, likenesses):
        """Add the pairs that nobody has looked at yet, and open closed ones again.

        :param likenesses: ``{(id of one file, id of another): Likeness}``
        :return: the new pairs
        """
        files = {file for pair in likenesses for file in pair}
        pairs = self.sudo()  # only the addon creates pairs
        known = {
            pair._get_file_ids(): pair
            for pair in pairs.search_fetch(
                [("first_id", "in", files), ("second_id", "in", files)],
                ["first_id", "second_id", "state"],
            )
        }
        new = []
        for (first, second), likeness in likenesses.items():
            vals = self._prepare_likeness_vals(likeness)
            pair = known.get(frozenset((first, second)))
            if not pair:
                new.append({"first_id": first, "second_id": second, **vals})
            elif pair.state == "unlike":
                pair.write({"state": "to_review", **vals})
        return pairs.create(new)

    @api.model
    def _refresh(self, files, likenesses):
        """Close the pairs of ``files`` that are no longer alike; update the others.

        A pair that an officer proposed to merge stays: somebody has looked at it.

        :param likenesses: ``{frozenset of the ids of two files: Likeness}``
        """
        pairs = self.sudo().search(  # only the addon writes pairs
            Domain("state", "=", "to_review")
            & Domain("proposed_by_id", "=", False)
            & (
                Domain("first_id", "in", files.ids)
                | Domain("second_id", "in", files.ids)
            )
        )
        for pair in pairs:
            likeness = likenesses.get(pair._get_file_ids())
            if not likeness:
                pair.state = "unlike"
            elif likeness.score() != pair.score:
                pair.write(self._prepare_likeness_vals(likeness))

    def _get_file_ids(self):
        return frozenset((self.first_id.id, self.second_id.id))

    @api.model
    def _prepare_likeness_vals(self, likeness):
        return {
            "score": likeness.score(),
            "name_similarity": round(likeness.name * 100),
            "same_birth_date": bool(likeness.same_birth_date),
            "same_phone": likeness.same_phone,
            "same_household": likeness.same_household,
            "near_birth_date": likeness.near_birth_date,
            "near_number": likeness.near_number,
            "former_number": likeness.former_number,
        }

    # -- decisions ---------------------------------------------------------------------

    def action_not_the_same(self):
        """Record that the files belong to two persons: never propose them again."""
        self._check_decision(flow.OFFICERS)
        self._decide("distinct")
        return True

    def action_propose_merge(self):
        """Ask a manager to merge the files of these pairs."""
        self._check_decision(flow.OFFICERS)
        return self.sudo().write(
            {"proposed_by_id": self.env.uid, "proposed_on": fields.Datetime.now()}
        )

    def action_merge(self):
        """Open the form that asks a manager which file and which values stay."""
        self.ensure_one()
        self._check_decision({flow.MANAGER})
        return self.env["beneficiary.merge"]._open(self)

    def action_review_again(self):
        """Look again at pairs that were said not to be the same by mistake.

        Who had decided, and when, goes into a note on both files.
        """
        self.check_access("read")
        if not flow.OFFICERS & self.env.user._get_beneficiary_roles():
            raise AccessError(self.env._("Your role does not allow this decision."))
        if any(pair.state != "distinct" for pair in self):
            raise UserError(
                self.env._("Only what was said not to be the same is looked at again.")
            )
        for pair in self.sudo():
            for file in pair.first_id | pair.second_id:
                file._message_log(
                    body=self.env._(
                        "Looked at again: %(user)s had said on %(date)s that "
                        "%(first)s and %(second)s are not the same.",
                        user=pair.decided_by_id.name,
                        date=pair._get_local_day(pair.decided_on),
                        first=pair.first_id.file_number,
                        second=pair.second_id.file_number,
                    )
                )
        return self.sudo().write(
            {"state": "to_review", "decided_by_id": False, "decided_on": False}
        )

    def _check_decision(self, roles):
        """Raise if the acting user may not decide, or a pair was decided before."""
        self.check_access("read")
        if not roles & self.env.user._get_beneficiary_roles():
            raise AccessError(self.env._("Your role does not allow this decision."))
        if any(pair.state != "to_review" for pair in self):
            raise UserError(self.env._("This was already decided."))

    def _decide(self, state):
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        # Other files that are like these may take the place of this pair.
        files = (self.first_id | self.second_id).sudo().filtered("active")
        files.duplicate_check = True

    def _merge(self, survivor, values):
        """Merge the other file of this pair into ``survivor`` (managers).

        :param survivor: the file of the pair that stays
        :param values: names of the fields whose value is taken from the other file
        """
        self.ensure_one()
        self._check_decision({flow.MANAGER})
        files = self.first_id | self.second_id
        if survivor not in files:
            raise UserError(self.env._("Choose one of the two files."))
        files.check_access("write")
        survivor._merge_from(files - survivor, values)
        self._decide("merged")

    # -- merges of files ---------------------------------------------------------------

    def _move_to_file(self, name, file):
        """Move the pairs of a merged file to the surviving one.

        The pair of these two files itself stays as it is: it records the merge.
        """
        for pair in self:
            other = pair.second_id if name == "first_id" else pair.first_id
            if other == file:
                continue
            known = self._search_pair(file, other)
            if not known:
                pair.write({name: file.id})
            elif pair.state == "distinct" and known.state in ("to_review", "unlike"):
                known.unlink()
                pair.write({name: file.id})
            else:
                pair.unlink()

    @api.model
    def _search_pair(self, file, other):
        files = (file | other).ids
        return self.search([("first_id", "in", files), ("second_id", "in", files)])
