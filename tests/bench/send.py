#!/usr/bin/env python3
"""Sends a file to the intake and waits until it was taken in: send.py URL KEY FILE. Prints the receipt."""
import base64
import hashlib
import http.client
import json
import os
import sys
import time
import urllib.parse


def answer_to(address, key, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc)
    connection.request(method, path, body, {"Authorization": f"Bearer {key}", **(headers or {})})
    answer = connection.getresponse()
    said = answer.read()
    if answer.status not in (200, 201, 202):
        sys.exit(f"{method} {path}: {answer.status} {said[:2000].decode(errors='replace')}")
    return json.loads(said)


def main():
    address, key, name = sys.argv[1:]
    digest = hashlib.sha256()
    with open(name, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    with open(name, "rb") as file:
        answer = answer_to(address, key, "POST", "/submissions", {
            "Content-Type": "application/xml",
            "Content-Length": str(os.path.getsize(name)),
            "Content-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"}, file)
    while answer.get("state", "done") != "done":
        time.sleep(0.5)
        answer = answer_to(address, key, "GET", f"/uploads/{answer['upload']}")
    print(json.dumps(answer.get("receipt", answer)))


main()
