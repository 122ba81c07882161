#!/bin/sh
. "$SRC/tests/small_fleet.sh"
mkdir files
echo true >files/tool
chmod 644 files/tool
sed -i 's/"build": {/& "context_files": "files",/' fleet.json
