import { Message } from "@mail/core/common/message_model";
import { registerMessageAction } from "@mail/core/common/message_actions";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const PREFIX = "beneficiary.";

/**
 * What was said on a record of ours stays as it was sent: nobody edits or deletes it. Its
 * author may mark it as withdrawn.
 */
patch(Message.prototype, {
    get isKeptForGood() {
        return Boolean(this.thread?.model?.startsWith(PREFIX));
    },
    get editable() {
        return !this.isKeptForGood && super.editable;
    },
    get canWithdraw() {
        return (
            this.isKeptForGood &&
            this.isSelfAuthored &&
            this.message_type === "comment" &&
            !String(this.body || "").includes("o_br_withdrawn")
        );
    },
});

registerMessageAction("beneficiary-withdraw", {
    condition: ({ message }) => message.canWithdraw,
    icon: "fa fa-undo",
    name: _t("Mark as Withdrawn"),
    onSelected: ({ message, owner, store }) =>
        store.env.services.dialog.add(
            ConfirmationDialog,
            {
                title: _t("Mark as Withdrawn"),
                body: _t(
                    "The message stays as it was sent, with its files. It is marked as withdrawn, and this cannot be undone."
                ),
                confirmLabel: _t("Mark as Withdrawn"),
                confirm: () => message.remove(),
                cancel: () => {},
            },
            { context: owner } // on the portal, the conversation is a page of its own
        ),
    sequence: 120,
});
