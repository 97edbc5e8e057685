#!/usr/bin/env python3
"""Checks a bundle, a ledger's export or a receipt made by Answerable. It needs Python 3.9 and nothing else.

    python3 verify.py FILE.zip                             a sealed bundle, or a ledger's export
    python3 verify.py FOLDER                               the same, unpacked
    python3 verify.py FILE.zip --key VKEY                  with the council's key, from where the council publishes it
    python3 verify.py --receipt RECEIPT --file FILE --key VKEY   one receipt and the file it is for
    python3 verify.py LEDGER.zip --receipt RECEIPT         is that receipt's checkpoint one of this ledger's?
    python3 verify.py --consistency FILE --key VKEY        did the ledger only grow between two checkpoints?

It ends with 0 when everything holds, 1 when something does not, 2 when there was nothing it could check.

It was written from the format documents alone (sealed-zip.md, bundle.md, leaf.md, checkpoint.md, receipt.md) and shares
nothing with the program that makes bundles, so that a mistake in one is found by the other. It reads, hashes and compares. It
writes no file, opens no address, and runs nothing out of the archive. From top to bottom: Ed25519 signatures, Merkle
trees, signed checkpoints and proofs, leaves, the ZIP, the bag, bundles, exports, receipts, consistency files, and the report.
"""
import argparse
import base64
import binascii
import collections
import contextlib
import functools
import hashlib
import io
import json
import os
import re
import struct
import sys
import zlib

CHUNK = 1 << 20       # how much of a file is held in memory at a time
LONGEST = 1 << 22     # of a line, a leaf, a proof, a checkpoint, a receipt: none comes near it
HEX64 = re.compile(r"[0-9a-f]{64}")
HEX32 = re.compile(r"[0-9a-f]{32}")
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


class Wrong(Exception):
    """Something does not hold. The path it is about is added where it is caught."""

    def __init__(self, problem, expected=None, found=None):
        super().__init__(problem)
        self.problem, self.expected, self.found = problem, expected, found


def sha256(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part)
    return h.digest()


def unbase64(text, what):
    """Standard base64 (RFC 4648 section 4) in its one canonical form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = None
    if data is None or base64.b64encode(data).decode() != text:
        raise Wrong(f"{what} is not canonical base64", found=text)
    return data


def decimal(text, what):
    if not DECIMAL.fullmatch(text) or int(text) >= 1 << 63:
        raise Wrong(f"{what} is not a number in decimal without leading zeros", found=text)
    return int(text)


def utf8(data, what):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Wrong(f"{what} is not UTF-8 at byte {error.start}") from None


# --- Ed25519 signatures: RFC 8032 section 5.1, with extended coordinates (X, Y, Z, T) of the curve -x² + y² = 1 + d·x²·y². ---

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def point_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * D * p[3] * q[3] % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_decode(data):
    """The point, or None where the bytes are not the one canonical encoding of a point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_1 % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def point_encode(p):
    inverse = pow(p[2], -1, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def multiples(p):
    """Row i holds 0, 1, … 15 times 16^i·p, so that a multiple of p is one sum over the digits of a number."""
    rows = []
    for _ in range(64):
        row = [NEUTRAL]
        for _ in range(15):
            row.append(point_add(row[-1], p))
        rows.append(row)
        p = point_add(row[-1], p)
    return rows


def times(number, rows):
    total = NEUTRAL
    for i, row in enumerate(rows):
        total = point_add(total, row[number >> 4 * i & 15])
    return total


@functools.lru_cache(maxsize=1)
def base_multiples():
    return multiples(point_decode((4 * pow(5, -1, P) % P).to_bytes(32, "little")))


@functools.lru_cache(maxsize=64)
def negative_multiples(public_key):
    point = point_decode(public_key)
    return point and multiples((P - point[0], point[1], 1, P - point[3]))


@functools.lru_cache(maxsize=1024)
def ed25519_verifies(public_key, message, signature):
    """Strict: a canonical key, a canonical R, S below the order L."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    rows = negative_multiples(public_key)
    s = int.from_bytes(signature[32:], "little")
    if rows is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return point_encode(point_add(times(s, base_multiples()), times(h, rows))) == signature[:32]


# --- Merkle trees: RFC 6962 section 2.1; proofs as RFC 9162 sections 2.1.3.2 and 2.1.4.2 verify them. ---

def leaf_hash(text):
    return sha256(b"\0", text)


def node_hash(left, right):
    return sha256(b"\1", left, right)


class Tree:
    """Takes leaf hashes one at a time and holds only the roots of the complete subtrees."""

    def __init__(self):
        self.size, self.subtrees = 0, []

    def append(self, hash_):
        level = self.size
        while level & 1:
            hash_ = node_hash(self.subtrees.pop(), hash_)
            level >>= 1
        self.subtrees.append(hash_)
        self.size += 1

    def root(self):
        if not self.subtrees:
            return sha256()
        return functools.reduce(lambda right, left: node_hash(left, right), reversed(self.subtrees))


def root_by_inclusion(index, size, hash_, proof):
    """The root that this proof leads to from the leaf hash; None when a proof of that length cannot belong there."""
    if not 0 <= index < size or any(len(h) != 32 for h in (hash_, *proof)):
        return None
    last = size - 1
    for sibling in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            hash_ = node_hash(sibling, hash_)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        index, last = index >> 1, last >> 1
    return hash_ if last == 0 else None


def consistent(size1, size2, proof, root1, root2):
    """Whether the tree of size2 is the tree of size1 with leaves added behind it. An export shows that by its leaves; a
    consistency file shows it alone."""
    if not 0 < size1 <= size2 or (size1 == size2) != (not proof):
        return False
    if size1 == size2:
        return root1 == root2
    proof = list(proof) if size1 & (size1 - 1) else [root1, *proof]
    first, last = size1 - 1, size2 - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = proof[0]
    for hash_ in proof[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        first, last = first >> 1, last >> 1
    return last == 0 and old == root1 and new == root2


# --- Signed notes, checkpoints, cosignatures and proofs: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof. ---

Key = collections.namedtuple("Key", "name id type public vkey")
Checkpoint = collections.namedtuple("Checkpoint", "origin size root text signatures")  # signatures: (name, key id, bytes)
Proof = collections.namedtuple("Proof", "index hashes checkpoint note")
COUNCIL, WITNESS = 1, 4  # signature types: Ed25519 over the text; over a time and the text


def key_name_is_good(name):
    return re.fullmatch(r"[^+\s]+", name)


@functools.lru_cache(maxsize=64)
def parse_key(vkey):
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not key_name_is_good(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Wrong("this is not a verifier key", "NAME+8 hexadecimal digits+base64", vkey)
    name, id_, data = parts[0], bytes.fromhex(parts[1]), unbase64(parts[2], "the key in a verifier key")
    if len(data) != 33 or data[0] not in (COUNCIL, WITNESS):
        raise Wrong("this verifier key is not of Ed25519", "a byte 01 or 04 and 32 bytes", data.hex())
    if sha256(name.encode(), b"\n", data)[:4] != id_:
        raise Wrong("the id in this verifier key is not that of its name and key",
                    sha256(name.encode(), b"\n", data)[:4].hex(), id_.hex())
    if point_decode(data[1:]) is None:
        raise Wrong("the key in this verifier key is not a point of the curve", found=data[1:].hex())
    return Key(name, id_, data[0], data[1:], vkey)


@functools.lru_cache(maxsize=4)  # every proof of a bundle holds the same one
def parse_checkpoint(note):
    whole = utf8(note, "the checkpoint")
    if re.search(r"[^\n -\ufffd\U00010000-\U0010ffff]", whole):
        raise Wrong("the checkpoint has a character in it that a signed note must not have")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Wrong("this is not a signed note", "a text, an empty line, lines of signatures, each ended by a line feed")
    signatures = []
    for line in lines[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not key_name_is_good(parts[1]):
            raise Wrong("a line of a signature is malformed", "\u2014 NAME BASE64", line)
        data = unbase64(parts[2], "a signature")
        if len(data) < 5:
            raise Wrong("a signature is too short", "4 bytes and a signature", data.hex())
        signatures.append((parts[1], data[:4], data[4:]))
    if len(signatures) > 64:
        raise Wrong("the checkpoint has more than 64 signatures")
    head = text.split("\n")
    if len(head) < 3 or not all(head):
        raise Wrong("the checkpoint does not have its three lines", "origin, size, root", text)
    root = unbase64(head[2], "the root")
    if len(root) != 32:
        raise Wrong("the root is not 32 bytes long", found=head[2])
    return Checkpoint(head[0], decimal(head[1], "the size"), root, (text + "\n").encode(), signatures)


def signers(checkpoint, keys):
    """The keys of these that signed it. A signature said to be by one of them and which is not, is wrong."""
    by = {(key.name, key.id): key for key in keys}
    good = []
    for name, id_, signature in checkpoint.signatures:
        key = by.get((name, id_))
        if key is None:
            continue  # the signed-note specification: signatures by others are ignored
        message = checkpoint.text
        if key.type == WITNESS:
            time, signature = signature[:8], signature[8:]
            message = b"cosignature/v1\ntime %d\n" % int.from_bytes(time, "big") + message
        elif name != checkpoint.origin:
            raise Wrong("a council's key signed for a ledger that is not its own", checkpoint.origin, name)
        if not ed25519_verifies(key.public, message, signature):
            raise Wrong("the signature is not by the key it names", f"a signature by {key.vkey}", signature.hex())
        good.append(key)
    return good


def signed_by_council(checkpoint, keys):
    good = signers(checkpoint, keys)
    if not any(key.type == COUNCIL for key in good):
        raise Wrong("the checkpoint is not signed by a key that was given for its ledger",
                    "one of: " + ", ".join(k.vkey for k in keys if k.type == COUNCIL),
                    ", ".join(f"{name}+{id_.hex()}" for name, id_, _ in checkpoint.signatures))
    return good


def parse_proof(data):
    head, gap, note = data.partition(b"\n\n")
    lines = utf8(head, "the proof").split("\n")
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or not lines[1].startswith("index "):
        raise Wrong("this is not a tlog-proof", "c2sp.org/tlog-proof@v1, a line with the index, hashes, an empty line, a checkpoint")
    index = decimal(lines[1][len("index "):], "the index")
    hashes = [unbase64(line, "a hash of the proof") for line in lines[2:]]
    if any(len(hash_) != 32 for hash_ in hashes):
        raise Wrong("a hash of the proof is not 32 bytes long")
    return Proof(index, hashes, parse_checkpoint(note), note)


def check_inclusion(proof, hash_):
    root = root_by_inclusion(proof.index, proof.checkpoint.size, hash_, proof.hashes)
    if root != proof.checkpoint.root:
        raise Wrong("the proof does not lead from the leaf to the root of the checkpoint", proof.checkpoint.root.hex(),
                    root.hex() if root else f"{len(proof.hashes)} hashes cannot prove leaf {proof.index} of {proof.checkpoint.size}")


# --- Leaves and their commitments: leaf.md. ---

Leaf = collections.namedtuple("Leaf", "version authority what submission at commitment")
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
NUMBER = r"(?:0|[1-9][0-9]*)"
RECORD = re.compile(
    r"answerable-leaf/(?P<version>[12])\nauthority (?P<authority>[^\n]+)\nnumber (?P<number>" + NUMBER + r")\n"
    r"record [a-z][a-z0-9-]*/[1-9][0-9]*\nsender [^\n:]+:[^\n]+\nid [^\n]+\nsubmission (?P<submission>S(?P=authority)-" + NUMBER + r")\n"
    r"received (?P<at>" + TIME + r")\ncommitment (?P<commitment>[0-9a-f]{64})\n")
OTHER = re.compile(
    r"answerable-leaf/(?P<version>2)\nauthority (?P<authority>[^\n]+)\n(?P<what>"
    r"(?:submission|faults) (?P<submission>S(?P=authority)-" + NUMBER + r")|held H(?P=authority)-" + NUMBER + r"|run " + NUMBER +
    r"|finding F(?:-[0-9A-Z]{4}){3}/" + NUMBER + r"|event (?:ledger-opened|ledger-closed|key|rule-set|council-rule|decision|read|"
    r"reminder|bundle|hold|disposal|request|reply|reply-decision|action-plan|escalation|complaint-link|sample|sending|account|complaint-part|"
    r"evidence-request)/" + NUMBER + r")\nat (?P<at>" + TIME + r")\ncommitment (?P<commitment>[0-9a-f]{64})\n")


def parse_leaf(data):
    text = utf8(data, "the leaf")
    m = RECORD.fullmatch(text) or OTHER.fullmatch(text)
    if not m:
        raise Wrong("is not the text of a leaf as leaf.md has it", found=text)
    what = m.groupdict().get("what") or "record " + m["number"]
    return Leaf(int(m["version"]), m["authority"], what, m["submission"], m["at"], bytes.fromhex(m["commitment"]))


def cut(chunks):
    """Cuts content into its pieces. Yields (bytes, whether a piece ends behind them); chunks may end anywhere."""
    closing, kept = False, b""
    for chunk in chunks:
        chunk = kept + chunk
        kept = chunk[-2:] if chunk.endswith(b"</") else chunk[-1:] if chunk.endswith((b"<", b"/")) else b""
        chunk = chunk[:len(chunk) - len(kept)]
        start = 0
        for token in re.finditer(rb"</|/>|>", chunk):
            if token[0] == b"</":
                closing = True
            elif closing or token[0] == b"/>":
                yield chunk[start:token.end()], True
                start, closing = token.end(), False
        if start < len(chunk):
            yield chunk[start:], False
    if kept:
        yield kept, False


def commitment(open_content, salt, version):
    """Of a content shown whole. open_content gives a fresh stream each time: how many pieces there are is counted first."""
    if version == 1:
        return sha256(salt, *chunks_of(open_content()))
    count, rest = 0, True
    for _, ends in cut(chunks_of(open_content())):
        count, rest = count + ends, not ends
    count += rest
    salts = hashlib.shake_256(salt).digest(16 * count)
    whole, number, piece = hashlib.sha256(), 0, None
    for data, ends in cut(chunks_of(open_content())):
        piece = piece or hashlib.sha256(salts[16 * number:16 * number + 16])
        piece.update(data)
        if ends:
            whole.update(piece.digest())
            number, piece = number + 1, None
    if number < count:
        whole.update((piece or hashlib.sha256(salts[-16:])).digest())
    return whole.digest()


REASONS = ("third-party", "not-relevant", "legal-privilege", "serious-harm", "confidential-source", "security")


def take(stream, count):
    """The next `count` bytes, a chunk at a time."""
    while count:
        data = stream.read(min(count, CHUNK))
        if not data:
            raise Wrong("the content is shorter than its shown pieces", f"{count} bytes more", "its end")
        count -= len(data)
        yield data


def commitment_in_part(lines, content):
    """Of a content some pieces of which are kept back, from pieces/INDEX and the content as it is shown."""
    whole, hidden, ended = hashlib.sha256(), 0, True
    for line in lines:
        shown = re.fullmatch(r"shown ([0-9a-f]{32}) (0|[1-9][0-9]{0,18})", line)
        kept = re.fullmatch(r"hidden ([0-9a-f]{64}) ([a-z-]+)", line)
        if not ended:
            raise Wrong("a piece that is shown does not end where a piece must end, and is not the last")
        if shown:
            piece, ended = hashlib.sha256(bytes.fromhex(shown[1])), False
            for data, ends in cut(take(content, int(shown[2]))):
                if ended:
                    raise Wrong("a piece that is shown holds the end of another piece", found=line)
                piece.update(data)
                ended = ends
            whole.update(piece.digest())
        elif kept and kept[2] in REASONS:
            mark = f"<!-- kept back: {kept[2]} -->".encode()
            there = content.read(len(mark))
            if there != mark:
                raise Wrong("the content does not say what was kept back in its place", mark.decode(), there.decode("utf-8", "replace"))
            hidden += 1
            whole.update(bytes.fromhex(kept[1]))
        else:
            raise Wrong("a line is neither of a piece that is shown nor of one kept back for a reason of the list",
                        "shown SALT LENGTH, or hidden HASH REASON", line)
    if content.read(1):
        raise Wrong("the content goes on behind its last piece")
    if not hidden:
        raise Wrong("nothing in it is kept back: the leaf should be shown whole, with its salt")
    return whole.digest()


# --- Files: in a sealed ZIP or in a folder. Both give `files` (path: size, SHA-256) and open(path), a stream. ---

File = collections.namedtuple("File", "size sha256 place")  # place: offset in the ZIP, or path on the disk
Entry = collections.namedtuple("Entry", "name size crc at")


def chunks_of(stream):
    return iter(lambda: stream.read(CHUNK), b"")


def lines_of(stream, what):
    """The lines of a text, without their line feeds; every one must have one, and no line is read beyond LONGEST."""
    rest = b""
    for chunk in chunks_of(stream):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield utf8(line, what)
        if len(rest) > LONGEST:
            raise Wrong(f"{what} has a line longer than {LONGEST} bytes")
    if rest:
        raise Wrong(f"{what} does not end in a line feed")


class Files:
    def bytes(self, path):
        """The whole of a small file."""
        if path not in self.files:
            raise Wrong("is not there")
        if self.files[path].size > LONGEST:
            raise Wrong("is far too long for what it should be", f"at most {LONGEST} bytes", f"{self.files[path].size} bytes")
        return self.open(path).read(LONGEST)

    def lines(self, path):
        if path not in self.files:
            raise Wrong("is not there")
        return lines_of(self.open(path), path)


class Slice:
    """A stream of `left` bytes from `at` on; read_at(place, count) reads them."""

    def __init__(self, read_at, at, left):
        self.read_at, self.at, self.left = read_at, at, left

    def read(self, most):
        data = self.read_at(self.at, min(most, self.left)) if self.left else b""
        self.at, self.left = self.at + len(data), self.left - len(data)
        return data


def zip64(values):
    """The extra field that holds what does not fit into 32 bits; empty when everything fits."""
    big = b"".join(struct.pack("<Q", value) for value in values)
    return struct.pack("<HH", 1, len(big)) + big if big else b""


FITS = 0xFFFFFFFF  # a size or an offset below this stands in the header itself


def local_header(e):
    extra = zip64([e.size, e.size] if e.size >= FITS else [])
    size = min(e.size, FITS)
    return struct.pack("<4s5H3I2H", b"PK\3\4", 45 if extra else 20, 0, 0, 0, 33, e.crc, size, size, len(e.name), len(extra)) + e.name + extra


def central_header(e):
    extra = zip64(([e.size, e.size] if e.size >= FITS else []) + ([e.at] if e.at >= FITS else []))
    size = min(e.size, FITS)
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", 0x032D, 45 if extra else 20, 0, 0, 0, 33, e.crc, size, size,
                       len(e.name), len(extra), 0, 0, 0, 0o100644 << 16, min(e.at, FITS)) + e.name + extra


def end_of_directory(count, size, at):
    end = b""
    if count >= 0xFFFF or size >= FITS or at >= FITS:
        end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 0x032D, 45, 0, 0, count, count, size, at)
        end += struct.pack("<4sIQI", b"PK\6\7", 0, at + size, 1)
    count = min(count, 0xFFFF)
    return end + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, min(size, FITS), min(at, FITS), 0)


class SealedZip(Files):
    """A ZIP in the only form sealed-zip.md allows. Read once from front to back: every header is made anew from the path, size
    and CRC it states and compared with the bytes that are there, so that no byte of the file can be other than it must be."""

    def __init__(self, file, report):
        self.file, self.files, self.whole = file, {}, False
        self.length, self.at, self.entries = file.seek(0, os.SEEK_END), 0, []
        with report.at("the ZIP"):
            found, last = [], b""
            while self.peek(4) == b"PK\3\4":
                found.append(self.read_entry(report))
                name = self.entries[-1].name
                if name <= last:
                    raise Wrong("has two entries of one path" if name == last else "does not have its entries in the order of their paths",
                                found=os.fsdecode(name))
                last = name
            if not found:
                raise Wrong("is not a sealed ZIP: it does not begin with an entry", "504b0304", self.peek(4).hex())
            self.read_directory()
            self.whole = True
            report.count(len(found), "entr(y|ies) of the ZIP", "every byte of the headers as it must be")
            self.prefix = os.fsdecode(last).partition("/")[0] + "/"
            for entry, file in zip(self.entries, found):
                name = os.fsdecode(entry.name)
                if not name.startswith(self.prefix):
                    raise Wrong("has more in it than one folder", self.prefix, name)
                self.files[name[len(self.prefix):]] = file

    def read_at(self, at, count):
        self.file.seek(at)
        return self.file.read(count)

    def peek(self, count):
        return self.read_at(self.at, count)

    def expect(self, expected, what):
        found = self.peek(len(expected))
        if found != expected:
            i = next(i for i in range(len(expected)) if found[i:i + 1] != expected[i:i + 1])
            raise Wrong(f"is not sealed as it was: at byte {self.at + i}, in {what}. Nothing behind this place was judged",
                        expected[i:i + 8].hex(), found[i:i + 8].hex() or "the end of the file")
        self.at += len(expected)

    def read_entry(self, report):
        start, head = self.at, self.peek(30)
        if len(head) < 30:
            raise Wrong(f"ends in the middle of a header, at byte {self.length}")
        crc, size, name_length, extra_length = struct.unpack("<14xI4xI2H", head)
        more = self.read_at(start + 30, name_length + extra_length)
        if size == FITS and extra_length == 20:
            size = int.from_bytes(more[name_length + 4:name_length + 12], "little")
        entry = Entry(more[:name_length], size, crc, start)
        shown = os.fsdecode(entry.name)
        self.expect(local_header(entry), f"the header before {shown}")
        place = self.at
        if place + size > self.length:
            raise Wrong(f"ends in the middle of {shown}", f"{size} bytes of it", f"{self.length - place} bytes")
        digest, there = hashlib.sha256(), 0
        for chunk in chunks_of(Slice(self.read_at, place, size)):
            digest.update(chunk)
            there = zlib.crc32(chunk, there)
        if there != crc:
            report.wrong(shown, "its CRC-32 in the ZIP is not that of its bytes", f"{crc:08x}", f"{there:08x}")
        self.at += size
        self.entries.append(entry)
        return File(size, digest.digest(), place)

    def read_directory(self):
        start = self.at
        for entry in self.entries:
            self.expect(central_header(entry), f"the directory's header of {os.fsdecode(entry.name)}")
        self.expect(end_of_directory(len(self.entries), self.at - start, start), "the end of the directory")
        if self.at != self.length:
            raise Wrong(f"goes on behind its end, at byte {self.at}", f"{self.at} bytes", f"{self.length} bytes")

    def open(self, path):
        return Slice(self.read_at, self.files[path].place, self.files[path].size)


class Folder(Files):
    """A bag unpacked. Only what a walk through the folder finds is opened, no path that a file of it names; links are refused."""

    def __init__(self, folder, report):
        self.files, self.whole, self.prefix = {}, True, ""
        todo = [("", folder)]
        while todo:
            prefix, here = todo.pop()
            with os.scandir(here) as entries:
                for entry in entries:
                    path = prefix + entry.name
                    with report.at(path):
                        if entry.is_dir(follow_symlinks=False):
                            todo.append((path + "/", entry.path))
                        elif entry.is_file(follow_symlinks=False):
                            self.files[path] = File(*digest_of(entry.path), entry.path)
                        else:
                            raise Wrong("is neither a file nor a folder, and was not opened")

    def open(self, path):
        def read_at(at, count):
            with open(self.files[path].place, "rb") as file:
                file.seek(at)
                return file.read(count)
        return Slice(read_at, 0, self.files[path].size)


def digest_of(path):
    """Size and SHA-256 of a file on the disk."""
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        for chunk in chunks_of(file):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.digest()


# --- The bag: RFC 8493, as narrow as bundle.md has it. ---

TAG_FILES = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
INFO_LABELS = ("Source-Organization", "External-Identifier", "Bagging-Date", "Payload-Oxum", "Answerable-Format", "Answerable-Checkpoint")


FORBIDDEN = re.compile(r"""[^ -~]|[\\:*?"<>|%]|^[/~]            # printable ASCII, fewer than all; not absolute
    |(?:^|/)(?:/|$|[ ])|[ .](?:/|$)                              # no part is empty, begins with a space, ends with one or a full stop
    |(?:^|/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$)""", re.I | re.X)


def check_path(path):
    if not 0 < len(path) <= 200 or FORBIDDEN.search(path):
        raise Wrong("this path is not one that sealed-zip.md allows")


def check_paths(files, report):
    seen = {}  # in small letters: as it is, and whether it is a folder
    for path in files.files:
        with report.at(path):
            whole = files.prefix + path
            check_path(whole)
            for end in [m.start() for m in re.finditer("/", whole)] + [len(whole)]:
                here = (whole[:end], end < len(whole))
                if seen.setdefault(here[0].lower(), here) != here:
                    raise Wrong("differs from another path in capitals only, or is the folder of another")


def read_manifest(files, path, report):
    listed = {}
    for line in files.lines(path):
        with report.at(path):
            if not re.match(r"[0-9a-f]{64}  .", line):
                raise Wrong("a line is not a hash, two spaces and a path", found=line)
            check_path(line[66:])
            if line[66:] in listed:
                raise Wrong("a path is listed twice", found=line[66:])
            listed[line[66:]] = bytes.fromhex(line[:64])
    return listed


def check_listed(files, listed, there, manifest, report):
    for path, digest in listed.items():
        if path not in there:
            report.wrong(path, "is missing", f"listed in {manifest}", "no such file")
        elif files.files[path].sha256 != digest:
            report.wrong(path, f"is not the file listed in {manifest}", digest.hex(), files.files[path].sha256.hex())
    for path in sorted(there.difference(listed)):
        report.wrong(path, f"has been added: {manifest} does not list it")


def check_bag(files, report):
    """Checks the bag and returns what bag-info.txt says."""
    check_paths(files, report)
    payload = {path for path in files.files if path.startswith("data/")}
    tags = set(files.files) - payload - {"tagmanifest-sha256.txt"}
    for path in sorted(tags.difference(TAG_FILES)):
        report.wrong(path, "is not a file that a bundle has beside data/")
    with report.at("bagit.txt"):
        declared = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        if files.bytes("bagit.txt") != declared:
            raise Wrong("does not declare BagIt 1.0 in UTF-8", declared.decode(), files.bytes("bagit.txt").decode("utf-8", "replace"))
    with report.at("manifest-sha256.txt"):
        check_listed(files, read_manifest(files, "manifest-sha256.txt", report), payload, "manifest-sha256.txt", report)
        report.count(len(payload), "file(s) under data/", "against manifest-sha256.txt")
    with report.at("tagmanifest-sha256.txt"):
        listed = read_manifest(files, "tagmanifest-sha256.txt", report)
        check_listed(files, listed, tags, "tagmanifest-sha256.txt", report)
        for path in TAG_FILES:
            if path not in listed:
                report.wrong("tagmanifest-sha256.txt", f"does not list {path}")
        report.count(len(tags), "file(s) beside it", "against tagmanifest-sha256.txt")
    info = {}
    with report.at("bag-info.txt"):
        for line in files.lines("bag-info.txt"):
            label, colon, value = line.partition(": ")
            if not colon or not label:
                raise Wrong("a line is not a label, a colon, a space and a value", found=line)
            if label in INFO_LABELS and label in info:
                raise Wrong(f"says {label} twice")
            info[label] = value
        for label in INFO_LABELS:
            if label not in info:
                report.wrong("bag-info.txt", f"does not say {label}")
        oxum = f"{sum(files.files[path].size for path in payload)}.{len(payload)}"
        if info.get("Payload-Oxum") != oxum:
            raise Wrong("its Payload-Oxum is not the bytes and files under data/", oxum, info.get("Payload-Oxum"))
    return info


# --- What a bundle and an export have in common: checkpoint and keys. ---

class Ledger:
    """The checkpoint of a bundle or an export, whose keys are trusted, and every tree that was met on the way."""

    def __init__(self, files, info, given, report):
        self.files, self.report = files, report
        self.keys, self.trees, self.checkpoint, self.note, self.authority = list(given), {}, None, None, None
        own = []
        with report.at("data/ledger/keys"):
            for line in files.lines("data/ledger/keys"):
                own.append(parse_key(line))
            if not own:
                raise Wrong("holds no key")
            if len(set(own)) != len(own):
                raise Wrong("holds a key twice")
        self.keys += [key for key in own if key not in given]
        self.trusted = given if any(key.type == COUNCIL for key in given) else self.keys
        with report.at("data/ledger/checkpoint"):
            self.note = files.bytes("data/ledger/checkpoint")
            self.checkpoint = parse_checkpoint(self.note)
            self.meet(self.checkpoint, "data/ledger/checkpoint")
            says = f"{self.checkpoint.origin} {self.checkpoint.size} {base64.b64encode(self.checkpoint.root).decode()}"
            if info.get("Answerable-Checkpoint") != says:
                report.wrong("bag-info.txt", "its Answerable-Checkpoint is not data/ledger/checkpoint", says, info.get("Answerable-Checkpoint"))
            signed_by_council(self.checkpoint, self.trusted)
            by = signers(self.checkpoint, self.keys)
            report.count(len(by), "signature(s) of the checkpoint", "by " + ", ".join(key.vkey for key in by))
            if len(by) < len(self.checkpoint.signatures):
                report.cannot("whether the other signatures of the checkpoint (a witness?) are good: give their keys with --key")
        if self.trusted is self.keys:
            report.cannot("whose signature it is: the keys were taken from data/ledger/keys. Compare them with the council's own "
                          "publication, or give the key from there with --key")

    def meet(self, checkpoint, path):
        """Two trees of one ledger and one size are a fork: nobody can have been shown both honestly."""
        first = self.trees.setdefault((checkpoint.origin, checkpoint.size), (checkpoint.root, path))
        if first[0] != checkpoint.root:
            raise Wrong(f"the ledger was forked: of {checkpoint.size} leaves, {first[1]} has another root", first[0].hex(), checkpoint.root.hex())

    def belongs(self, leaf):
        self.authority = self.authority or leaf.authority
        if leaf.authority != self.authority:
            raise Wrong("is a leaf of another council", self.authority, leaf.authority)


# --- A bundle: leaves.csv, proofs, contents, exhibits, receipts. ---

HEADER = "index,leaf,content,salt,pieces,hash"


class Bundle(Ledger):
    def __init__(self, files, info, given, report):
        super().__init__(files, info, given, report)
        self.hashes, self.contents, self.in_part = {}, {}, set()
        if self.checkpoint is None:
            return
        used = set()
        with report.at("data/ledger/leaves.csv"):
            lines = files.lines("data/ledger/leaves.csv")
            header = next(lines, "")
            if header != HEADER:
                raise Wrong("does not have its header", HEADER, header)
            last = -1
            for line in lines:
                with report.at("data/ledger/leaves.csv"):
                    row = line.split(",")
                    if len(row) != 6 or not DECIMAL.fullmatch(row[0]):
                        raise Wrong("a row does not have its six fields", HEADER, line)
                    if int(row[0]) <= last:
                        raise Wrong("the indexes do not rise", f"more than {last}", row[0])
                    last = int(row[0])
                    self.check_row(last, *row[1:], used)
        used.update(self.contents, ("data/ledger/checkpoint", "data/ledger/keys", "data/ledger/leaves.csv"))
        for path in files.files:
            if path.startswith("data/ledger/") and path not in used:
                report.wrong(path, "belongs to no row of data/ledger/leaves.csv")
        report.count(len(self.hashes), "lea(f|ves)", "proved to be in the ledger under the checkpoint")
        report.count(len(self.contents), "content(s)", "each the one its leaf stands for" +
                     (f"; {len(self.in_part)} with parts kept back" if self.in_part else ""))
        self.check_exhibits()
        receipts = sorted(path for path in files.files if path.startswith("data/receipts/"))
        for path in receipts:
            with report.at(path):
                self.check_receipt(path)
        report.count(len(receipts), "receipt(s)")
        proven = ("data/ledger/", "data/receipts/")
        alone = sum(path.startswith("data/") and not path.startswith(proven) for path in files.files) - len(self.shown)
        if alone:
            report.cannot(f"whether the other files under data/ ({alone}: pages, tables, this program) are as the council made them: the "
                          "manifest lists them, but no signature covers the manifest. What they say can be compared with the records that "
                          "are proved")

    def check_row(self, index, leaf_path, content, salt, pieces, hash_, used):
        files, report = self.files, self.report
        paths = {"leaf": f"data/ledger/leaf/{index}", "proof": f"data/ledger/proof/{index}", "pieces": f"data/ledger/pieces/{index}"}
        if leaf_path != paths["leaf"] or pieces not in ("", paths["pieces"]) or not HEX64.fullmatch(hash_):
            raise Wrong(f"the row of leaf {index} does not name its files or hash as it must",
                        f"{paths['leaf']}, {paths['pieces']} or nothing, 64 hexadecimal digits", f"{leaf_path}, {pieces}, {hash_}")
        used.update(path for what, path in paths.items() if what != "pieces" or pieces)
        leaf = None
        with report.at(leaf_path):
            text = files.bytes(leaf_path)
            if leaf_hash(text) != bytes.fromhex(hash_):
                report.wrong(leaf_path, "is not the leaf of that hash", hash_, leaf_hash(text).hex())
            leaf = parse_leaf(text)
            self.belongs(leaf)
        with report.at(paths["proof"]):
            proof = parse_proof(files.bytes(paths["proof"]))
            if proof.index != index:
                raise Wrong("proves another leaf", index, proof.index)
            if proof.note != self.note:
                raise Wrong("is not under data/ledger/checkpoint", self.note.decode("utf-8", "replace"), proof.note.decode("utf-8", "replace"))
            check_inclusion(proof, bytes.fromhex(hash_))
            self.hashes[index] = bytes.fromhex(hash_)
        if not content:
            if salt or pieces:
                raise Wrong(f"the row of leaf {index} has a salt or pieces but no content")
            return
        with report.at(content):
            if content in self.contents:
                raise Wrong(f"is the content of two leaves, {self.contents[content]} and {index}")
            if content not in files.files or not content.startswith("data/") or content in used:
                raise Wrong(f"is not there, though it is the content of leaf {index}")
            self.contents[content] = index
            if leaf is None:
                return
            if pieces and not salt and leaf.version == 2:
                got = commitment_in_part(files.lines(pieces), files.open(content))
                self.in_part.add(content)
            elif HEX32.fullmatch(salt) and not pieces:
                got = commitment(lambda: files.open(content), bytes.fromhex(salt), leaf.version)
            else:
                raise Wrong(f"the row of leaf {index} needs a salt of 32 hexadecimal digits, or pieces, one of them", found=f"{salt}, {pieces}")
            if got != leaf.commitment:
                raise Wrong(f"is not what leaf {index} stands for: the commitment differs", leaf.commitment.hex(), got.hex())

    def check_exhibits(self):
        """Every exhibit is the content of a leaf, or a document that an exhibit of its number holds in base64."""
        self.shown = {path for path in self.contents if not path.startswith("data/ledger/")}
        for path in sorted(self.files.files):
            if not path.startswith(("data/exhibits/", "data/agreements/", "data/policies/")) or path in self.contents:
                continue
            with self.report.at(path):
                record = path
                while "-" in record and record + ".xml" not in self.contents:
                    record = record.rpartition("-")[0]
                if record + ".xml" not in self.contents:
                    raise Wrong("is an exhibit, but neither it nor an exhibit it could have been sent in is the content of a leaf")
                if not holds_in_base64(self.files.open(record + ".xml"), self.files.open(path)):
                    raise Wrong(f"does not stand in {record}.xml, in which it is said to have been sent")
                self.shown.add(path)

    def check_receipt(self, path):
        receipt = Receipt(self.files.bytes(path))
        if path != f"data/receipts/{receipt.number}.txt":
            raise Wrong("is the receipt of another number", path, receipt.number)
        self.belongs(receipt.leaf)
        if receipt.proof is None:
            self.report.cannot(f"whether {receipt.number} came to be in the ledger: its receipt is from before that, and not signed")
            return
        self.meet(receipt.proof.checkpoint, path)
        of_this_ledger = receipt.proof.checkpoint.origin == self.checkpoint.origin
        known = self.hashes.get(receipt.proof.index) if of_this_ledger else None
        if known is not None and known != receipt.hash:
            raise Wrong(f"its leaf {receipt.proof.index} is not the one that is proved under the checkpoint", known.hex(), receipt.hash.hex())
        # A key that has been replaced is believed of what the checkpoint proves besides, no further.
        by = receipt.check_signed(self.keys if known else self.trusted)
        if len(by) < len(receipt.proof.checkpoint.signatures):
            self.report.cannot("whether the other signatures of the receipts' checkpoints (a witness?) are good: give their keys with --key")


def holds_in_base64(record, document):
    """Whether one of the record's texts, white space taken out, is the document in base64."""
    nothing, wanted, text = sha256(), hashlib.sha256(), hashlib.sha256()
    for chunk in iter(lambda: document.read(3 << 18), b""):
        wanted.update(base64.b64encode(chunk))
    for chunk in chunks_of(record):
        for i, part in enumerate(re.split(rb"[<>]", chunk)):
            if i:
                if text.digest() == wanted.digest() != nothing:
                    return True
                text = hashlib.sha256()
            text.update(b"".join(part.split()))
    return False


# --- The export of a ledger: every leaf, and every checkpoint ever signed. ---

EXPORTED = ("data/ledger/checkpoint", "data/ledger/checkpoints", "data/ledger/keys", "data/ledger/leaves")


class Export(Ledger):
    def __init__(self, files, info, given, report, also):
        super().__init__(files, info, given, report)
        self.roots = {}
        if self.checkpoint is None:
            return
        former = []
        with report.at("data/ledger/checkpoints"):
            for note in self.notes():
                with report.at("data/ledger/checkpoints"):
                    former.append(parse_checkpoint(note))
                    if len(former) > 1 and former[-1].size < former[-2].size:
                        raise Wrong("the checkpoints are not in the order they were signed", f"{former[-2].size} leaves or more", former[-1].size)
                    if former[-1].origin != self.checkpoint.origin:
                        raise Wrong("is a checkpoint of another ledger", self.checkpoint.origin, former[-1].origin)
                    if not any(key.type == COUNCIL for key in signers(former[-1], self.keys)):
                        raise Wrong(f"the checkpoint of {former[-1].size} leaves is signed by no key of data/ledger/keys")
            if not former or former[-1].text != self.checkpoint.text or not set(former[-1].signatures) <= set(self.checkpoint.signatures):
                raise Wrong("its last is not data/ledger/checkpoint: one of them is older, or was put in its place",
                            self.checkpoint.text.decode(), former[-1].text.decode() if former else "none")
        for path in files.files:
            if path.startswith("data/") and path not in EXPORTED:
                report.wrong(path, "is not a file of an export")
        self.compute({self.checkpoint.size, also, *(checkpoint.size for checkpoint in former)})
        with report.at("data/ledger/checkpoint"):
            self.check_root(self.checkpoint)
        for checkpoint in former:
            with report.at("data/ledger/checkpoints"):
                self.check_root(checkpoint)
        report.count(len(former), "checkpoint(s)", "signed by keys of data/ledger/keys, and the root of each worked out from the leaves")

    def notes(self):
        """The checkpoints between the lines `---`."""
        lines, size = [], 0
        for line in self.files.lines("data/ledger/checkpoints"):
            if line == "---":
                yield "".join(lines).encode()
                lines, size = [], 0
            else:
                lines.append(line + "\n")
                size += len(line)
                if size > LONGEST:
                    raise Wrong("a checkpoint is far too long")
        if lines:
            yield "".join(lines).encode()
        elif self.files.files["data/ledger/checkpoints"].size:
            raise Wrong("ends with a line --- and no checkpoint behind it")

    def compute(self, wanted):
        """The roots at these sizes."""
        tree = Tree()
        self.roots = {0: tree.root()}
        with self.report.at("data/ledger/leaves"):
            for text in self.leaves():
                tree.append(leaf_hash(text))
                if tree.size in wanted:
                    self.roots[tree.size] = tree.root()
                try:
                    self.belongs(parse_leaf(text))
                except Wrong as wrong:
                    self.report.wrong("data/ledger/leaves", f"leaf {tree.size - 1} {wrong.problem}", wrong.expected, wrong.found)
            self.report.count(tree.size, "lea(f|ves)", "hashed into one tree")
            if tree.size != self.checkpoint.size:
                raise Wrong("does not hold as many leaves as the checkpoint was signed for", self.checkpoint.size, tree.size)

    def leaves(self):
        lines, size = [], 0
        for line in self.files.lines("data/ledger/leaves"):
            if line in ("answerable-leaf/1", "answerable-leaf/2") and lines:
                yield "".join(lines).encode()
                lines, size = [], 0
            lines.append(line + "\n")
            size += len(line)
            if size > LONGEST:
                raise Wrong("a leaf is far too long")
        if lines:
            yield "".join(lines).encode()

    def check_root(self, checkpoint):
        if checkpoint.origin != self.checkpoint.origin:
            raise Wrong("is a checkpoint of another ledger", self.checkpoint.origin, checkpoint.origin)
        self.meet(checkpoint, f"the checkpoint of {checkpoint.size} leaves met before")
        if checkpoint.size > self.checkpoint.size or checkpoint.size not in self.roots:
            raise Wrong(f"was signed for {checkpoint.size} leaves, and there are fewer: leaves have been taken away, or this is an older export")
        if self.roots[checkpoint.size] != checkpoint.root:
            raise Wrong(f"is not the checkpoint of these leaves: the first {checkpoint.size} of them have another root", checkpoint.root.hex(),
                        self.roots[checkpoint.size].hex())


# --- Receipts: receipt.md. ---

RECEIPT = ("receipt", "state", "sha256", "bytes", "received", "sender", "message", "records", "salt", "content")
IN_CONTENT = {"receipt": "receipt", "sha256": "sha256", "bytes": "bytes", "received": "received_at", "sender": "sender", "message": "message_id"}


def no_name_twice(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise Wrong("its content says one thing twice")
    return dict(pairs)


class Receipt:
    """Reads a receipt and checks everything that needs no key and no file."""

    def __init__(self, data):
        head, _, rest = data.partition(b"\n\n")
        leaf, proven, proof = rest.partition(b"\n\n")
        lines = utf8(head, "the receipt").split("\n")
        if lines[0] != "answerable-receipt/1" or len(lines) != len(RECEIPT) + 1 or \
                any(not line.startswith(name + " ") for name, line in zip(RECEIPT, lines[1:])):
            raise Wrong("is not a receipt", "answerable-receipt/1, then the lines " + ", ".join(RECEIPT), utf8(head, "the receipt"))
        self.says = dict(line.split(" ", 1) for line in lines[1:])
        self.number, self.state = self.says["receipt"], self.says["state"]
        text = leaf + b"\n" if proven else leaf
        self.leaf, self.hash = parse_leaf(text), leaf_hash(text)
        self.proof = parse_proof(proof) if proven else None
        self.check_content()
        if self.state not in ("received", "sequenced", "published") or (self.state == "received") != (self.proof is None):
            raise Wrong("its state is not what it holds", "received without a proof, sequenced or published with one", self.state)
        if self.proof:
            check_inclusion(self.proof, self.hash)
            names = {name for name, _, _ in self.proof.checkpoint.signatures}
            if self.state == "published" and names == {self.proof.checkpoint.origin}:
                raise Wrong("its state is published, but nobody outside the council has signed its checkpoint")

    def check_content(self):
        says, content = self.says, self.says["content"]
        try:
            inside = json.loads(content, object_pairs_hook=no_name_twice)
        except (ValueError, RecursionError) as error:
            raise Wrong(f"its content is not JSON: {error}") from None
        inside = inside if isinstance(inside, dict) else {}
        for name, member in IN_CONTENT.items():
            value = inside.get(member)
            if says[name] != (str(value) if type(value) is int and name == "bytes" else value):
                raise Wrong(f"its {name} is not that in its content", value, says[name])
        records = [inside.get(member) for member in ("stored", "held", "already_held")]
        if any(type(count) is not int for count in records) or says["records"] != "{} stored, {} held, {} held already".format(*records):
            raise Wrong("its records is not that in its content", records, says["records"])
        if not HEX32.fullmatch(says["salt"]):
            raise Wrong("its salt is not 32 hexadecimal digits", found=says["salt"])
        got = commitment(lambda: io.BytesIO(content.encode()), bytes.fromhex(says["salt"]), 2)
        if got != self.leaf.commitment:
            raise Wrong("its content and salt do not give the commitment in its leaf", self.leaf.commitment.hex(), got.hex())
        if self.leaf.what != "submission " + self.number or self.leaf.at != says["received"]:
            raise Wrong("its leaf is not that of this submission at this time", f"submission {self.number} at {says['received']}",
                        f"{self.leaf.what} at {self.leaf.at}")

    def check_file(self, path):
        size, digest = digest_of(path)
        if (digest.hex(), str(size)) != (self.says["sha256"], self.says["bytes"]):
            raise Wrong("is not the file this receipt is for", f"{self.says['sha256']}, {self.says['bytes']} bytes",
                        f"{digest.hex()}, {size} bytes")

    def check_signed(self, keys):
        by = signed_by_council(self.proof.checkpoint, keys)
        if self.state == "published" and any(k.type == WITNESS for k in keys) and not any(k.type == WITNESS for k in by):
            raise Wrong("its state is published, but no witness whose key was given has signed its checkpoint")
        return by


def read_receipt(path, report):
    with report.at(path):
        with open(path, "rb") as file:
            data = file.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise Wrong("is far too long for a receipt")
        receipt = Receipt(data)
        report.count(1, "receipt", f"{receipt.number}, state {receipt.state}: "
                     f"received {receipt.says['received']} from {receipt.says['sender']}")
        return receipt


def check_single_receipt(path, receipt, sent, ledger, given, report):
    if sent:
        with report.at(sent):
            receipt.check_file(sent)
            report.count(1, "file", f"{sent}, the one the receipt is for")
    else:
        report.cannot("which file was sent: give it with --file")
    if receipt.proof is None:
        report.cannot("that the council wrote this receipt: its state is received, and until it is sequenced nothing in it is signed. "
                      "Ask for it again")
        return
    with report.at(path):
        if not given and not ledger:
            raise Wrong("its signature cannot be checked without the council's key: give it with --key")
        by = receipt.check_signed(given or (ledger.keys if ledger else []))
        report.count(len(by), "signature(s) of its checkpoint", "by " + ", ".join(key.vkey for key in by))
        if len(by) < len(receipt.proof.checkpoint.signatures):
            report.cannot("whether the other signatures of its checkpoint (a witness?) are good: give their keys with --key")
        if ledger:
            ledger.meet(receipt.proof.checkpoint, path)
        if isinstance(ledger, Export):
            ledger.check_root(receipt.proof.checkpoint)
            report.count(1, "checkpoint of the receipt", "found to be one of the ledger's")


# --- Consistency files: checkpoint.md. ---

def judge_consistency(data, given, report):
    head, gap, notes = data.partition(b"\n\n")
    lines = utf8(head, "the consistency file").split("\n")
    earlier, divided, later = notes.partition(b"\n---\n")
    if lines[0] != "answerable-consistency/1" or not gap or not divided or len(lines) > 64:
        raise Wrong("is not a consistency file",
                    "answerable-consistency/1, at most 63 hashes, an empty line, two checkpoints with a line --- between them")
    hashes = [unbase64(line, "a hash of the proof") for line in lines[1:]]
    if any(len(hash_) != 32 for hash_ in hashes):
        raise Wrong("a hash of the proof is not 32 bytes long")
    both = earlier, later = parse_checkpoint(earlier + b"\n"), parse_checkpoint(later)
    if earlier.origin != later.origin:
        raise Wrong("its checkpoints are of two ledgers", earlier.origin, later.origin)
    if not consistent(earlier.size, later.size, hashes, earlier.root, later.root):
        raise Wrong(f"does not show that the {later.size} leaves begin with those {earlier.size}: leaves were changed, moved or taken away "
                    "in between, or the proof is of others")
    if not given:
        raise Wrong("its signatures cannot be checked without the council's key: give it with --key")
    by = [signed_by_council(checkpoint, given) for checkpoint in both]
    report.count(2, "checkpoint(s)", f"of {later.origin}: the {later.size} leaves begin with the {earlier.size} of the earlier one")
    if any(len(keys) < len(checkpoint.signatures) for keys, checkpoint in zip(by, both)):
        report.cannot("whether the other signatures of its checkpoints (a witness?) are good: give their keys with --key")


def check_consistency(path, given, report):
    with report.at(path):
        with open(path, "rb") as file:
            data = file.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise Wrong("is far too long for a consistency file")
        judge_consistency(data, given, report)


# --- The report, and the way in. ---

def plain(value):
    """For a terminal: on one line, nothing in it that a terminal would obey, and not endless."""
    text = value if isinstance(value, str) else str(value)
    text = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text[:600])
    return text if len(text) <= 400 else text[:400] + " …"


class Report:
    def __init__(self):
        self.checked, self.findings, self.limits = [], [], []

    def count(self, count, what, more=""):
        """`what` with its plural: file(s), lea(f|ves)."""
        what = re.sub(r"\((?:([a-z]+)\|)?([a-z]+)\)", lambda m: (m[1] or "") if count == 1 else m[2], what)
        self.checked.append({"count": count, "what": plain(what), "more": plain(more)})

    def wrong(self, path, problem, expected=None, found=None):
        finding = {"path": path, "problem": problem, "expected": expected, "found": found}
        self.findings.append({name: plain(value) for name, value in finding.items() if value is not None})

    def cannot(self, what):
        if what not in self.limits:
            self.limits.append(what)

    @contextlib.contextmanager
    def at(self, path):
        """Whatever goes wrong in here is a finding about this path, and the checks behind it go on."""
        try:
            yield
        except Wrong as wrong:
            self.wrong(path, wrong.problem, wrong.expected, wrong.found)
        except Exception as error:  # whatever it is: what could not be judged does not hold
            self.wrong(path, f"could not be judged: {type(error).__name__}: {error}")

    def print(self, target):
        print(f"Checked {plain(target)}:")
        for done in self.checked:
            print(f"  {done['count']:>9,} {done['what']}{', ' * bool(done['more'])}{done['more']}")
        if self.findings:
            print("Does not hold:")
        for finding in self.findings:
            print(f"  {finding['path']}: {finding['problem']}")
            for name in ("expected", "found"):
                if name in finding:
                    print(f"      {name + ':':9} {finding[name]}")
        print("What this cannot tell:")
        for limit in self.limits:
            print(f"  - {plain(limit)}")
        if self.findings:
            many = len(self.findings)
            print(f"{many} {'things do' if many > 1 else 'thing does'} not hold.")
        else:
            print("Everything holds: " + ", ".join(f"{done['count']:,} {done['what']}" for done in self.checked) + ".")


def check_files(files, given, report, also=0):
    """A bag and what is in it. `also`: a size at which an export's root is wanted too."""
    if not files.whole:
        return None
    info = check_bag(files, report)
    kind = info.get("Answerable-Format")
    if kind not in ("bundle/1", "ledger/1"):
        raise Wrong("its bag-info.txt does not say which kind it is, so what proves it was not judged", "bundle/1 or ledger/1", kind)
    ledger = Bundle(files, info, given, report) if kind == "bundle/1" else Export(files, info, given, report, also)
    return ledger if ledger.checkpoint else None


def check_target(path, given, report, also=0):
    with report.at(path):
        if os.path.isdir(path):
            return check_files(Folder(path, report), given, report, also)
        with open(path, "rb") as file:
            return check_files(SealedZip(file, report), given, report, also)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks a bundle, a ledger's export or a receipt made by Answerable.",
                                     epilog="Ends with 0 when everything holds, 1 when something does not, 2 when nothing could be checked.")
    parser.add_argument("target", nargs="?", metavar="FILE.zip|FOLDER", help="a sealed bundle or ledger's export, or one unpacked")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY",
                        help="a verifier key of the council, from its own publication, or of a witness; may be given more than once")
    parser.add_argument("--receipt", metavar="RECEIPT", help="a receipt to check")
    parser.add_argument("--file", metavar="FILE", help="the file that was sent and that the receipt is for")
    parser.add_argument("--consistency", metavar="FILE", help="a proof that a ledger only grew between two checkpoints")
    parser.add_argument("--json", action="store_true", help="the result as JSON")
    options = parser.parse_args(arguments)
    if not options.target and not options.receipt and not options.consistency:
        parser.error("name a FILE.zip, a FOLDER, a --receipt, or a --consistency")
    if options.file and not options.receipt:
        parser.error("--file is the file that a --receipt is for: give that too")
    try:
        given = [parse_key(vkey) for vkey in options.key]
    except Wrong as wrong:
        parser.error(f"--key {plain(wrong.found)}: {wrong.problem}" + (f": expected {wrong.expected}" if wrong.expected else ""))
    for path in filter(None, (options.target, options.receipt, options.file, options.consistency)):
        if not os.access(path, os.R_OK) or (os.path.isdir(path) and path != options.target):
            parser.error(f"{plain(path)} cannot be read")
    report, ledger = Report(), None
    report.cannot("that what was recorded was true: only that it is what was recorded, and has not been changed since")
    receipt = options.receipt and read_receipt(options.receipt, report)
    if options.target:
        ledger = check_target(options.target, given, report, receipt.proof.checkpoint.size if receipt and receipt.proof else 0)
    if receipt:
        check_single_receipt(options.receipt, receipt, options.file, ledger, given, report)
    if options.consistency:
        check_consistency(options.consistency, given, report)
    if options.json:
        print(json.dumps({"holds": not report.findings, "checked": report.checked,
                          "findings": report.findings, "cannot_tell": [plain(limit) for limit in report.limits]}, indent=2))
    else:
        report.print(options.target or options.receipt or options.consistency)
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
