"""The instance metadata service of a rehearsal machine: IMDSv2 at http://169.254.169.254/.

systemd owns the socket (spot-imds.socket), so a client that asks before this process is up simply waits.
What is served comes from launch.json, which init.sh puts there:
{"httpTokens": "required" | "optional", "userData": base64 or null, "tree": {...}}; in the tree a nested object
is a directory, a string a leaf, and the key "" the text of a listing that is not just its children.
A file below /run/spot-rehearsal/latest/ takes the place of the leaf of the same path, which is how an
interruption is made pending: /run/spot-rehearsal/latest/meta-data/spot/instance-action.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
"""

import base64
import http.server
import json
import os
import re
import secrets
import socket
import time

LAUNCH = "/run/spot-rehearsal/launch.json"
OVERRIDES = "/run/spot-rehearsal/latest"
VERSIONS = ["2009-04-04", "2016-09-02", "2018-09-24", "2021-03-23", "latest"]
TOKEN_HEADER = "X-aws-ec2-metadata-token"
TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
LONGEST_TTL = 21600


def read_launch():
    """The launch, with what only the container itself knows filled in: its addresses."""
    with open(LAUNCH, encoding="utf-8") as file:
        text = file.read()
    with open("/sys/class/net/eth0/address", encoding="ascii") as file:
        text = text.replace("@mac", file.read().strip())
    return json.loads(text.replace("@address", own_address()))


def own_address():
    """The address of the interface that leads outwards; a UDP connect sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]


def override(path):
    """What a file below OVERRIDES says for this path, or None."""
    if not path or ".." in path:
        return None
    try:
        with open(os.path.join(OVERRIDES, *path), "rb") as file:
            return file.read()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def overridden_names(path):
    try:
        with os.scandir(os.path.join(OVERRIDES, *path)) as entries:
            return {entry.name: entry.is_dir() for entry in entries}
    except OSError:
        return {}


def listing(node, path):
    if "" in node:
        return node[""].encode()
    names = {name: isinstance(child, dict) for name, child in node.items()}
    names.update(overridden_names(path))
    return "\n".join(name + "/" if names[name] else name for name in sorted(names)).encode()


class Metadata:
    def __init__(self, launch):
        self.tokens_required = launch["httpTokens"] == "required"
        self.user_data = launch["userData"] and base64.b64decode(launch["userData"])
        self.tree = launch["tree"]

    def read(self, path):
        """The bytes at a path such as ["meta-data", "instance-id"], or None where there is nothing."""
        found = override(path)
        if found is not None:
            return found
        if path == ["user-data"]:
            return self.user_data
        node = self.tree
        for name in path:
            if not isinstance(node, dict) or name == "" or name not in node:
                # A directory may exist only because something was dropped into it.
                return listing({}, path) if overridden_names(path) else None
            node = node[name]
        if isinstance(node, dict):
            return listing(node, path)
        return node.encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "EC2ws"
    sys_version = ""
    metadata = None
    tokens = {}

    def do_PUT(self):
        if self.path != "/latest/api/token":
            return self.answer(404)
        if "X-Forwarded-For" in self.headers:
            return self.answer(403)
        ttl = self.headers.get(TTL_HEADER, "")
        if not ttl.isdigit() or not 1 <= int(ttl) <= LONGEST_TTL:
            return self.answer(400)
        now = time.monotonic()
        for stale in [token for token, end in list(self.tokens.items()) if end <= now]:
            self.tokens.pop(stale, None)
        token = secrets.token_urlsafe(42)
        self.tokens[token] = now + int(ttl)
        return self.answer(200, token.encode(), {TTL_HEADER: ttl})

    def do_GET(self):
        token = self.headers.get(TOKEN_HEADER)
        if token is None and self.metadata.tokens_required:
            return self.answer(401)
        if token is not None and self.tokens.get(token, 0) <= time.monotonic():
            return self.answer(401)
        path = [part for part in self.path.split("?")[0].split("/") if part]
        if not path:
            return self.answer(200, "\n".join(VERSIONS).encode())
        if path[0] != "latest" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", path[0]):
            return self.answer(404)
        body = self.metadata.read(path[1:])
        return self.answer(404) if body is None else self.answer(200, body)

    do_HEAD = do_GET

    def answer(self, status, body=b"", headers=None):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Keeps the journal of the machine as quiet as on EC2."""


def main():
    Handler.metadata = Metadata(read_launch())
    server = http.server.ThreadingHTTPServer(("169.254.169.254", 80), Handler, bind_and_activate=False)
    server.socket.close()
    # The first descriptor that systemd hands over: https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
    server.socket = socket.socket(fileno=3)
    server.serve_forever()


if __name__ == "__main__":
    main()
