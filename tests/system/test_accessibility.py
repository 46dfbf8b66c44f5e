import json
import shutil
from pathlib import Path

from odoo.tests import tagged

from ..request.common import PUBLIC_PAGES, SETTLED, PortalCase

STATES = ("draft", "submitted", "verified", "in_review", "rejected", "delivered")

# Prints a finding a line, then the word by which the test knows that it is over.
CHECK = """
%(axe)s;
(async () => {
    await %(settled)s;
    const html = document.documentElement;
    const {violations} = await axe.run({
        include: ["main"],
        exclude: ["[href$='/contactus']"],  // of Odoo's website, where it is installed
    });
    const grave = violations.filter(({impact}) => /serious|critical/.test(impact));
    const found = grave.flatMap(({id, nodes}) =>
        nodes.map(({html, any}) => `${id}: ${html} ${any.map((one) => one.message)}`)
    );
    if (html.lang !== %(lang)s || html.dir !== %(dir)s) {
        found.push(`<html lang="${html.lang}" dir="${html.dir}">`);
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        found.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
    }
    if (found.length) {
        console.error(["%(url)s", ...found].join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


@tagged("post_install", "-at_install", "without_demo", "beside_apps")
class TestAccessibility(PortalCase):
    """R33, R44: everybody can use the applicants' pages, with any device or reader."""

    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The folder of npm's programs is on the path of every run.
        programs = Path(shutil.which("rtlcss")).parent
        cls.axe = (programs.parent / "axe-core" / "axe.min.js").read_text()

    def _check(self, url, lang="ar-001", direction="rtl", login=True):
        """Open ``url`` in a phone's browser and fail for each grave finding of axe."""
        code = CHECK % {
            "axe": self.axe,
            "settled": SETTLED.strip(),
            "lang": json.dumps(lang),
            "dir": json.dumps(direction),
            "url": url,
        }
        with self.subTest(url=url, lang=lang):
            self.browser_js(
                url,
                code,
                login=self.applicant.login if login else None,
                cookies=None if login else {"frontend_lang": "ar_001"},
            )

    def test_applicant(self):
        """Every page, and each state of a request, can be read and used."""
        self.applicant.lang = "ar_001"
        for state in STATES:
            self._make_request(state)
        for page in self._get_pages():
            self._check(page)

    def test_visitor(self):
        """The pages of who is not signed in, too."""
        self.company.beneficiary_newcomers = "open"
        for page in PUBLIC_PAGES:
            self._check(page, login=False)

    def test_english(self):
        """The page says which language and which direction it has."""
        self.applicant.lang = "en_US"
        self._check("/my/requests", lang="en-US", direction="ltr")
