"""Flips one bit of every byte of a sealed bundle, an export or a consistency file and prints the offsets at which
reports/bundle/verify.py finds nothing.

python3 every_flip.py FILE.zip
python3 every_flip.py CONSISTENCY VKEY
"""
import io
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../reports/bundle"))
import verify  # noqa: E402


keys = [verify.parse_key(vkey) for vkey in sys.argv[2:]]


def findings(data):
    report = verify.Report()
    with report.at("it"):
        if keys:
            verify.judge_consistency(data, keys, report)
        else:
            verify.check_files(verify.SealedZip(io.BytesIO(data), report), [], report)
    return report.findings


with open(sys.argv[1], "rb") as file:
    whole = file.read()
assert findings(whole) == []
for i, byte in enumerate(whole):
    # Of a letter, the bit that makes it a capital or a small one: what a careless reader of base64 would not see.
    flip = 0x20 if chr(byte).isascii() and chr(byte).isalpha() else 1 << i % 5
    if not findings(whole[:i] + bytes([byte ^ flip]) + whole[i + 1:]):
        print(i)
print(f"{len(whole)} bytes")
