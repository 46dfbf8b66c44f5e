from dataclasses import replace
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...rules import seal

# Every run has the same examples, and a slow machine causes no failure.
examples = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
texts = st.text(max_size=20)
values = st.dictionaries(
    st.sampled_from(("outcome", "reason", "amount", "votes")),
    st.one_of(
        texts,
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.lists(st.fixed_dictionaries({"id": st.integers(1, 9), "choice": texts})),
    ),
    min_size=1,
)
chains = st.lists(values, min_size=3, max_size=8).map(lambda data: make_chain(data))


def make_chain(records):
    """Return the chain that seals ``records``; each is a dictionary of values."""
    chain, previous_hash = [], seal.GENESIS
    for number, data in enumerate(records, 1):
        text, salt = seal.canonical(data), f"salt {number}"
        link = seal.Link.make(
            position=number,
            res_model="beneficiary.decision",
            res_id=100 + number,
            sealed_on="2026-03-15 07:00:00",
            digest=seal.digest(text, salt),
            previous_hash=previous_hash,
        )
        previous_hash = link.hash
        chain.append((link, seal.Evidence(text, salt, present=data)))
    return chain


@tagged("post_install", "-at_install", "without_demo")
class TestRulesSeal(BaseCase):
    def _verify(self, chain, **known):
        verdict = seal.verify(iter(chain), **known)
        return verdict.code, verdict.problem, verdict.link and verdict.link.position

    def test_canonical(self):
        """The same data give the same text, in whatever order they were set."""
        self.assertEqual(
            seal.canonical({"b": 1, "a": datetime(2026, 3, 15, 7), "ت": None}),
            '{"a":"2026-03-15 07:00:00","b":1,"ت":null}',
        )
        self.assertEqual(
            seal.canonical({"a": 1, "b": 2}), seal.canonical({"b": 2, "a": 1})
        )

    def test_digest(self):
        """A digest is made of text and salt, so equal texts have different ones."""
        # printf 'salt\ntext' | sha256sum
        known = "b5d7cebb62064f259953772bc92e95dfc225e677a91ea83b6eb10faa9ebadaa1"
        self.assertEqual(seal.digest("text", "salt"), known)
        self.assertNotEqual(seal.digest("text", "salt"), seal.digest("text", "other"))
        self.assertTrue(seal.is_intact("text", "s", seal.digest("text", "s")))
        self.assertFalse(seal.is_intact("text ", "s", seal.digest("text", "s")))
        salts = {seal.new_salt() for _number in range(100)}
        self.assertEqual(len(salts), 100)
        self.assertEqual({len(salt) for salt in salts}, {32})

    def test_hash_of_a_link(self):
        """The hash covers every part of a link."""
        link = make_chain([{"outcome": "accepted"}])[0][0]
        for name, value in (
            ("position", 2),
            ("res_model", "beneficiary.declaration"),
            ("res_id", 1),
            ("sealed_on", "2026-03-15 07:00:01"),
            ("digest", "0" * 64),
            ("previous_hash", "1" * 64),
        ):
            with self.subTest(part=name):
                other = replace(link, **{name: value})
                self.assertNotEqual(other.get_hash(), link.hash)
        # The hash does not cover itself.
        self.assertEqual(replace(link, hash="x").get_hash(), link.hash)

    def test_empty(self):
        """A chain without seals is intact, but has no known hash."""
        verdict = seal.verify([])
        self.assertEqual(
            (verdict.code, verdict.count, verdict.last), ("intact", 0, None)
        )
        self.assertEqual(
            self._verify([], known_hash="f" * 64), ("tampered", "known_hash", None)
        )

    @examples
    @given(chains)
    def test_intact(self, chain):
        """An unchanged chain is intact to its end."""
        verdict = seal.verify(chain)
        self.assertEqual(verdict.code, seal.INTACT)
        self.assertEqual(verdict.count, len(chain))
        self.assertEqual((verdict.first, verdict.last), (chain[0][0], chain[-1][0]))

    @examples
    @given(chains, st.data())
    def test_changed_link(self, chain, data):
        """The first link that was changed is reported."""
        place = data.draw(st.integers(0, len(chain) - 1))
        name = data.draw(
            st.sampled_from(
                ("position", "res_model", "res_id", "sealed_on", "digest", "hash")
            )
        )
        link, evidence = chain[place]
        value = getattr(link, name)
        other = value + 1 if isinstance(value, int) else f"{value}0"
        chain[place] = (replace(link, **{name: other}), evidence)
        code, problem, position = self._verify(chain)
        self.assertEqual(code, seal.TAMPERED)
        self.assertEqual(problem, "position" if name == "position" else "hash")
        self.assertEqual(position, chain[place][0].position)

    @examples
    @given(chains, st.data())
    def test_link_made_to_fit(self, chain, data):
        """If the hash of a changed link is computed again, the next link breaks."""
        place = data.draw(st.integers(0, len(chain) - 2))
        link, evidence = chain[place]
        link = replace(link, res_id=link.res_id + 1000)
        chain[place] = (replace(link, hash=link.get_hash()), evidence)
        self.assertEqual(self._verify(chain), ("tampered", "previous", place + 2))

    @examples
    @given(chains, st.data())
    def test_taken_away(self, chain, data):
        """If a link was removed, the next one is reported."""
        place = data.draw(st.integers(0, len(chain) - 2))
        del chain[place]
        self.assertEqual(self._verify(chain), ("tampered", "position", place + 2))
        # Also if the following links move up.
        moved = [
            (replace(link, position=number), evidence)
            for number, (link, evidence) in enumerate(chain, 1)
        ]
        self.assertEqual(self._verify(moved), ("tampered", "previous", place + 1))

    @examples
    @given(chains, st.data())
    def test_exchanged(self, chain, data):
        """If two links were swapped, the first place is reported."""
        places = st.integers(0, len(chain) - 1)
        one, other = sorted(
            data.draw(st.tuples(places, places).filter(lambda p: p[0] != p[1]))
        )
        chain[one], chain[other] = chain[other], chain[one]
        self.assertEqual(self._verify(chain), ("tampered", "position", other + 1))
        for place in (one, other):
            link, evidence = chain[place]
            chain[place] = (replace(link, position=place + 1), evidence)
        self.assertEqual(self._verify(chain), ("tampered", "previous", one + 1))

    @examples
    @given(chains, values, st.data())
    def test_put_in(self, chain, values, data):
        """If a link was inserted, it or the next one is reported."""
        place = data.draw(st.integers(0, len(chain) - 1))
        link, evidence = make_chain([values])[0]
        link = replace(
            link,
            position=place + 1,
            previous_hash=chain[place - 1][0].hash if place else seal.GENESIS,
        )
        chain.insert(place, (replace(link, hash=link.get_hash()), evidence))
        self.assertEqual(self._verify(chain), ("tampered", "position", place + 1))

    @examples
    @given(chains, st.data())
    def test_cut_off(self, chain, data):
        """If the end was cut off, only an earlier known hash shows it."""
        left = data.draw(st.integers(0, len(chain) - 1))
        known_hash = chain[-1][0].hash
        self.assertEqual(self._verify(chain, known_hash=known_hash)[0], "intact")
        self.assertEqual(self._verify(chain[:left])[0], "intact")
        self.assertEqual(
            self._verify(chain[:left], known_hash=known_hash),
            ("tampered", "known_hash", None),
        )

    @examples
    @given(chains, values)
    def test_written_anew(self, chain, values):
        """If the whole chain was computed again, only a known hash shows it."""
        values = {**values, "forged": True}
        forged = make_chain([values, *(evidence.present for _link, evidence in chain)])
        self.assertEqual(self._verify(forged)[0], "intact")
        for link, _evidence in chain:
            self.assertEqual(
                self._verify(forged, known_hash=link.hash)[:2],
                ("tampered", "known_hash"),
            )

    @examples
    @given(chains, st.data(), texts)
    def test_payload(self, chain, data, text):
        """A payload that was changed or removed is reported at its link."""
        place = data.draw(st.integers(0, len(chain) - 1))
        link, evidence = chain[place]
        for problem, changes in (
            ("payload", {"text": evidence.text + text + " "}),
            ("payload", {"salt": evidence.salt + " "}),
            ("payload_missing", {"text": None}),
            ("payload_missing", {"salt": None}),
            ("record_missing", {"present": None}),
        ):
            chain[place] = (link, replace(evidence, **changes))
            self.assertEqual(self._verify(chain), ("tampered", problem, place + 1))

    @examples
    @given(chains, st.data())
    def test_record(self, chain, data):
        """A changed value of a record is reported, and no other value."""
        place = data.draw(st.integers(0, len(chain) - 1))
        link, evidence = chain[place]
        name = data.draw(st.sampled_from(sorted(evidence.present)))
        present = {**evidence.present, name: "something else, longer than any text"}
        chain[place] = (link, replace(evidence, present=present))
        verdict = seal.verify(chain)
        self.assertEqual((verdict.code, verdict.problem), ("tampered", "record"))
        self.assertEqual((verdict.link, verdict.names), (link, (name,)))
        self.assertEqual(verdict.count, place)

    @examples
    @given(chains, st.data())
    def test_erased(self, chain, data):
        """A legal erasure breaks nothing, and hides no other change."""
        places = data.draw(st.sets(st.integers(0, len(chain) - 2), min_size=1))
        for place in places:
            chain[place] = (chain[place][0], seal.Evidence(erased=True))
        verdict = seal.verify(chain)
        self.assertEqual(verdict.code, seal.ERASED)
        self.assertEqual(verdict.count, len(chain))
        self.assertEqual(verdict.erased_count, len(places))
        link, evidence = chain[-1]
        chain[-1] = (link, replace(evidence, present={}))
        self.assertEqual(self._verify(chain)[:2], ("tampered", "record"))
        link = replace(chain[min(places)][0], digest="0" * 64)
        chain[min(places)] = (link, seal.Evidence(erased=True))
        self.assertEqual(self._verify(chain)[1:], ("hash", min(places) + 1))

    def test_names_added_later(self):
        """A model may seal more fields in future: older seals stay valid."""
        sealed = seal.canonical(
            {"reason": "x", "votes": [{"id": 1, "choice": "accept"}]}
        )
        vote = {"id": 1, "choice": "accept", "proxy": False}
        present = {"reason": "x", "votes": [vote], "conditions": "y"}
        self.assertEqual(seal.get_differences(sealed, present), ())
        for votes in (
            [],
            [vote, vote],
            [{**vote, "choice": "reject"}],
            [{"id": 1}],
            "x",
        ):
            with self.subTest(votes=votes):
                self.assertEqual(
                    seal.get_differences(sealed, {**present, "votes": votes}),
                    ("votes",),
                )
        del present["reason"]
        self.assertEqual(seal.get_differences(sealed, present), ("reason",))

    def test_one_link_at_a_time(self):
        """The verification names every broken link, and none of those that follow."""
        chain = make_chain([{"outcome": str(number)} for number in range(1000)])
        held = 0

        def stream():
            nonlocal held
            for entry in chain:
                held += 1
                yield entry

        for place in (500, 700):
            broken = replace(chain[place][1], present={"outcome": "changed"})
            chain[place] = (chain[place][0], broken)
        link, evidence = chain[800]
        chain[800] = (replace(link, hash="0" * 64), evidence)
        verdict = seal.verify(stream())
        self.assertEqual((verdict.link.position, verdict.count), (501, 500))
        self.assertEqual(
            [(fault.problem, fault.link.position) for fault in verdict.faults],
            [("record", 501), ("record", 701), ("hash", 801)],
        )
        self.assertEqual(held, 1000)
