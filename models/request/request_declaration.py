from odoo import fields, models


class RequestDeclaration(models.Model):
    """The matched data and papers that a request relies on, and their declaration.

    A verified request keeps the papers that it was verified with. A newer paper of
    the same kind does not replace them. A later change of declared data voids the
    declaration.
    """

    _inherit = "beneficiary.request"

    verified_document_ids = fields.Many2many(
        "beneficiary.document",
        "beneficiary_request_verified_document_rel",
        string="Verified Documents",
        readonly=True,
        copy=False,
    )
    declaration_ids = fields.One2many(
        "beneficiary.declaration", "request_id", string="Declarations", readonly=True
    )
    declaration_id = fields.Many2one(
        "beneficiary.declaration",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The declaration of the present round.",
    )
    declaration_text = fields.Text(related="declaration_id.text")
    declaration_method = fields.Selection(related="declaration_id.method")
    declaration_signed_by = fields.Char(related="declaration_id.signed_by")
    declaration_on_behalf_of = fields.Char(related="declaration_id.on_behalf_of")
    declaration_signature = fields.Image(related="declaration_id.signature")
    declaration_paper = fields.Binary(related="declaration_id.paper")
    declaration_device_words = fields.Char(related="declaration_id.device_words")
    declaration_witness_1 = fields.Char(related="declaration_id.witness_1")
    declaration_witness_2 = fields.Char(related="declaration_id.witness_2")
    declaration_waiver = fields.Text(related="declaration_id.waiver")
    declaration_on = fields.Datetime(related="declaration_id.signed_on")
    declaration_voided_on = fields.Datetime(related="declaration_id.voided_on")
    declaration_void_reason = fields.Text(related="declaration_id.void_reason")

    def _get_declared_data(self):
        """Return all data that the applicant declares to be correct, for the digest."""
        self.ensure_one()
        request = self.sudo()  # the user may not read all of it
        file = request.beneficiary_id
        return {
            "request": {
                "number": request.name,
                "service": request.service_id.id,
                "description": request.description,
                "amount": request.amount_requested,
                "answers": [
                    (line.label, line.value)
                    for line in request.answer_ids.filtered("value").sorted("id")
                ],
            },
            "headcount": file.headcount,
            **file._get_items(),
            "papers": request.document_ids.sorted("id")._get_declared_data(),
        }

    def _void_changed_declarations(self):
        """Void each declaration whose data were changed after the signature (R16).

        A request that has not reached the committee yet goes back to be signed again.
        The committee does not decide on a void declaration: it returns the request.
        """
        changed = self.filtered(
            lambda request: request.declaration_id and not request._is_declared()
        )
        for request in changed.sudo():  # any user may have changed the data
            lang = request.officer_id.lang or self.env.lang
            request = request.with_context(lang=lang)
            reason = request.env._("Declared data were changed after the signature.")
            request.declaration_id._void(reason)
            request._get_steps("declare")._void(reason)
            if request.state == "declared":
                request._do_move("verified", {"reason": reason})
            else:
                request._message_log(body=reason)

    def _is_declared(self):
        """Whether the declaration of this round is still valid."""
        self.ensure_one()
        declaration = self.sudo().declaration_id  # applicants may not read it
        return (
            bool(declaration) and not declaration.voided_on and declaration._is_intact()
        )

    # -- guards ------------------------------------------------------------------------

    def _guard_data_matched(self, given):
        """R13: a named officer has matched each item that the file states."""
        file = self.beneficiary_id
        verified = file._get_verified()
        labels = self.env["beneficiary.verification"]._get_item_labels()
        problems = []
        for item in file._get_items():
            if item not in verified:
                problems.append(
                    self.env._(
                        "“%(item)s” has not been matched against its source, or was "
                        "changed since.",
                        item=labels[item],
                    )
                )
            elif verified[item].result == "differs":
                problems.append(
                    self.env._(
                        "“%(item)s” differs from its source. Correct it and match it "
                        "again, or return the request.",
                        item=labels[item],
                    )
                )
        return problems

    def _guard_signature(self, given):
        if not self.policy_id._has_step("declare"):
            return []
        if not self.beneficiary_id._can_sign():
            if (given.get("waiver") or "").strip():
                return []
            return [self.env._("Write why nobody can sign the declaration.")]
        problems = []
        if given.get("waiver"):
            problems.append(
                self.env._(
                    "This declaration must be signed by a person. "
                    "An exception is not possible."
                )
            )
        if not (given.get("signed_by") or "").strip():
            problems.append(
                self.env._("Write the name of the person who signs the declaration.")
            )
        else:
            problems += self._get_signer_problems(given["signed_by"])
        declarations = self.env["beneficiary.declaration"]
        if not declarations._is_signed(given):
            problems.append(
                self.env._("The declaration needs a signature, or the signed paper.")
            )
        return problems + declarations._get_witness_problems(given)

    def _get_signer_problems(self, name):
        """Return a sentence if nobody called ``name`` may sign for this file (R16)."""
        signers = self.beneficiary_id._get_signers(self.env.user)
        if self.beneficiary_id._is_one_of(name, signers):
            return []
        if not signers:
            return [
                self.env._(
                    "Nobody can sign for this file yet. Enter who speaks for it as a "
                    "representative in the file, with the period and the scope."
                )
            ]
        return [
            self.env._(
                "“%(name)s” cannot sign this declaration. It is signed by: "
                "%(signers)s. Anybody else is first entered as a representative in the "
                "file, with the period and the scope.",
                name=name.strip(),
                signers=self._list_words(signers),
            )
        ]

    def _guard_declaration(self, given):
        if not self.policy_id._has_step("declare"):
            return []
        if self.origin == "migrated" and self.round == 1 and not self.declaration_id:
            return []  # it was signed long ago, in the earlier records
        if not self.declaration_id:
            return [self.env._("The declaration has not been signed.")]
        if not self._is_declared():
            return [
                self.env._(
                    "Declared data were changed after the signature: the declaration "
                    "is void. Return the request, so that it is signed anew."
                )
            ]
        return []

    # -- what the moves write ----------------------------------------------------------

    def _do_verify(self, target, given):
        self._resume_clock()  # the applicant has nothing left to complete
        for request in self:
            request._write_flow(
                {
                    "verified_by_id": self.env.uid,
                    "verified_document_ids": [(6, 0, request.document_ids.ids)],
                }
            )

    def _do_declare(self, target, given):
        declarations = self.env["beneficiary.declaration"]._sign(self, given)
        for declaration in declarations:
            declaration.request_id._write_flow({"declaration_id": declaration.id})
