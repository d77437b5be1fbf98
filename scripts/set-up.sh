# shellcheck shell=bash
# All that demo.sh and test.sh need on a fresh machine. Sourced, from the root of the repository; every part
# looks first and does nothing when there is nothing to do.
set -euo pipefail

# shellcheck source=scripts/say.sh
. scripts/say.sh
# shellcheck source=scripts/packages.sh
. scripts/packages.sh
# shellcheck source=scripts/node.sh
. scripts/node.sh
# shellcheck source=scripts/docker-engine.sh
. scripts/docker-engine.sh

# The program in dist/.
set_up_bundle() {
  ensure_node
  ensure_dependencies
  ensure_bundle
}

# What rehearsals need: an engine, and something to make machines of.
set_up_rehearsal() {
  ensure_engine
  ensure_image_source
}
