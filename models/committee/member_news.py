from dataclasses import dataclass

from odoo import SUPERUSER_ID, Command, api, models
from odoo.tools import html_escape
from odoo.tools.urls import urljoin


@dataclass(frozen=True)
class News:
    """Something that a member is told, in the member's language.

    :ivar title: one sentence or heading
    :ivar facts: pairs of a label and a text
    :ivar path: where the button leads: the very record
    :ivar button: the words on the button
    :ivar list_path: where all records of this kind wait
    :ivar answers: pairs of words and path: other buttons
    :ivar attachment_ids: ids of files for the e-mail
    """

    title: str
    facts: tuple = ()
    path: str = ""
    button: str = ""
    list_path: str = ""
    answers: tuple = ()
    attachment_ids: tuple = ()


class MemberNews(models.AbstractModel):
    """What members of a committee are told outside the screen, the same minute (R19).

    One message a member, whatever the number of news: by e-mail or as a text message,
    as the member prefers. It names requests by their numbers, and no person. It belongs
    to no record, so nobody comes to follow one by it. The number of queries does not
    depend on the number of members.
    """

    _name = "beneficiary.member.news"
    _description = "News for Members of a Committee"

    @api.model
    def _tell(self, company, wanted):
        """Send each member their news.

        :param company: the association in whose name they are told
        :param wanted: pairs of a user and a function that takes the environment of the
            user, as superuser, and returns the :class:`News`; those who are told
            the same have the same function, which is then called once a language
        """
        if not wanted or not self.env.registry.ready:  # demo data tell nobody
            return
        by_user, known, receivers = {}, {}, {}
        # As superuser: officers raise requests, but neither write e-mails to members
        # nor read what members vote on.
        root = self.with_user(SUPERUSER_ID).with_company(company)
        for user, describe in wanted:
            if user not in receivers:
                lang = user.sudo().lang or self.env.lang or "en_US"
                receivers[user] = user.with_env(root.with_context(lang=lang).env)
            receiver = receivers[user]
            key = (describe, receiver.env.lang)
            if key not in known:
                known[key] = describe(receiver.env)
            by_user.setdefault(receiver, []).append(known[key])
        texts = {
            user: news for user, news in by_user.items() if user._is_told_by_text()
        }
        mails = {
            user: news
            for user, news in by_user.items()
            if user not in texts and user.email
        }
        root._send_mails(company, mails)
        root._send_texts(company, texts)

    def _send_mails(self, company, by_user):
        if not by_user:
            return
        vals_list = []
        for user, news in by_user.items():
            vals_list.append(
                {
                    **self._prepare_message_vals(company),
                    "subject": self._get_subject(user.env, news),
                    # Not as the message's body, too: Odoo would clean it, which takes
                    # longer than all the rest, and nobody reads it there.
                    "body_html": self._render(company, user, news),
                    "email_from": company.email_formatted
                    or self.env.user.email_formatted,
                    "recipient_ids": [Command.link(user.partner_id.id)],
                    "attachment_ids": [
                        Command.link(file_id)
                        for one in news
                        for file_id in one.attachment_ids
                    ],
                    "auto_delete": True,
                }
            )
        self.env["mail.mail"].create(vals_list)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send_texts(self, company, by_user):
        """Queue one text a member: what waits, and the way there."""
        if not by_user:
            return
        texts = [
            " ".join(
                (
                    self._get_subject(user.env, news),
                    self._get_url(
                        company, news[0].path if len(news) == 1 else news[0].list_path
                    ),
                )
            )
            for user, news in by_user.items()
        ]
        messages = self.env["mail.message"].create(
            [
                {
                    **self._prepare_message_vals(company),
                    "message_type": "sms",
                    "body": html_escape(text),
                    "email_from": False,
                    "reply_to": False,
                }
                for text in texts
            ]
        )
        self.env["sms.sms"].create(
            [
                {
                    "mail_message_id": message.id,
                    "partner_id": user.partner_id.id,
                    "number": user._get_text_number(),
                    "body": text,
                }
                for user, message, text in zip(by_user, messages, texts, strict=True)
            ]
        )

    @api.model
    def _prepare_message_vals(self, company):
        return {
            "author_id": company.partner_id.id,
            "is_internal": True,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
        }

    @api.model
    def _render(self, company, user, news):
        env = user.env
        body = env["ir.qweb"]._render(
            "beneficiary_relations.mail_member_news",
            {
                "user": user,
                "company": company,
                "news": news,
                "get_url": lambda path: self._get_url(company, path),
            },
        )
        return env["res.lang"]._set_text_direction(body, env.lang)

    @api.model
    def _get_subject(self, env, news):
        if len(news) == 1:
            return news[0].title
        return env._("Waiting for you: %(count)s", count=len(news))

    @api.model
    def _get_url(self, company, path):
        return urljoin(company.get_base_url(), path)
