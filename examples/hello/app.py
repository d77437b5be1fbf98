"""Answers every GET on port 8080 with one line that says which machine this is."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import environ

GREETING = (
    "Hello from {SPOT_MACHINE_ID}, number {SPOT_INDEX},"
    " in {SPOT_ZONE} of {SPOT_REGION}, release {SPOT_RELEASE}\n"
).format_map(environ)


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        body = GREETING.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 8080), Hello).serve_forever()
