from odoo import api, fields, models

from ..rules import flow

HAND_OVER = ("handed_on", "place", "handed_by_id")
# Fields of the form that each move gets; the delivery decides what it needs.
MOVES = {
    "hand": ("action_hand_over", HAND_OVER),
    "receive": (
        "action_receive",
        (
            "received_by",
            "representative_id",
            "signature",
            "paper",
            "paper_name",
            "witness_1",
            "witness_2",
            "waiver",
            *HAND_OVER,
        ),
    ),
    "cancel": ("action_cancel", ("reason",)),
    "take_back": ("action_take_back", ("reason",)),
    "misdeliver": ("action_misdeliver", ("reason", "owed_by")),
    "void": ("action_void", ("reason",)),
}


class DeliveryMove(models.TransientModel):
    """The form for a step of a delivery.

    It holds no rule: it passes the input to the method of the delivery.
    """

    _name = "beneficiary.delivery.move"
    _inherit = ["beneficiary.form.mixin", "beneficiary.upload.mixin"]
    _description = "Step of a Delivery"
    _upload_fields = {"signature": None, "paper": "paper_name"}

    delivery_id = fields.Many2one("beneficiary.delivery", required=True)
    delivery_state = fields.Selection(related="delivery_id.state", related_sudo=False)
    company_id = fields.Many2one(related="delivery_id.company_id", related_sudo=False)
    beneficiary_id = fields.Many2one(
        related="delivery_id.beneficiary_id", related_sudo=False
    )
    move = fields.Selection(
        [
            ("hand", "Hand Over"),
            ("receive", "Sign the Receipt"),
            ("cancel", "Cancel"),
            ("take_back", "It Came Back"),
            ("misdeliver", "It Went to Somebody Else"),
            ("void", "Recorded by Mistake"),
        ],
        required=True,
    )
    currency_id = fields.Many2one(related="delivery_id.currency_id", related_sudo=False)
    amount = fields.Monetary(related="delivery_id.amount", related_sudo=False)
    goods = fields.Text(related="delivery_id.goods", related_sudo=False)
    quantity = fields.Float(related="delivery_id.quantity", related_sudo=False)
    handed_on = fields.Date(
        string="Handed Over On",
        default=lambda self: self.env.company._get_beneficiary_today(),
    )
    place = fields.Char(
        string="Place of the Hand-over",
        compute="_compute_place",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    handed_by_id = fields.Many2one(
        "res.users",
        string="Handed Over By",
        default=lambda self: self.env.user,
        domain=lambda self: self._get_role_domain(flow.DELEGATE),
    )
    representative_id = fields.Many2one(
        "beneficiary.representative", string="Received for the File By"
    )
    representative_ids = fields.Many2many(
        "beneficiary.representative", compute="_compute_from_delivery"
    )
    can_sign = fields.Boolean(compute="_compute_from_delivery")
    received_by = fields.Char(
        compute="_compute_received_by", compute_sudo=False, store=True, readonly=False
    )
    signature = fields.Image(max_width=1024, max_height=1024)
    paper = fields.Binary(string="Signed Paper")
    paper_name = fields.Char()
    witness_1 = fields.Char(string="First Witness")
    witness_2 = fields.Char(string="Second Witness")
    waiver = fields.Text(string="Why Nobody Can Sign")
    reason = fields.Text()
    owed_by = fields.Char(string="Who Received It")

    @api.depends("delivery_id")
    def _compute_place(self):
        self._check_targets()
        for wizard in self:
            wizard.place = wizard.delivery_id.place

    @api.depends("delivery_id", "handed_on")
    def _compute_from_delivery(self):
        self._check_targets()
        for wizard in self:
            delivery = wizard.delivery_id
            wizard.can_sign = delivery.beneficiary_id._can_sign()
            day = delivery.handed_on or wizard.handed_on
            wizard.representative_ids = (
                delivery._get_representatives(day=day) if delivery else False
            )

    @api.depends("delivery_id", "representative_id")
    def _compute_received_by(self):
        self._check_targets()
        for wizard in self:
            wizard.received_by = (
                wizard.delivery_id
                and wizard.delivery_id._get_expected_receiver(wizard.representative_id)
            )

    def action_confirm(self):
        """Take the step with the input of the form."""
        self.ensure_one()
        method, names = MOVES[self.move]
        return self._pass_on(self.delivery_id, method, names)
