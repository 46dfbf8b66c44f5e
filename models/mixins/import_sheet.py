from odoo import models

from ...rules import sheet

# Usual titles of columns in registers, by field. Where the model has several of the
# fields, the first one counts; the title may be in any spelling (R44).
TITLES = {
    ("name",): (
        "الاسم، اسم المستفيد، الاسم الرباعي، الاسم الكامل، الاسم الثلاثي، اسم التابع، "
        "اسم المعال، اسم رب الأسرة، اسم الفرد، full name"
    ),
    ("identity_number",): (
        "السجل المدني، رقم السجل المدني، رقم السجل، السجل، رقم الهوية، الهوية، "
        "رقم الهوية الوطنية، الهوية الوطنية، رقم الإقامة، الإقامة، رقم الهوية/الإقامة، "
        "هوية التابع، رقم هوية التابع، national id, id number"
    ),
    ("identity_type",): "نوع الهوية، نوع الإثبات",
    ("registration_number",): "رقم الترخيص، رقم السجل التجاري، السجل التجاري",
    ("phone",): (
        "رقم الجوال، الجوال، جوال، رقم الهاتف، الهاتف، هاتف، رقم التواصل، موبايل، "
        "رقم الموبايل، جوال المستفيد، mobile"
    ),
    ("phone2",): (
        "جوال آخر، رقم جوال آخر، جوال 2، الجوال 2، رقم آخر، هاتف آخر، هاتف المنزل، "
        "رقم بديل، جوال بديل"
    ),
    ("email",): "البريد الإلكتروني، البريد، الإيميل، ايميل",
    ("birth_date",): "تاريخ الميلاد، تاريخ الميلاد ميلادي، تاريخ الميلاد الميلادي",
    ("birth_date_hijri", "birth_date"): (
        "تاريخ الميلاد هجري، تاريخ الميلاد الهجري، تاريخ الميلاد بالهجري، "
        "تاريخ الميلاد هـ، الميلاد هجري"
    ),
    ("gender",): "الجنس، النوع",
    ("nationality_id",): "الجنسية",
    ("marital_state",): "الحالة الاجتماعية، الحالة الزوجية",
    ("sponsor_name",): "الكفيل، اسم الكفيل، صاحب العمل",
    ("sponsor_number",): "رقم الكفيل، هوية الكفيل، رقم صاحب العمل",
    ("city",): "المدينة، المحافظة",
    ("street",): "العنوان، الحي، الشارع، عنوان السكن",
    ("short_address",): (
        "العنوان الوطني المختصر، العنوان المختصر، العنوان الوطني، الرمز المختصر"
    ),
    ("branch_id",): "الفرع",
    ("kind",): "نوع الملف، نوع المستفيد",
    ("category_ids",): "الفئة، فئة المستفيد، التصنيف",
    ("iban",): "الآيبان، آيبان، رقم الآيبان، رقم الحساب البنكي، الحساب البنكي، iban",
    ("beneficiary_id",): (
        "رقم هوية رب الأسرة، هوية رب الأسرة، سجل رب الأسرة، رقم هوية العائل، "
        "هوية العائل، هوية المستفيد، رقم هوية المستفيد، رقم الملف، ملف المستفيد، "
        "السجل المدني لرب الأسرة"
    ),
    ("relation",): "صلة القرابة، القرابة، الصلة، العلاقة",
    ("income",): "الدخل، الدخل الشهري، الراتب",
    ("schooling",): "المرحلة الدراسية، المستوى الدراسي، التعليم",
    ("type_id",): "نوع الوثيقة، نوع المستند، الوثيقة، المستند",
    ("number",): "رقم الوثيقة، رقم المستند",
    ("issue_date",): "تاريخ الإصدار",
    ("expiry_date",): "تاريخ الانتهاء، تاريخ انتهاء الصلاحية، صالح حتى",
}
FIELDS_BY_TITLE = {}
for _names, _titles in TITLES.items():
    for _title in _titles.replace("،", ",").split(","):
        FIELDS_BY_TITLE.setdefault(sheet.title_key(_title), []).append(_names)


class ImportSheet(models.TransientModel):
    """Sheets for the addon's models, as Arabic Excel and registers write them (R44).

    What the user chooses on the import screen goes before what is guessed here, and
    so do the columns that the user mapped at an earlier import.
    """

    _inherit = "base_import.import"

    def _read_csv(self, options):
        """Recognise Windows-1256, UTF-16, and the separator by the line of titles."""
        data = self.file or b""
        if self._is_ours() and data:
            encoding = options.get("encoding") or sheet.csv_encoding(data)
            if encoding:
                options["encoding"] = encoding
                if not options.get("separator"):
                    text = data.decode(encoding, errors="replace")
                    options["separator"] = sheet.csv_separator(text)
        return super()._read_csv(options)

    def _get_mapping_suggestion(
        self, header, fields_tree, header_types, mapping_fields
    ):
        if self._is_ours() and header.lower() not in mapping_fields:
            known = {field["name"] for field in fields_tree}
            labels = {sheet.title_key(field["string"]) for field in fields_tree}
            title = sheet.title_key(header)
            # The label of a field means this field, whatever registers mean by it.
            guesses = () if title in labels else FIELDS_BY_TITLE.get(title, ())
            for names in guesses:
                if name := next((name for name in names if name in known), None):
                    return {"field_path": [name], "distance": 0}
        return super()._get_mapping_suggestion(
            header, fields_tree, header_types, mapping_fields
        )
