#!/usr/bin/env python3
"""Makes a small golden bundle, a ledger's export and a receipt: python3 make_golden.py OUT

Written from schemas/formats/ alone. It shares no code with the programs nor with verify.py: trees are hashed by recursion,
pieces cut by a regular expression, signatures made by openssl, the ZIP written by Python's zipfile. The keys are fixed and the
people made up. OUT gets bundle.zip, ledger.zip, receipt.txt, published.txt, received.txt, sent.xml, vkey and witness.vkey.
"""
import base64
import functools
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

ORIGIN = "made-up.example/answerable/905"
FIRST_KEY, SECOND_KEY, WITNESS_KEY, STRANGER_KEY = (bytes([n]) * 32 for n in (1, 2, 3, 4))
WITNESS = "audit.made-up.example/witness"


def sha256(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def openssl(seed, *arguments, files=()):
    with tempfile.TemporaryDirectory() as folder:
        key = b"-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n" % base64.b64encode(
            bytes.fromhex("302e020100300506032b657004220420") + seed)
        for name, data in (("key", key), *files):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        return subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True).stdout


@functools.lru_cache(maxsize=None)
def public(seed):
    return openssl(seed, "pkey", "-in", "key", "-pubout", "-outform", "DER")[-32:]


@functools.lru_cache(maxsize=None)
def sign(seed, message):
    return openssl(seed, "pkeyutl", "-sign", "-rawin", "-inkey", "key", "-in", "message", files=(("message", message),))


def key_id(name, kind, seed):
    return sha256(name.encode() + b"\n" + bytes([kind]) + public(seed))[:4]


def vkey(name, seed, kind=1):
    return f"{name}+{key_id(name, kind, seed).hex()}+{b64(bytes([kind]) + public(seed))}"


def root(hashes):
    """MTH of RFC 6962 section 2.1, by its definition."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + root(hashes[:k]) + root(hashes[k:]))


def path(index, hashes):
    """PATH of RFC 6962 section 2.1.1, by its definition."""
    if len(hashes) == 1:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if index < k:
        return path(index, hashes[:k]) + [root(hashes[k:])]
    return path(index - k, hashes[k:]) + [root(hashes[:k])]


def checkpoint(hashes, seeds=(FIRST_KEY,), witness=None, origin=ORIGIN, size=None):
    text = f"{origin}\n{len(hashes) if size is None else size}\n{b64(root(hashes))}\n"
    note = text + "\n"
    for seed in seeds:
        note += f"\u2014 {origin} {b64(key_id(origin, 1, seed) + sign(seed, text.encode()))}\n"
    if witness:
        time = 1795291200
        signature = sign(witness, f"cosignature/v1\ntime {time}\n{text}".encode())
        note += f"\u2014 {WITNESS} {b64(key_id(WITNESS, 4, witness) + time.to_bytes(8, 'big') + signature)}\n"
    return note


def proof(index, hashes, note):
    return "".join(line + "\n" for line in ["c2sp.org/tlog-proof@v1", f"index {index}", *map(b64, path(index, hashes)), ""]) + note


def pieces(content):
    """What a piece is: up to the first > at or after each </, and up to each />; and what is left."""
    found = re.findall(rb"(?s).*?(?:</.*?>|/>)", content)
    rest = content[sum(map(len, found)):]
    return found + [rest] if rest or not found else found


def salts(salt, count):
    stream = hashlib.shake_256(salt).digest(16 * count)
    return [stream[i:i + 16] for i in range(0, 16 * count, 16)]


def piece_hashes(content, salt):
    parts = pieces(content)
    return [sha256(s + p) for s, p in zip(salts(salt, len(parts)), parts)]


def commitment(content, salt, version=2):
    return sha256(salt + content) if version == 1 else sha256(b"".join(piece_hashes(content, salt)))


class Leaf:
    def __init__(self, lines, content, version=2):
        self.content, self.salt = content, sha256(content + b"salt")[:16]
        self.text = "\n".join([f"answerable-leaf/{version}", "authority 905", *lines,
                               f"commitment {commitment(content, self.salt, version).hex()}", ""]).encode()
        self.hash = sha256(b"\0" + self.text)


def record(number, kind, own_id, content, submission, version=2):
    return Leaf([f"number {number}", f"record {kind}/1", "sender ods:RH5", f"id {own_id}", f"submission {submission}",
                 f"received 2026-11-21T20:15:0{number}.123456Z"], content, version)


def other(what, content, at="2026-11-21T20:15:03.123456Z"):
    return Leaf([what, f"at {at}"], json.dumps(content, separators=(",", ":")).encode())


SENT = b"<submission><review/></submission>\n"
DOCUMENT = b"The plan of a made-up person, in words."
REVIEW = b'<review id="REV-1"><type>plan</type><by/><note>His mother, Made Up Senior, was there.</note></review>'
SUBMISSION = {"receipt": "S905-12", "sender": "ods:RH5", "sender_name": "Made-up Trust", "message_id": "MSG-1", "sha256": hashlib.sha256(SENT).hexdigest(),
              "bytes": len(SENT), "received_at": "2026-11-21T20:15:03.123456Z", "stored": 3, "held": 1, "already_held": 0}
SAYS = {"sha256": SUBMISSION["sha256"], "bytes": SUBMISSION["bytes"], "received": SUBMISSION["received_at"], "sender": "ods:RH5", "message": "MSG-1",
        "records": "3 stored, 1 held, 0 held already"}


def leaves():
    return [
        record(0, "case", "CASE-1", b'<case id="CASE-1"/>', "S905-11", version=1),
        record(1, "review", "REV-1", REVIEW, "S905-12"),
        record(2, "document", "DOC-1", b"<document><content>\n  " + base64.b64encode(DOCUMENT) + b"\n</content></document>", "S905-12"),
        other("held H905-3", {}),
        other("faults S905-12", [{"line": 2}]),
        other("submission S905-12", SUBMISSION),
        other("run 7", {"run": 7}),
        other("finding F-AB12-CD34-EF56/7", {"outcome": "breached"}),
        other("event read/17", {"by": "Made Up"}),
        other("event key/18", {"key": vkey(ORIGIN, SECOND_KEY)}),
        other("event bundle/19", {"bundle": "B12"}),
    ]


FIRST_SIZE = 7  # of the first checkpoint that held the submission


def receipt(all_leaves, state="sequenced"):
    leaf = all_leaves[5]
    lines = ["answerable-receipt/1", "receipt S905-12", f"state {state}"]
    lines += [f"{name} {value}" for name, value in SAYS.items()]
    text = "\n".join(lines + [f"salt {leaf.salt.hex()}", "content " + leaf.content.decode(), "", leaf.text.decode()])
    if state == "received":
        return text.encode()
    hashes = [l.hash for l in all_leaves[:FIRST_SIZE]]
    note = checkpoint(hashes, witness=WITNESS_KEY if state == "published" else None)
    return (text + "\n" + proof(5, hashes, note)).encode()


def in_part(leaf, hide, reason):
    """The content with one piece kept back, and its pieces file."""
    shown, lines = b"", []
    parts = pieces(leaf.content)
    for i, (salt, part) in enumerate(zip(salts(leaf.salt, len(parts)), parts)):
        if i == hide:
            shown += b"<!-- kept back: %s -->" % reason.encode()
            lines.append(f"hidden {sha256(salt + part).hex()} {reason}\n")
        else:
            shown += part
            lines.append(f"shown {salt.hex()} {len(part)}\n")
    return shown, "".join(lines).encode()


def bundle_payload(all_leaves=None):
    """What stands under data/ in the golden bundle."""
    all_leaves = all_leaves or leaves()
    hashes = [leaf.hash for leaf in all_leaves]
    note = checkpoint(hashes, (SECOND_KEY, FIRST_KEY), WITNESS_KEY)
    files = {
        "data/index.html": b"<!DOCTYPE html><title>Made up</title>",
        "data/exhibits/EX-003-content.txt": DOCUMENT,
        "data/receipts/S905-12.txt": receipt(all_leaves),
        "data/ledger/checkpoint": note.encode(),
        "data/ledger/keys": f"{vkey(ORIGIN, FIRST_KEY)}\n{vkey(ORIGIN, SECOND_KEY)}\n".encode(),
    }
    rows = ["index,leaf,content,salt,pieces,hash"]
    where = {0: "data/exhibits/EX-001.xml", 1: "data/exhibits/EX-002.xml", 2: "data/exhibits/EX-003.xml",
             5: "data/ledger/content/5", 8: ""}
    for i, content in where.items():
        leaf, salt, cut = all_leaves[i], "", ""
        files[f"data/ledger/leaf/{i}"] = leaf.text
        files[f"data/ledger/proof/{i}"] = proof(i, hashes, note).encode()
        if i == 1:
            cut = f"data/ledger/pieces/{i}"
            files[content], files[cut] = in_part(leaf, 2, "third-party")
        elif content:
            files[content], salt = leaf.content, leaf.salt.hex()
        rows.append(f"{i},data/ledger/leaf/{i},{content},{salt},{cut},{leaf.hash.hex()}")
    files["data/ledger/leaves.csv"] = "".join(row + "\n" for row in rows).encode()
    return files


def former_checkpoints(all_leaves):
    hashes = [leaf.hash for leaf in all_leaves]
    return [checkpoint(hashes[:3]), checkpoint(hashes[:FIRST_SIZE]), checkpoint(hashes, (SECOND_KEY, FIRST_KEY))]


def export_payload(all_leaves=None, notes=None):
    all_leaves = all_leaves or leaves()
    notes = notes or former_checkpoints(all_leaves)
    return {
        "data/ledger/checkpoint": notes[-1].encode(),
        "data/ledger/checkpoints": "---\n".join(notes).encode(),
        "data/ledger/keys": f"{vkey(ORIGIN, FIRST_KEY)}\n{vkey(ORIGIN, SECOND_KEY)}\n".encode(),
        "data/ledger/leaves": b"".join(leaf.text for leaf in all_leaves),
    }


def bag(payload, kind, **info):
    """The files of the bag that holds this payload."""
    says = " ".join(payload.get("data/ledger/checkpoint", b"").decode("utf-8", "replace").split("\n")[:3])
    labels = {"Source-Organization": "Made Up Council", "External-Identifier": "B12", "Bagging-Date": "2026-11-22",
              "Payload-Oxum": f"{sum(map(len, payload.values()))}.{len(payload)}", "Answerable-Format": kind,
              "Answerable-Checkpoint": says, **info}
    tags = {"bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(f"{label}: {value}\n" for label, value in labels.items()).encode(),
            "manifest-sha256.txt": manifest(payload)}
    return {**payload, **tags, "tagmanifest-sha256.txt": manifest(tags)}


def manifest(files):
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def seal(entries):
    """A sealed ZIP of (name, bytes), in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.create_version, entry.external_attr = 3, 45, 0o100644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def seal_bag(files, folder):
    return seal([(f"{folder}/{name}", files[name]) for name in sorted(files)])


def bundle(payload=None, **info):
    return seal_bag(bag(payload or bundle_payload(), "bundle/1", **info), "answerable-905-B12")


def export(payload=None, **info):
    return seal_bag(bag(payload or export_payload(), "ledger/1", **info), "answerable-905-ledger-1")


def write(out):
    os.makedirs(out, exist_ok=True)
    files = {"bundle.zip": bundle(), "ledger.zip": export(), "receipt.txt": receipt(leaves()), "published.txt": receipt(leaves(), "published"),
             "received.txt": receipt(leaves(), "received"), "sent.xml": SENT, "vkey": vkey(ORIGIN, FIRST_KEY).encode(),
             "witness.vkey": vkey(WITNESS, WITNESS_KEY, 4).encode()}
    for name, data in files.items():
        with open(os.path.join(out, name), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Use: make_golden.py OUT")
    write(sys.argv[1])
