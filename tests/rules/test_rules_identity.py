from odoo.tests import BaseCase, tagged

from ...rules import RuleError, identity

RLM, LRM, ZWSP = "\u200f", "\u200e", "\u200b"
NBSP, EN_DASH, MINUS = "\u00a0", "\u2013", "\u2212"


def luhn_sum(number):
    """Return the Luhn sum, by adding the digits of every second digit's double."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        total += sum(map(int, str(int(digit) * 2))) if place % 2 else int(digit)
    return total


@tagged("post_install", "-at_install", "without_demo")
class TestRulesIdentity(BaseCase):
    def assertRefused(self, code, function, value):
        with self.subTest(value=value), self.assertRaises(RuleError) as caught:
            function(value)
        self.assertIsInstance(caught.exception, identity.IdentityError)
        self.assertEqual(caught.exception.code, code)
        self.assertEqual(str(caught.exception), code)
        self.assertEqual(list(caught.exception.params), ["value"])

    def test_national_identity_in_every_script(self):
        """R44: a number has one stored form, however it is typed or pasted."""
        for value in (
            "1000000008",
            "١٠٠٠٠٠٠٠٠٨",
            "۱۰۰۰۰۰۰۰۰۸",
            " 1000 000 008 ",
            f"1-000{EN_DASH}000{MINUS}008",
            f"{RLM}١٠٠٠{NBSP}٠٠٠{ZWSP}٠٠٨{LRM}",
        ):
            with self.subTest(value=value):
                self.assertEqual(identity.national_identity(value), "1000000008")
        self.assertEqual(identity.national_identity("٢٠٠٠٠٠٠٠٠٦"), "2000000006")

    def test_national_identity_refused(self):
        """R12: a wrong length, first digit or check digit has its own code."""
        for value in (
            "",
            "100000000",
            "10000000080",
            "100000000A",
            "١٠٠٠",
            "1.00000000",
        ):
            self.assertRefused("identity_malformed", identity.national_identity, value)
        # Fullwidth digits are digits to Python; the stored form is ASCII.
        self.assertRefused(
            "identity_malformed", identity.national_identity, "１０００００００08"
        )
        for value in ("0000000000", "3000000004", "9000000001"):
            self.assertRefused("identity_prefix", identity.national_identity, value)
        for value in ("1000000009", "2000000008", "1000000080"):
            self.assertRefused("identity_checksum", identity.national_identity, value)

    def test_one_check_digit_in_ten_is_right(self):
        """R12: the check digit agrees with a second computation of Luhn's formula."""
        for stem in ("100000000", "200000000", "108765432", "234567890"):
            for digit in "0123456789":
                number = stem + digit
                if luhn_sum(number) % 10:
                    self.assertRefused(
                        "identity_checksum", identity.national_identity, number
                    )
                else:
                    self.assertEqual(identity.national_identity(number), number)

    def test_the_refused_value_is_quoted(self):
        """R12: the error holds the number as it was understood."""
        with self.assertRaises(identity.IdentityError) as caught:
            identity.national_identity("١٠٠٠-٠٠٠")
        self.assertEqual(caught.exception.params, {"value": "1000000"})

    def test_identity_kind(self):
        """R32: citizens' numbers begin with 1, residents' with 2."""
        self.assertEqual(identity.identity_kind("1000000008"), "citizen")
        self.assertEqual(identity.identity_kind("٢٠٠٠٠٠٠٠٠٦"), "resident")
        self.assertRefused("identity_checksum", identity.identity_kind, "2000000007")

    def test_phone_in_every_form(self):
        """R44: all spellings of a telephone number give the same stored form."""
        for value in (
            "0501234567",
            "501234567",
            "٠٥٠١٢٣٤٥٦٧",
            "۰۵۰ ۱۲۳ ۴۵۶۷",
            "+966501234567",
            "+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧",
            "00966501234567",
            "966501234567",
            f"{LRM}+966{NBSP}50{EN_DASH}123-4567{RLM}",
            "(050) 123 4567",
        ):
            with self.subTest(value=value):
                self.assertEqual(identity.phone(value), "+966501234567")

    def test_phone_of_every_saudi_range(self):
        """R44: each range in use is known, also the latest of virtual operators."""
        for start in (
            *("50", "51", "53", "54", "55", "56", "58", "59"),
            *("570", "571", "572", "573", "574", "575", "576", "577", "578"),
            *("5790", "5791", "5792", "5793", "5794", "5795", "5796", "5797", "5798"),
        ):
            local = start.ljust(9, "7")
            for value in (local, f"0{local}", f"+966{local}"):
                with self.subTest(value=value):
                    self.assertEqual(identity.phone(value), f"+966{local}")
            self.assertTrue(identity.is_mobile(f"+966{local}"))
        for local in ("112345678", "920001234", "8001234567"):
            self.assertEqual(identity.phone(f"+966{local}"), f"+966{local}")

    def test_phone_of_another_country(self):
        """R44: a foreign number keeps its country code; the region can be set."""
        self.assertEqual(identity.phone("+20 100 123 4567"), "+201001234567")
        self.assertEqual(identity.phone("0100 123 4567", "EG"), "+201001234567")

    def test_phone_refused(self):
        """R12: text without a number, or an impossible number, is refused."""
        for value in ("", "ل", "5", "call me"):
            self.assertRefused("phone_malformed", identity.phone, value)
        for value in ("050123456", "05012345678", "0001234567", "+966001234567"):
            self.assertRefused("phone_invalid", identity.phone, value)

    def test_iban(self):
        """R44: a Saudi IBAN is read in groups, small letters and Arabic digits."""
        for value in (
            "SA0380000000608010167519",
            "sa03 8000 0000 6080 1016 7519",
            "SA٠٣ ٨٠٠٠ ٠٠٠٠ ٦٠٨٠ ١٠١٦ ٧٥١٩",
            f"{RLM}SA03-8000-0000-6080-1016-7519",
        ):
            with self.subTest(value=value):
                self.assertEqual(identity.iban(value), "SA0380000000608010167519")

    def test_iban_refused(self):
        """R12: a foreign IBAN, a wrong check digit or a wrong form is refused."""
        for value in ("", "GB82WEST12345698765432", "0380000000608010167519"):
            self.assertRefused("iban_country", identity.iban, value)
        for value in ("SA0380000000608010167518", "SA0480000000608010167519"):
            self.assertRefused("iban_checksum", identity.iban, value)
        for value in (
            "SA",
            "SA03٪",
            "SA038000000060801016751",
            "SA03800000006080101675190",
            "SA0380000000608010167ي19",
            "SA038A000000608010167519",  # a bank is two digits
        ):
            self.assertRefused("iban_malformed", identity.iban, value)

    def test_short_address(self):
        """R44: four letters and four digits of the Short National Address."""
        for value in ("RRRD2929", "rrrd2929", "RRRD ٢٩٢٩", f"rrrd-۲۹۲۹{LRM}"):
            with self.subTest(value=value):
                self.assertEqual(identity.short_address(value), "RRRD2929")
        for value in ("", "RRR2929", "RRRD292", "RRRDD2929", "2929RRRD", "رررد2929"):
            self.assertRefused("short_address_malformed", identity.short_address, value)
        self.assertRefused("short_address_malformed", identity.short_address, "raß2929")

    def test_number_of_each_type(self):
        """R12, R44: a type has its form, and its own reasons to refuse."""
        for kind, country, typed, stored in (
            ("national", "", f"{RLM}١٠٠٠ 000 008", "1000000008"),
            ("iqama", "", "2000-000-006", "2000000006"),
            ("gcc", "KW", "٢٨٠ ٠١٠ ١٠٠ ٠٠١", "280010100001"),
            ("gcc", "BH", "800-100-001", "800100001"),
            ("gcc", "", "784-1980-1234567-1", "784198012345671"),
            ("border", "", "٣٠٠٠٠٠٠٠٠١", "3000000001"),
            ("passport", "EG", f" a{NBSP}12-34 567{ZWSP}", "A1234567"),
            ("other", "", f" ١٢  / ب{LRM} ", "12/ب"),
            ("other", "", f"un\u20111720{LRM}", "UN1720"),
            ("other", "", "UN 1720", "UN1720"),
        ):
            with self.subTest(kind=kind, country=country):
                self.assertEqual(identity.number(kind, typed, country), stored)
                self.assertEqual(identity.number(kind, stored, country), stored)
        for code, kind, value, country in (
            ("citizen_prefix", "national", "2000000006", ""),
            ("resident_prefix", "iqama", "1000000008", ""),
            ("gcc_country", "gcc", "800100001", "EG"),
            ("gcc_malformed", "gcc", "800100001", "KW"),
            ("gcc_malformed", "gcc", "80010000A", ""),
            ("border_malformed", "border", "1000000008", ""),
            ("border_malformed", "border", "300000000", ""),
            ("passport_malformed", "passport", "A12", ""),
            ("passport_malformed", "passport", "ABCDEFG", ""),
            ("passport_malformed", "passport", "أ1234567", ""),
            ("other_malformed", "other", "لا يوجد", ""),
            ("none_number", "none", "1000000008", ""),
        ):
            self.assertRefused(
                code, lambda text, k=kind, c=country: identity.number(k, text, c), value
            )

    def test_sponsor(self):
        """R44: a sponsor is a person or an establishment."""
        for value in ("٧٠٠١٢٣٤٥٦٧", "1000000008", "2000 000 006"):
            self.assertTrue(identity.sponsor_number(value))
        for value in ("3000000001", "700123456", "شركة"):
            self.assertRefused("sponsor_malformed", identity.sponsor_number, value)
        self.assertRefused("identity_checksum", identity.sponsor_number, "1000000009")

    def test_near_numbers(self):
        """People: a number is near when one digit differs, or two are swapped."""
        near = identity.near_numbers("A123")
        for number in ("A223", "A129", "1A23", "A132", "A213"):
            self.assertIn(number, near)
        for number in ("A123", "B123", "A321", "A1234"):
            self.assertNotIn(number, near)
        self.assertEqual(identity.near_numbers(""), [])
        self.assertEqual(identity.near_numbers("1" * 17), [])
