import { Activity } from "@mail/core/web/activity";
import { ActivityListPopoverItem } from "@mail/core/web/activity_list_popover_item";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";

/**
 * A vote is given from its activity: in the chatter, in lists and on cards. Nobody
 * marks it as done or hands it on: the server refuses both. Others see that it waits.
 */
const voteActivity = () => ({
    get asksForVote() {
        const { activity_category, state } = this.props.activity;
        return activity_category === "beneficiary_vote" && state !== "done";
    },

    get asksForMyVote() {
        return this.asksForVote && this.props.activity.user_id?.id === user.userId;
    },

    async onClickVote(choice) {
        const { res_model, res_id } = this.props.activity;
        const action = await this.env.services.orm.call(
            res_model,
            "action_open_vote",
            [[res_id]],
            { context: { default_choice: choice } }
        );
        const thread = this.env.services["mail.store"].Thread.insert({
            model: res_model,
            id: res_id,
        });
        this.env.services.action.doAction(action, {
            onClose: () => this.props.onActivityChanged?.(thread),
        });
    },
});

patch(Activity.prototype, voteActivity());
patch(ActivityListPopoverItem.prototype, voteActivity());
patch(ActivityListPopoverItem.prototype, {
    get hasEditButton() {
        return super.hasEditButton && !this.asksForVote;
    },

    get hasCancelButton() {
        return super.hasCancelButton && !this.asksForVote;
    },

    get hasMarkDoneButton() {
        return super.hasMarkDoneButton && !this.asksForVote;
    },
});
