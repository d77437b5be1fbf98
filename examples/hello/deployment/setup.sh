#!/usr/bin/env bash
set -euo pipefail

# Never returns: the deployer keeps a script that is still running and listening as a service.
exec python3 app.py
