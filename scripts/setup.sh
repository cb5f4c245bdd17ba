#!/bin/sh
# Find a Python of the right version and hand over to scripts/set_up.py. Says in one sentence what is missing.
cd "$(dirname "$0")/.." || exit 1

right='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))'
suits() { "$1" -c "$right" >/dev/null 2>&1; }

if [ -z "$OVERREAD_PYTHON" ] && suits .venv/bin/python; then
    exec .venv/bin/python -m scripts.set_up "$@"
fi
for python in ${OVERREAD_PYTHON:-python3.11 python3.12 python3 python}; do
    if suits "$python"; then
        exec "$python" -m scripts.set_up "$@"
    fi
    found=$("$python" --version 2>&1) && others="${others:+$others, }$python is $found"
done
echo "Overread needs Python 3.11 or 3.12, and there is none here (${others:-no python at all}): install it" \
    "(Debian and Ubuntu: apt-get install python3.11 python3.11-venv), or name one with OVERREAD_PYTHON=/path/to/python3.11." >&2
exit 1
