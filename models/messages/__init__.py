"""Notices to applicants, and the rights to write messages.

Imports from: rules, mixins.
"""

from . import (
    thread_mixin,
    thread_upload,
    thread_news,
    thread_trace,
    trace_line_mixin,
    branch_trace,
    ir_attachment,
    mail_followers,
    mail_mail,
    mail_message,
    mail_scheduled_message,
    mail_template,
    mail_thread,
    res_lang,
    discuss_channel_member,
    ir_http,
    whatsapp_mixin,
    notice,
    notice_stop,
    notice_retry,
    news_retry,
    notice_pending,
    notice_hand,
    notice_sms,
    notice_email,
    sms_sms,
    res_company_direct,
    direct_message,
)
