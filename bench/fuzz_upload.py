"""Look for uploads that take long, take much memory, or make a check fail.

    python bench/fuzz_upload.py [SECONDS]

Run it with a Python that has the packages of dev/requirements.txt. First it measures
the worst files known so far (tests/upload_cases.py). Then it mutates these and sound
files for SECONDS (600): bytes are changed, cut, repeated and mixed with words that have
a meaning in PDF, JPEG, PNG or WebP. Mutated photos are also tried with corrected
checksums. The tables of mutated PDF are not corrected: qpdf looks for the objects
itself.

Every check runs in a process of its own, as in the server. Its CPU time (with that of
the program that reads PDF) and its extra memory are measured. The run fails if a check
raises anything but a refusal, if an accepted file does not pass again unchanged, or if
one check takes more than 2 s or 200 MB. The worst cases are printed.

Results on two shared cores are in bench/results/fuzz_upload.txt.
"""

import multiprocessing
import random
import resource
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import upload_cases as cases  # noqa: E402

from rules import RuleError  # noqa: E402
from rules.upload import clean_upload  # noqa: E402

MAX_SECONDS = 2
MAX_MEMORY = 200
SHOWN = 12
WORDS = (
    rb"obj endobj stream endstream xref trailer startxref << >> [ ] ( ) < > R null"
    rb" /Kids /Parent /Type /ObjStm /XRef /Catalog /Pages /Page /Filter /FlateDecode"
    rb" /Prev /Length /First /N /W /Index /Size /Root /Encrypt /OpenAction /AA /A /JS"
    rb" /URI %PDF- %%EOF 0 1 -1 2147483647 99999999999 \xff\xd8 \xff\xd9 \xff\xda"
    rb" \xff\xc2 \xff\xe1 IHDR IDAT IEND iCCP eXIf acTL VP8X VP8L ICCP EXIF ANIM Exif"
).split()


def _memory():
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def _cpu():
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(
            resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
    )


def check(content):
    """Return verdict, CPU seconds and extra megabytes of one check."""
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")
    memory, cpu = _memory(), _cpu()
    cleaned = b""
    try:
        cleaned = clean_upload(content)
        verdict = "accepted"
    except RuleError as error:
        verdict = error.code
    except BaseException:  # noqa: BLE001 - unexpected errors are the purpose
        verdict = "FAULT " + traceback.format_exc()
    cpu, memory = _cpu() - cpu, _memory() - memory
    if cleaned:
        try:
            if clean_upload(cleaned) != cleaned:
                verdict = "FAULT changes when it is cleaned again"
        except RuleError as error:
            verdict = f"FAULT is refused the second time: {error.code}"
    # A child process reads PDF: its peak of memory is counted too.
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return verdict, cpu, memory, child


def mutate(content, rng):
    """Return ``content`` changed in a few places."""
    content = bytearray(content[: rng.choice((10_000, 200_000, len(content)))])
    for _change in range(rng.choice((1, 2, 4, 16, 64))):
        at = rng.randrange(len(content) + 1)
        size = rng.choice((1, 2, 4, 32, 1024))
        how = rng.randrange(6)
        if how == 0 and at < len(content):
            content[at] = rng.randrange(256)
        elif how == 1:
            content[at : at + size] = rng.choice(WORDS)
        elif how == 2:
            del content[at : at + size]
        elif how == 3:
            content[at:at] = content[at : at + size] * rng.choice((2, 100))
        elif how == 4:
            content[at:at] = b" ".join(rng.choices(WORDS, k=rng.randrange(1, 9)))
        else:
            other = rng.randrange(len(content) + 1)
            content[at:at] = content[other : other + size]
        if len(content) > 10_000_000:
            break
    content = bytes(content)
    if content.startswith(b"\x89PNG") and rng.random() < 0.8:
        return _mend_png(content)
    return content


def _mend_png(content):
    """Correct the checksums of a PNG, as far as its chunks can be found."""
    content = bytearray(content)
    position = 8
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        end = position + 8 + length
        if end + 4 > len(content):
            break
        checksum = cases.zlib.crc32(content[position + 4 : end])
        content[end : end + 4] = checksum.to_bytes(4, "big")
        position = end + 4
    return bytes(content)


def _seeds():
    exif = b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"
    icc = b"\0" * 200
    yield cases.make_pdf()
    yield cases.make_packed_pdf([b"<</A 1>>", b"[1 2 3]"], b"/X 10 0 R")
    yield cases.make_pdf([cases.make_stream(b"BT ET")], b"/Names <</Dests 4 0 R>>")
    for image_format in ("JPEG", "PNG", "WEBP"):
        yield cases.make_photo(image_format, (64, 48))
        yield cases.make_photo(image_format, (64, 48), exif=exif, icc_profile=icc)
    yield cases.make_photo("JPEG", (64, 48), progressive=True, comment=b"x")
    yield cases.make_photo("PNG", (64, 48), "RGBA")
    yield cases.make_photo("PNG", (64, 48), "P")


def _report(rows):
    for what, unit, key in (("CPU", "s", 2), ("memory", "MB", 3)):
        print(f"\nMost {what}:")
        for row in sorted(rows, key=lambda row: -row[key])[:SHOWN]:
            name, verdict, *_rest = row
            print(
                f"  {row[key]:8.2f} {unit:2}  {row[4]:>10,} bytes  {verdict:15} {name}"
            )


def main(seconds):
    """Measure and mutate files; return the number of failed checks."""
    rng = random.Random(9)
    failed = []
    rows = []
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:

        def run(name, content):
            verdict, cpu, memory, child = pool.apply(check, (content,))
            # The memory of an idle Python with pikepdf is not extra.
            memory = max(memory, child - idle)
            rows.append((name, verdict, cpu, memory, len(content)))
            if "FAULT" in verdict or cpu > MAX_SECONDS + start or memory > MAX_MEMORY:
                failed.append(name)
                Path(f"/tmp/upload-{len(failed)}.bin").write_bytes(content)
                print(f"FAILED {name}: {verdict} {cpu:.2f} s {memory:.0f} MB")

        _verdict, start, _memory_of, idle = pool.apply(check, (cases.make_pdf(),))
        print(f"Reading an empty PDF: {start:.2f} s, {idle:.0f} MB in the reader.")
        known = [*cases.worst_pdfs(), *cases.worst_photos()]
        for name, content, _expected in known:
            run(name, content)
        _report(rows)
    if seconds:
        failed += _fuzz(seconds, rng, [content for _name, content, _e in known], start)
    return len(failed)


def _fuzz(seconds, rng, known, start):
    """Mutate files in one process after another; return the names that failed."""
    failed, rows = [], []
    seeds = [*_seeds(), *(content for content in known if len(content) < 20_000)]
    # Few PDF: each check starts another process to read it, which takes long.
    weights = [1 if seed.startswith(b"%PDF") else 50 for seed in seeds]
    until = time.monotonic() + seconds
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=200) as pool:
        while time.monotonic() < until:
            content = mutate(rng.choices(seeds, weights)[0], rng)
            name = f"mutation {len(rows)}"
            verdict, cpu, memory, _child = pool.apply(check, (content,))
            rows.append((name, verdict, cpu, memory, len(content)))
            if "FAULT" in verdict or cpu > MAX_SECONDS + start or memory > MAX_MEMORY:
                failed.append(name)
                Path(f"/tmp/upload-m{len(rows)}.bin").write_bytes(content)
                print(f"FAILED {name}: {verdict} {cpu:.2f} s {memory:.0f} MB")
    print(f"\n{len(rows)} mutations in {seconds} s, {len(failed)} failed.")
    counts = {}
    for row in rows:
        counts[row[1]] = counts.get(row[1], 0) + 1
    print(counts)
    _report(rows)
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if sys.argv[1:] else 600)))
