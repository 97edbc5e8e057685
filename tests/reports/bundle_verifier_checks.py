"""Checks of reports/bundle/verify.py, run by bundle_verifier_test.cpp, one by one: python3 bundle_verifier_checks.py Checks.NAME"""
import base64
import contextlib
import hashlib
import html
import html.parser
import io
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
VECTORS = os.path.join(SOURCE, "tests/outside/vectors")
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(SOURCE, "reports/bundle"), os.path.join(SOURCE, "tests/support")]
import make_golden as golden  # noqa: E402
import verify  # noqa: E402

COUNCIL = golden.vkey(golden.ORIGIN, golden.FIRST_KEY)
SECOND = golden.vkey(golden.ORIGIN, golden.SECOND_KEY)
WITNESS = golden.vkey(golden.WITNESS, golden.WITNESS_KEY, 4)
STRANGER = golden.vkey(golden.ORIGIN, golden.STRANGER_KEY)


class Checks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def spill(self, data, name="it.zip"):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def findings(self, path, *keys, receipt=None):
        """What the verifier finds wrong with a ZIP or a folder."""
        report = verify.Report()
        verify.check_target(path, [verify.parse_key(key) for key in keys], report)
        return report.findings

    def findings_in(self, data):
        """The same of a ZIP in memory."""
        report = verify.Report()
        with report.at("it"):
            verify.check_files(verify.SealedZip(io.BytesIO(data), report), [], report)
        return report.findings

    def judge(self, *arguments):
        """The program itself, as a reader runs it: exit code and JSON."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = verify.main([*arguments, "--json"])
        return code, json.loads(out.getvalue())

    def found(self, data, *keys, path=None, problem=""):
        """That this ZIP does not hold, and that a finding names the path and the problem."""
        findings = self.findings(self.spill(data), *keys)
        said = json.dumps(findings, indent=1, ensure_ascii=False)
        self.assertTrue(any((path is None or f["path"] == path) and problem in f["problem"] for f in findings),
                        f"no finding on {path} that says '{problem}': {said}")

    def holds(self, data, *keys):
        self.assertEqual(self.findings(self.spill(data), *keys), [])

    def bundle_with(self, **changed):
        """A golden bundle some files of which are others (or, None, gone), sealed anew as if it had been made so."""
        payload = golden.bundle_payload()
        for name, data in changed.items():
            if data is None:
                del payload[name]
            else:
                payload[name] = data
        return golden.bundle(payload)

#-- - outside vectors -- -

    def test_wycheproof(self):
        with open(os.path.join(VECTORS, "wycheproof-ed25519.json"), encoding="utf-8") as file:
            groups = json.load(file)["testGroups"]
        cases = 0
        for group in groups:
            key = bytes.fromhex(group["publicKey"]["pk"])
            for case in group["tests"]:
                good = verify.ed25519_verifies(key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
                self.assertEqual(good, case["result"] == "valid", case)
                cases += 1
        self.assertEqual(cases, 151)

    def test_encodings_of_points_are_canonical(self):
        p = verify.P
        for y, sign in ((p, 0), (p + 1, 0), (1, 1), (p - 1, 1), (2**255 - 1, 0), (2, 0)):
            self.assertIsNone(verify.point_decode((y | sign << 255).to_bytes(32, "little")), (y, sign))
        self.assertIsNotNone(verify.point_decode((1).to_bytes(32, "little")))

    def test_merkle_proofs(self):
        cases = 0
        for kind in ("inclusion", "consistency"):
            for folder, _, files in os.walk(os.path.join(VECTORS, "merkle-proofs", kind)):
                for name in files:
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        case = json.load(file)
                    proof = [base64.b64decode(hash_) for hash_ in case["proof"] or []]
                    if kind == "inclusion":
                        root = verify.root_by_inclusion(case["leafIdx"], case["treeSize"], base64.b64decode(case["leafHash"]), proof)
                        good = root is not None and root == base64.b64decode(case["root"])
                    else:
                        good = verify.consistent(case["size1"], case["size2"], proof, base64.b64decode(case["root1"]), base64.b64decode(case["root2"]))
                    self.assertEqual(good, not case["wantErr"], os.path.join(folder, name))
                    cases += 1
        self.assertEqual(cases, 196)

    def test_leaf_vectors_of_the_format_document(self):
        """The texts, hashes and pieces printed in leaf.md."""
        with open(os.path.join(SOURCE, "schemas/formats/leaf.md"), encoding="utf-8") as file:
            page = file.read()
        texts = [block for block in page.split("```\n") if block.startswith("answerable-leaf/")]
        hashes = [line.split("`")[1] for line in page.split("\n") if line.startswith("Leaf hash: ")]
        self.assertEqual((len(texts), len(hashes)), (3, 3))
        contents = [b'<review id="REV-1"><type>plan</type><by/></review>', b'{"by":"Made Up"}', b'<review id="REV-1"/>']
        for text, hash_, content in zip(texts, hashes, contents):
            self.assertIn(content.decode(), page)
            self.assertEqual(verify.leaf_hash(text.encode()).hex(), hash_)
            leaf = verify.parse_leaf(text.encode())
            self.assertEqual(verify.commitment(lambda: io.BytesIO(content), bytes(range(16)), leaf.version), leaf.commitment)

    def blocks(self, document):
        """The marked blocks of a format document: ```name … ```"""
        with open(os.path.join(SOURCE, "schemas/formats", document), encoding="utf-8") as file:
            return dict(re.findall(r"^```([a-z0-9-]+)\n(.*?)^```$", file.read(), re.S | re.M))

    def test_zip_vector_of_the_format_document(self):
        data = bytes.fromhex(self.blocks("sealed-zip.md")["hex"])
        self.assertEqual(golden.seal([("bundle/a.txt", b""), ("bundle/b.txt", b"two\n")]), data)
        report = verify.Report()
        files = verify.SealedZip(io.BytesIO(data), report)
        self.assertEqual((report.findings, files.whole, files.prefix, sorted(files.files)), ([], True, "bundle/", ["a.txt", "b.txt"]))
        self.assertEqual(files.bytes("b.txt"), b"two\n")

    def test_zip64_headers_are_those_of_pythons_zipfile(self):
        for size, at in ((5, 5), (5, 6 << 32), (7 << 32, 5), (7 << 32, 6 << 32), (0xFFFFFFFE, 0xFFFFFFFE), (0xFFFFFFFF, 0xFFFFFFFF)):
            entry = zipfile.ZipInfo("bundle/a.txt")
            entry.create_system, entry.create_version, entry.external_attr = 3, 45, 0o100644 << 16
            entry.CRC, entry.file_size, entry.compress_size, entry.header_offset = 0xABCDEF12, size, size, at
            ours = verify.Entry(b"bundle/a.txt", size, entry.CRC, at)
            limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0xFFFFFFFE  # Python goes over to Zip64 at half of what the format needs
            self.addCleanup(setattr, zipfile, "ZIP64_LIMIT", limit)
            self.assertEqual(verify.local_header(ours), entry.FileHeader(size >= 0xFFFFFFFF), (size, at))
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                archive.filelist.append(entry)
                archive._didModify = True
            zipfile.ZIP64_LIMIT = limit
            central = verify.central_header(ours)
            self.assertEqual(out.getvalue(), central + verify.end_of_directory(1, len(central), 0), (size, at))

    def test_more_entries_than_fit_into_16_bits(self):
        data = bytearray(golden.seal([(f"bundle/{i:06}.txt", b"") for i in range(0x10001)]))
        at = data.rindex(b"PK\6\6")
        self.assertEqual(data[at + 12:at + 14], b"\x2d\0")
        data[at + 12:at + 14] = b"\x2d\3"  # zipfile does not say Unix here
        report = verify.Report()
        self.assertEqual(len(verify.SealedZip(io.BytesIO(data), report).files), 0x10001)
        self.assertEqual(report.findings, [])
        data[at + 24] ^= 1
        verify.SealedZip(io.BytesIO(data), report)
        self.assertEqual(len(report.findings), 1)

    def test_checkpoint_vectors_of_the_format_document(self):
        blocks = self.blocks("checkpoint.md")
        hashes = dict(line.split(" ") for line in blocks["hashes"].splitlines())
        tree = verify.Tree()
        for i in range(3):
            self.assertEqual(verify.leaf_hash(b"leaf %d" % i).hex(), hashes[f"leaf{i}"])
            tree.append(bytes.fromhex(hashes[f"leaf{i}"]))
        self.assertEqual(tree.root().hex(), hashes["root"])
        keys = [verify.parse_key(line) for line in blocks["vkeys"].splitlines()]
        self.assertEqual([key.type for key in keys], [verify.COUNCIL, verify.WITNESS])
        checkpoint = verify.parse_checkpoint(blocks["checkpoint"].encode())
        self.assertEqual(verify.signed_by_council(checkpoint, keys), keys)
        self.assertEqual(checkpoint.root, tree.root())
        proof = verify.parse_proof(blocks["tlog-proof"].encode())
        verify.check_inclusion(proof, bytes.fromhex(hashes["leaf1"]))
        for leaf in ("leaf0", "leaf2"):
            with self.assertRaises(verify.Wrong):
                verify.check_inclusion(proof, bytes.fromhex(hashes[leaf]))
        grown = blocks["add-checkpoint"].splitlines()
        self.assertTrue(verify.consistent(1, 3, [base64.b64decode(line) for line in grown[1:3]], bytes.fromhex(hashes["leaf0"]), tree.root()))

    def test_root_of_every_size_is_that_of_the_definition(self):
        hashes, tree = [golden.sha256(b"%d" % i) for i in range(70)], verify.Tree()
        for size in range(71):
            self.assertEqual(tree.root(), golden.root(hashes[:size]))
            for index in range(size):
                self.assertEqual(verify.root_by_inclusion(index, size, hashes[index], golden.path(index, hashes[:size])), tree.root())
            if size < 70:
                tree.append(hashes[size])

    def test_pieces_do_not_depend_on_where_reading_stops(self):
        dice = random.Random(4)
        for _ in range(3000):
            content = b"".join(dice.choice((b"<", b"/", b">", b"</", b"/>", b"a", b"</a>")) for _ in range(dice.randrange(12)))
            expected = golden.pieces(content)
            chunks, rest = [], content
            while rest:
                size = dice.randrange(1, 4)
                chunks.append(rest[:size])
                rest = rest[size:]
            got, piece = [], b""
            for data, ends in verify.cut(chunks):
                piece += data
                if ends:
                    got, piece = got + [piece], b""
            if piece or not got:
                got.append(piece)
            self.assertEqual(got, expected, content)
            self.assertEqual(verify.commitment(lambda: io.BytesIO(content), bytes(16), 2), golden.commitment(content, bytes(16)))

#-- - what holds -- -

    def test_golden_files_hold(self):
        golden.write(self.folder.name)
        at = lambda name: os.path.join(self.folder.name, name)  # noqa: E731
        for arguments, limits in (
            ([at("bundle.zip")], 4),
            ([at("bundle.zip"), "--key", COUNCIL, "--key", SECOND, "--key", WITNESS], 2),
            ([at("ledger.zip")], 2),
            ([at("ledger.zip"), "--key", COUNCIL, "--receipt", at("receipt.txt"), "--file", at("sent.xml")], 1),
            (["--receipt", at("receipt.txt"), "--file", at("sent.xml"), "--key", COUNCIL], 1),
            (["--receipt", at("published.txt"), "--file", at("sent.xml"), "--key", COUNCIL, "--key", WITNESS], 1),
            (["--receipt", at("received.txt"), "--file", at("sent.xml")], 2),
        ):
            code, said = self.judge(*arguments)
            self.assertEqual((code, said["findings"], said["holds"]), (0, [], True), arguments)
            self.assertEqual(len(said["cannot_tell"]), limits, said["cannot_tell"])
            self.assertTrue(said["checked"])

    def test_words_and_exit_codes_for_people(self):
        program = [sys.executable, os.path.join(SOURCE, "reports/bundle/verify.py")]
        good, bad = self.spill(golden.bundle(), "good.zip"), self.spill(golden.bundle()[:-1], "bad.zip")

        def run(*arguments):
            ran = subprocess.run([*program, *arguments], capture_output=True, encoding="utf-8")
            return ran.returncode, (ran.stdout or ran.stderr).strip().split("\n")
        code, lines = run(good)
        self.assertEqual(code, 0)
        self.assertTrue(lines[-1].startswith("Everything holds: "), lines)
        code, lines = run(bad)
        self.assertEqual((code, lines[-1]), (1, "1 thing does not hold."))
        for arguments in ([], [os.path.join(self.folder.name, "none.zip")], ["--file", good], [good, "--key", "not+a+key"],
                          [good, "--key", COUNCIL[:-2] + "AA"], ["--receipt", self.folder.name]):
            self.assertEqual(run(*arguments)[0], 2, arguments)
        self.assertFalse(os.path.exists(os.path.join(SOURCE, "reports/bundle/__pycache__")))

    def test_ordinary_tools_open_the_golden_bundle_and_the_unpacked_bag_holds(self):
        with zipfile.ZipFile(self.spill(golden.bundle())) as archive:
            self.assertIsNone(archive.testzip())
            archive.extractall(self.folder.name)
        bag = os.path.join(self.folder.name, "answerable-905-B12")
        self.assertEqual(self.findings(bag, COUNCIL, SECOND), [])
        for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            subprocess.run(["sha256sum", "--strict", "--quiet", "-c", manifest], cwd=bag, check=True)

#-- - every byte -- -

    def every_flip(self, data, judge):
        """Flips one bit of every byte in turn. Of a letter it is the one that makes it a capital or a small one: what a careless
        reader of hexadecimal or base64 would not see. judge(changed) gives the findings; the flips without any are returned."""
        missed = []
        for i in range(len(data)):
            changed = bytearray(data)
            changed[i] ^= 0x20 if chr(data[i]).isalpha() else 1 << i % 5
            if not judge(changed):
                missed.append((i, data[max(0, i - 20):i + 5]))
        return missed

    def test_every_byte_of_a_bundle(self):
        data = golden.bundle()
        self.assertEqual(self.every_flip(data, self.findings_in), [])

    def test_every_byte_of_an_export(self):
        data = golden.export()
        self.assertEqual(self.every_flip(data, self.findings_in), [])

    def test_every_byte_of_a_bundle_sealed_anew(self):
        """Whoever changes a file can write the manifests anew. What proves the records does not rest on them."""
        self.every_byte_sealed_anew(verify.Bundle, golden.bundle_payload(), "bundle/1")

    def test_every_byte_of_an_export_sealed_anew(self):
        self.every_byte_sealed_anew(lambda *of: verify.Export(*of, 0), golden.export_payload(), "ledger/1")

    def every_byte_sealed_anew(self, ledger, payload, kind):
        class InMemory(verify.Files):
            def __init__(self, contents):
                self.contents = contents
                self.files = {path: verify.File(len(data), hashlib.sha256(data).digest(), None) for path, data in contents.items()}

            def open(self, path):
                return io.BytesIO(self.contents[path])

        files = golden.bag(payload, kind)
        info = dict(line.split(": ", 1) for line in files["bag-info.txt"].decode().splitlines())

        def judge(changed, name):
            report = verify.Report()
            ledger(InMemory({**files, name: bytes(changed)}), info, [], report)
            return report.findings
        self.assertEqual(judge(payload["data/ledger/keys"], "data/ledger/keys"), [])
        for name in payload:
            if name != "data/index.html":  # a page; nothing but the manifest is about it, and the verifier says so
                self.assertEqual(self.every_flip(payload[name], lambda changed: judge(changed, name)), [], name)

    def test_every_byte_of_a_receipt(self):
        all_leaves, sent = golden.leaves(), self.spill(golden.SENT, "sent.xml")
        keys = [verify.parse_key(key) for key in (COUNCIL, WITNESS)]
        for state in ("received", "sequenced", "published"):
            def judge(data):
                report = verify.Report()
                receipt = verify.read_receipt(self.spill(data, "receipt.txt"), report)
                if receipt:
                    verify.check_single_receipt("receipt.txt", receipt, sent, None, keys, report)
                return report.findings
            data = golden.receipt(all_leaves, state)
            self.assertEqual(judge(data), [])
            self.assertEqual(self.every_flip(data, judge), [])

    def test_receipts_of_other_files(self):
        golden.write(self.folder.name)
        at = lambda name: os.path.join(self.folder.name, name)  # noqa: E731
        for arguments, problem in (
            (["--receipt", at("receipt.txt"), "--file", at("vkey"), "--key", COUNCIL], "is not the file this receipt is for"),
            (["--receipt", at("receipt.txt"), "--file", at("sent.xml"), "--key", STRANGER], "not signed by a key that was given"),
            (["--receipt", at("receipt.txt"), "--file", at("sent.xml")], "without the council's key"),
            (["--receipt", at("published.txt"), "--key", WITNESS], "not signed by a key that was given"),
            (["--receipt", at("sent.xml"), "--key", COUNCIL], "is not a receipt"),
        ):
            code, said = self.judge(*arguments)
            self.assertEqual(code, 1, arguments)
            self.assertIn(problem, said["findings"][0]["problem"])

#-- - truncated, extended, put in another order, dropped, added, duplicated -- -

    def test_truncated_at_every_length_and_extended(self):
        for data in (golden.bundle(), golden.export()):
            path = self.spill(data)
            for size in range(len(data) - 1, -1, -1):
                os.truncate(path, size)
                self.assertTrue(self.findings(path), size)
            for more in (b"\0", b"PK\5\6", data):
                self.assertTrue(self.findings(self.spill(data + more)))
                self.assertTrue(self.findings(self.spill(more + data)))

    def test_entries_of_the_zip(self):
        files, folder = golden.bag(golden.bundle_payload(), "bundle/1"), "answerable-905-B12/"
        entries = [(folder + name, files[name]) for name in sorted(files)]
        self.holds(golden.seal(entries))
        for i in range(len(entries)):
            self.found(golden.seal(entries[:i] + entries[i + 1:]))
        self.found(golden.seal(sorted(entries + [(folder + "data/more.txt", b"more")])), path="data/more.txt", problem="has been added")
        self.found(golden.seal(entries + [("elsewhere/more.txt", b"more")]), problem="more in it than one folder")
        self.found(golden.seal(sorted(entries + [(folder + "data/", b"")])))
        for i in range(len(entries) - 1):
            self.found(golden.seal(entries[:i] + [entries[i + 1], entries[i]] + entries[i + 2:]), problem="in the order of their paths")
        with self.assertWarns(UserWarning):
            self.found(golden.seal(entries[:4] + entries[3:]), problem="two entries of one path")

    def test_names_that_lead_elsewhere(self):
        outside = os.path.join(self.folder.name, "outside.txt")
        for name in ("data/../../outside.txt", "/etc/passwd", "data/a\\b", "data//a", "data/./a", "data/CON", "data/nul.txt", "data/a\n.txt", "data/\u00e9.txt"):
            payload = {**golden.bundle_payload(), name if name.startswith("data/") else "data/" + name: b"x"}
            self.found(golden.bundle(payload))
        self.assertFalse(os.path.exists(outside))
        payload = {**golden.bundle_payload(), "data/INDEX.html": b"x"}
        self.found(golden.bundle(payload), problem="in capitals only")

    def test_links_in_a_folder_are_not_followed(self):
        with zipfile.ZipFile(self.spill(golden.bundle())) as archive:
            archive.extractall(self.folder.name)
        bag = os.path.join(self.folder.name, "answerable-905-B12")
        page = os.path.join(bag, "data/index.html")
        os.rename(page, os.path.join(self.folder.name, "away.html"))
        os.symlink(os.path.join(self.folder.name, "away.html"), page)
        os.mkfifo(os.path.join(bag, "data/pipe"))
        problems = {finding["path"]: finding["problem"] for finding in self.findings(bag)}
        self.assertIn("was not opened", problems["data/pipe"])
        self.assertEqual(problems["data/index.html"], "is missing")

#-- - changed and sealed anew : what only the ledger shows -- -

    def test_changes_sealed_anew(self):
        payload = golden.bundle_payload()
        rows = payload["data/ledger/leaves.csv"].decode().split("\n")[:-1]
        swapped = rows[:2] + [rows[3], rows[2]] + rows[4:]
        twice = [row.replace("data/exhibits/EX-001.xml", "data/ledger/content/5") for row in rows]
        csv = lambda some: "".join(row + "\n" for row in some).encode()  # noqa: E731
        for changed, path, problem in (
            ({"data/exhibits/EX-001.xml": b'<case id="CASE-2"/>'}, "data/exhibits/EX-001.xml", "the commitment differs"),
            ({"data/exhibits/EX-002.xml": payload["data/exhibits/EX-002.xml"].replace(b"plan", b"none")}, "data/exhibits/EX-002.xml", "the commitment differs"),
            ({"data/exhibits/EX-002.xml": golden.REVIEW}, "data/exhibits/EX-002.xml", "does not say what was kept back"),
            ({"data/exhibits/EX-002.xml": payload["data/exhibits/EX-002.xml"] + b"<more/>"}, "data/exhibits/EX-002.xml", "goes on behind its last piece"),
            ({"data/exhibits/EX-003-content.txt": b"Another plan."}, "data/exhibits/EX-003-content.txt", "does not stand in data/exhibits/EX-003.xml"),
            ({"data/exhibits/EX-004.xml": b"<made-up/>"}, "data/exhibits/EX-004.xml", "is the content of a leaf"),
            ({"data/exhibits/EX-001.xml": None}, "data/exhibits/EX-001.xml", "is not there"),
            ({"data/ledger/leaf/8": None}, "data/ledger/leaf/8", "is not there"),
            ({"data/ledger/proof/8": None}, "data/ledger/proof/8", "is not there"),
            ({"data/ledger/pieces/1": None}, "data/exhibits/EX-002.xml", "is not there"),
            ({"data/ledger/checkpoint": None}, "data/ledger/checkpoint", "is not there"),
            ({"data/ledger/keys": None}, "data/ledger/keys", "is not there"),
            ({"data/ledger/leaves.csv": None}, "data/ledger/leaves.csv", "is not there"),
            ({"data/ledger/leaf/9": golden.leaves()[9].text}, "data/ledger/leaf/9", "belongs to no row"),
            ({"data/ledger/leaves.csv": csv(swapped)}, "data/ledger/leaves.csv", "do not rise"),
            ({"data/ledger/leaves.csv": csv(rows[:2] + rows[1:])}, "data/ledger/leaves.csv", "do not rise"),
            ({"data/ledger/leaves.csv": csv(rows[:1] + rows[2:])}, "data/ledger/leaf/0", "belongs to no row"),
            ({"data/ledger/leaves.csv": csv(twice)}, "data/ledger/content/5", "is the content of two leaves"),
            ({"data/ledger/leaves.csv": csv(rows)[:-1]}, "data/ledger/leaves.csv", "does not end in a line feed"),
            ({"data/ledger/leaves.csv": csv(rows[1:])}, "data/ledger/leaves.csv", "does not have its header"),
            ({"data/receipts/S905-13.txt": payload["data/receipts/S905-12.txt"]}, "data/receipts/S905-13.txt", "is the receipt of another number"),
        ):
            with self.subTest(path=path, problem=problem):
                changed = {**payload, **changed}
                self.found(golden.bundle({name: data for name, data in changed.items() if data is not None}), path=path, problem=problem)

    def test_bag_info(self):
        for label, problem in (("Answerable-Checkpoint", "is not data/ledger/checkpoint"), ("Payload-Oxum", "is not the bytes and files"),
                               ("Answerable-Format", "which kind it is")):
            self.found(golden.bundle(**{label: "other"}), problem=problem)

    def test_another_keys_signature(self):
        self.found(golden.bundle(), STRANGER, path="data/ledger/checkpoint", problem="not signed by a key that was given")
        self.found(golden.export(), STRANGER, path="data/ledger/checkpoint", problem="not signed by a key that was given")
#A bundle made wholly anew by somebody else holds in itself : only the key shows it.
        payload, all_leaves = golden.export_payload(), golden.leaves()
        payload["data/ledger/keys"] = (STRANGER + "\n").encode()
        note = golden.checkpoint([leaf.hash for leaf in all_leaves], (golden.STRANGER_KEY,))
        payload["data/ledger/checkpoint"] = payload["data/ledger/checkpoints"] = note.encode()
        self.holds(golden.export(payload))
        self.found(golden.export(payload), COUNCIL, path="data/ledger/checkpoint", problem="not signed by a key that was given")
#Nor is a receipt believed that only a key nobody gave has signed.
        payload = golden.bundle_payload()
        payload["data/ledger/keys"] += (STRANGER + "\n").encode()
        lone = [golden.record(4, "review", "REV-9", b"<review/>", "S905-9")] * 3
        leaf = golden.other("submission S905-9", {**golden.SUBMISSION, "receipt": "S905-9"})
        note = golden.checkpoint([l.hash for l in lone] + [leaf.hash], (golden.STRANGER_KEY,))
        payload["data/receipts/S905-9.txt"] = ("answerable-receipt/1\nreceipt S905-9\nstate sequenced\n" + "".join(
            f"{name} {value}\n" for name, value in golden.SAYS.items()) +
            f"salt {leaf.salt.hex()}\ncontent {leaf.content.decode()}\n\n{leaf.text.decode()}\n" +
            golden.proof(3, [l.hash for l in lone] + [leaf.hash], note)).encode()
        self.holds(golden.bundle(payload))
        self.found(golden.bundle(payload), COUNCIL, SECOND, path="data/receipts/S905-9.txt", problem="not signed by a key that was given")

    def test_forked_rolled_back_and_reordered(self):
        all_leaves = golden.leaves()
        notes = golden.former_checkpoints(all_leaves)
        other = list(all_leaves)
        other[1] = golden.record(1, "review", "REV-1", golden.REVIEW.replace(b"was there", b"was not"), "S905-12")
        fork = golden.checkpoint([leaf.hash for leaf in other[:7]])

        def export(leaves=all_leaves, notes=notes, **changed):
            return golden.export({**golden.export_payload(leaves, notes), **changed})
        self.holds(export())
        last, several = "data/ledger/checkpoint", "data/ledger/checkpoints"
        self.found(export(notes=[notes[0], notes[1], fork, notes[2]]), path=several, problem="forked")
        self.found(export(notes=[notes[0], fork, notes[2]]), path=several, problem="not the checkpoint of these leaves")
        self.found(export(**{last: notes[1].encode()}), path=several, problem="is older, or was put in its place")
        self.found(export(leaves=all_leaves[:7]), path="data/ledger/leaves", problem="does not hold as many leaves")
        self.found(export(leaves=[all_leaves[1], all_leaves[0], *all_leaves[2:]]), path=last, problem="not the checkpoint of these leaves")
        self.found(export(leaves=all_leaves + all_leaves[-1:]), path="data/ledger/leaves", problem="does not hold as many leaves")
        self.found(export(leaves=other), path=last, problem="not the checkpoint of these leaves")
        self.found(export(notes=[notes[1], notes[0], notes[2]]), path=several, problem="not in the order")
#The whole ledger rolled back holds in itself; a receipt from after that shows it.
        rolled = self.spill(export(all_leaves[:3], notes[:1]))
        self.assertEqual(self.findings(rolled), [])
        receipt = self.spill(golden.receipt(all_leaves), "receipt.txt")
        code, said = self.judge(rolled, "--receipt", receipt)
        self.assertEqual(code, 1)
        self.assertIn("there are fewer", said["findings"][0]["problem"])
#And so does one from the other side of a fork.
        forked = [*notes[:1], golden.checkpoint([leaf.hash for leaf in other])]
        forked[0] = golden.checkpoint([leaf.hash for leaf in other[:3]])
        code, said = self.judge(self.spill(export(other, forked)), "--receipt", receipt)
        self.assertEqual(code, 1)
        self.assertIn("have another root", said["findings"][0]["problem"])
#In a bundle : the checkpoint of another time, or a receipt of another tree of the same size.
        payload = golden.bundle_payload()
        self.found(golden.bundle({**payload, last: notes[1].encode()}), path="data/ledger/proof/0", problem="is not under data/ledger/checkpoint")
        fork = golden.checkpoint([leaf.hash for leaf in other])
        hashes = [leaf.hash for leaf in other]
        head = payload["data/receipts/S905-12.txt"].partition(b"\n\nanswerable-leaf")[0]
        text = head + b"\n\n" + all_leaves[5].text + b"\n" + golden.proof(5, hashes, fork).encode()
        self.found(golden.bundle({**payload, "data/receipts/S905-12.txt": text}), path="data/receipts/S905-12.txt", problem="forked")

    def test_parts_kept_back_dishonestly(self):
        leaf = golden.leaves()[1]
        parts = golden.pieces(leaf.content)
        salts = golden.salts(leaf.salt, len(parts))
        kept = golden.in_part(leaf, 2, "third-party")[1].decode().splitlines()
        joined = [f"shown {salts[0].hex()} {len(parts[0] + parts[1])}", "hidden " + "0" * 64 + " third-party"]
        for lines, problem in (
            (joined, "holds the end of another piece"),
            (kept[:-1] + [kept[-1] + "99"], "shorter than its shown pieces"),
            (kept[:-1], "goes on behind its last piece"),
            (kept + kept[-1:], "shorter than its shown pieces"),
            ([f"shown {salts[0].hex()} 5"] + kept[1:], "does not end where a piece must end"),
            (["hidden " + "0" * 64 + " because"], "neither of a piece that is shown"),
            (["hidden " + "0" * 64 + " third-party  "], "neither of a piece that is shown"),
        ):
            pieces = "".join(line + "\n" for line in lines).encode()
            findings = self.findings(self.spill(self.bundle_with(**{"data/ledger/pieces/1": pieces})))
            self.assertTrue(any(problem in f["problem"] and f["path"] == "data/exhibits/EX-002.xml" for f in findings), (problem, findings))
#Pieces that are all shown prove the same, but say that nothing is kept back.
        shown = "".join(f"shown {s.hex()} {len(p)}\n" for s, p in zip(salts, parts)).encode()
        self.found(self.bundle_with(**{"data/ledger/pieces/1": shown, "data/exhibits/EX-002.xml": leaf.content}), path="data/exhibits/EX-002.xml",
                   problem="nothing in it is kept back")

#-- - the page for a reader with sha256sum and openssl alone -- -

    def page(self):
        """The commands of VERIFY.html that a reader on Linux pastes, by step."""
        with open(os.path.join(SOURCE, "reports/bundle/VERIFY.html"), encoding="utf-8") as file:
            text = file.read()
        steps = {}
        for name, block in re.findall(r'<pre data-run="([a-z]+)"><code>(.*?)</code></pre>', text, re.S):
            steps[name] = steps.get(name, "") + html.unescape(block) + "\n"
        self.assertEqual(list(steps), ["prepare", "manifest", "signature", "content", "path", "receipt"])
        return steps

    def paste(self, payload, leaves, key=None, without=()):
        """Pastes the page into bash in an unpacked bundle; gives what its checks said."""
        bag = os.path.join(self.folder.name, "bag")
        shutil.rmtree(bag, ignore_errors=True)
        with zipfile.ZipFile(self.spill(golden.bundle(payload))) as archive:
            archive.extractall(bag)
        steps = {name: "" if name in without else step for name, step in self.page().items()}
        script = steps["prepare"] + steps["manifest"]
        script += steps["signature"].replace("KEY=$(tail -n 1 data/ledger/keys)", f"KEY='{key}'") if key else steps["signature"]
        for leaf in leaves:
            content = steps["content"]
            if leaf is not None:
                content = f"N={leaf}\n" + content.partition("\n")[2]
            script += content + steps["path"]
        script += steps["receipt"]
        ran = subprocess.run(["bash", "-c", script], cwd=os.path.join(bag, "answerable-905-B12"), capture_output=True, encoding="utf-8",
                             env={"PATH": os.environ["PATH"], "TMPDIR": self.folder.name})
        said = [line for line in ran.stdout.split("\n") if line.startswith(("holds", "DOES NOT HOLD"))]
        return said, ran.stdout + ran.stderr

    def test_commands_of_the_page(self):
        payload = golden.bundle_payload()
#Whole, of version 1, in part, a document in base64, JSON; leaf None is the page's own choice.
        said, all_of_it = self.paste(payload, [None, 0, 1, 2, 5], COUNCIL)
        self.assertEqual([line for line in said if not line.startswith("holds: ")], [], all_of_it)
        self.assertEqual(len(said), 3 + 1 + 5 * 4 + 3, all_of_it)
#The newest key of the bundle, as the page has it : signs the checkpoint, and not the receipt, which is older.
        said, all_of_it = self.paste(payload, [None])
        self.assertEqual([line.startswith("holds: ") for line in said], [True] * (3 + 1 + 4 + 2) + [False], all_of_it)

    def test_commands_of_the_page_find_what_does_not_hold(self):
        payload = golden.bundle_payload()
        for name, change, leaf, problem in (
            ("data/exhibits/EX-001.xml", (b"CASE-1", b"CASE-2"), 0, "EX-001.xml is what leaf 0 stands for"),
            ("data/exhibits/EX-002.xml", (b"plan", b"none"), 1, "EX-002.xml is what leaf 1 stands for"),
            ("data/exhibits/EX-002.xml", (b"third-party", b"third party"), 1, "EX-002.xml is what leaf 1 stands for"),
            ("data/exhibits/EX-003.xml", (b"<content>", b"<content> "), 2, "EX-003.xml is what leaf 2 stands for"),
            ("data/ledger/leaf/5", (b"S905-12", b"S905-13"), 5, "leaf 5 is under the root"),
            ("data/ledger/proof/5", (b"index 5", b"index 4"), 5, "the proof is that of leaf 5"),
            ("data/ledger/checkpoint", (b"\n11\n", b"\n12\n"), 5, "data/ledger/checkpoint is not signed"),
            ("data/receipts/S905-12.txt", (b'"bytes":35', b'"bytes":36'), 5, "the receipt\u2019s content"),
            ("data/receipts/S905-12.txt", (b"sha256 9", b"sha256 8"), 5, None),
        ):
            changed = payload[name].replace(*change)
            self.assertNotEqual(changed, payload[name], name)
            without = ("manifest",) if "receipt" in name else ("manifest", "receipt")
            said, all_of_it = self.paste({**payload, name: changed}, [leaf], COUNCIL, without)
            bad = [line for line in said if line.startswith("DOES NOT HOLD: ")]
            if problem is None:  # this the page leaves to the reader's eyes
                self.assertEqual(bad, [])
            else:
                self.assertTrue(any(problem in line for line in bad), all_of_it)
        said, all_of_it = self.paste(payload, [], STRANGER, ("manifest", "receipt"))
        self.assertIn("DOES NOT HOLD: data/ledger/checkpoint is not signed", all_of_it)

    def test_page_is_whole_in_itself(self):
        with open(os.path.join(SOURCE, "reports/bundle/VERIFY.html"), encoding="utf-8") as file:
            text = file.read()
        self.assertNotRegex(text, r"<script|<link|<img|<iframe|src=|@import|url\(|https?:")
        self.assertIn('<html lang="en-GB">', text)
        self.assertEqual(text.count("<h1>"), 1)
        self.assertEqual(len(re.findall(r"<h2 id=", text)), text.count("<h2"))
        open_tags = []

        class Balance(html.parser.HTMLParser):
            def handle_starttag(self, tag, attributes):
                if tag != "meta":
                    open_tags.append(tag)

            def handle_endtag(self, tag):
                if open_tags.pop() != tag:
                    raise AssertionError(f"</{tag}> at {self.getpos()} closes another")
        Balance().feed(text)
        self.assertEqual(open_tags, [])

#-- - hostile input -- -

    def test_hostile_bytes_are_findings_never_crashes(self):
        dice, started = random.Random(905), time.monotonic()
        originals = [golden.bundle(), golden.export()]
        tried = 0
        while tried < 3000 and time.monotonic() - started < 20:
            data = bytearray(dice.choice(originals))
            for _ in range(dice.choice((1, 2, 5, 40))):
                at = dice.randrange(len(data))
                what = dice.randrange(5)
                if what == 0:
                    data[at] ^= 1 << dice.randrange(8)
                elif what == 1:
                    del data[at:at + dice.randrange(1, 200)]
                elif what == 2:
                    data[at:at] = dice.randbytes(dice.randrange(1, 50))
                elif what == 3:
                    data[at:at + 8] = struct.pack("<Q", dice.choice((0, 2**32 - 1, 2**64 - 1, 2**63)))
                else:
                    data[at:at] = data[dice.randrange(len(data)):][:dice.randrange(1, 300)]
                if not data:
                    break
            if bytes(data) not in originals:
                self.assertTrue(self.findings(self.spill(data)))
            tried += 1
        self.assertGreater(tried, 300)

    def test_hostile_files_inside_a_bag_that_is_sealed(self):
        """Not the container but what is in it: every file of the proof in turn is random, endless, empty, not UTF-8, or nested deep."""
        dice = random.Random(4)
        for make in (golden.bundle_payload, golden.export_payload):
            payload = make()
            seal = golden.bundle if make is golden.bundle_payload else golden.export
            for name in payload:
                if name == "data/index.html":
                    continue
                whole = payload[name]
                for data in (b"", b"\n", b"\xff\xfe" + whole, dice.randbytes(300), whole * 2, whole[:len(whole) // 2], whole + b"\n", b"\n" + whole, b"9" * 5000 + b"\n",
                             whole.replace(b"1", b"9" * 5000), whole.replace(b"\n", b"\r\n") if b"\n" in whole else whole + b"\r\n", b"[" * 100000):
                    if data == whole or (name, data) == ("data/ledger/keys", whole[:len(whole) // 2]):
                        continue  # the one key that is left signed it too
                    try:
                        self.found(seal({**payload, name: data}))
                    except AssertionError as error:
                        raise AssertionError(f"{name} as {data[:40]!r}: {error}") from None
        deep = golden.receipt(golden.leaves()).decode().split("\n")
        deep[10] = "content " + "[" * 200000
        report = verify.Report()
        verify.read_receipt(self.spill("\n".join(deep).encode(), "deep.txt"), report)
        self.assertIn("is not JSON", report.findings[0]["problem"])

    def test_nothing_of_a_hostile_name_reaches_the_terminal(self):
        payload = {**golden.bundle_payload(), "data/\x1b[2J\u202egnp.exe": b"x"}
        program = [sys.executable, os.path.join(SOURCE, "reports/bundle/verify.py"), self.spill(golden.bundle(payload))]
        ran = subprocess.run(program, capture_output=True, encoding="utf-8")
        self.assertEqual(ran.returncode, 1)
        self.assertNotIn("\x1b", ran.stdout)
        self.assertNotIn("\u202e", ran.stdout)
        self.assertIn("\\x1b[2J", ran.stdout)

#-- - size -- -

    def test_many_small_files_and_a_big_one_in_flat_memory(self):
        """20,000 small files, and 300 MB in one, in another process so that its memory can be measured."""
        payload = golden.bundle_payload()
        for i in range(20000):
            payload[f"data/rules/{i}.xml"] = b"<rule/>"
        self.cost(golden.bundle(payload), 20)
        payload = golden.bundle_payload()
        payload["data/big"] = bytes(300 << 20)
        self.cost(golden.bundle(payload), 20)

    def cost(self, data, seconds):
        path = self.spill(data)
        del data
        measured = ("import sys,time,runpy\nstart=time.monotonic()\nsys.argv=sys.argv[1:]\n"
                    "try: runpy.run_path(sys.argv[0], run_name='__main__')\nexcept SystemExit as e: assert e.code==0, e.code\n"
                    "took=time.monotonic()-start\n"
                    "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')), took)")
        ran = subprocess.run([sys.executable, "-c", measured, os.path.join(SOURCE, "reports/bundle/verify.py"), path], capture_output=True, encoding="utf-8", check=True)
        kilobytes, took = ran.stdout.split("\n")[-2].split(" ")
        print(f"{os.path.getsize(path):,} bytes: {float(took):.2f} s, {int(kilobytes) // 1024} MB")
        self.assertLess(int(kilobytes), 100 * 1024)
        self.assertLess(float(took), seconds)


if __name__ == "__main__":
    unittest.main()
