#!/bin/sh
# build.sh OUTPUT: builds the pages' style sheet. Asks the network only when package-lock.json is newer than what was fetched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# The stamp is ours: npm leaves its own lock file behind even when it was cut off.
stamp=$here/node_modules/.fetched
if [ ! "$stamp" -nt "$here/package-lock.json" ]; then
  npm ci --prefix "$here" --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error
  touch "$stamp"
fi
node "$here/node_modules/sass/sass.js" --no-source-map --style=compressed --quiet-deps --load-path="$here/node_modules" --load-path="$here" "$here/answerable.scss" "$1.new"
# The pictures it names (a crest, icons) are not handed out: nothing is left that a page would fetch.
sed -E 's#url\([^)]*\)#none#g' "$1.new" >"$1"
rm "$1.new"
