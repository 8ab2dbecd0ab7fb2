#!/usr/bin/env bash
# The named cases: each behaviour of Erlang/OTP's supervisor by itself, with
# what OTP makes of it. Both OTP and ours must give these histories, line by
# line.
#
# A file of named/ holds any number of cases with an empty line in between:
#
#     scenario <what it shows>
#     <a case of cases.hpp, without its first line>
#     end
#     <its history, without its first line>
#
# usage: named_agree.sh OTP_PEER OTP_PLAY
# shellcheck source=tests/peers/otp/prepare.sh
. "$(dirname "$0")/prepare.sh"

cat "$(dirname "$0")"/named/*.txt | awk -v folder="$folder" '
  /^scenario / { ++n; print "case " n >(folder "/cases")
                 sub("scenario ", ""); print n "\t" $0 >(folder "/names")
                 print "case " n >(folder "/expected"); history = 0; next }
  /^$/ { next }
  { print >(folder "/" (history ? "expected" : "cases")) }
  /^end$/ { history = 1 }'

# With the name of each case instead of its number.
named() {
  awk -F '\t' 'NR == FNR { names[$1] = $2; next }
    /^case / { $0 = "scenario " names[substr($0, 6)] } { print }' \
    "$folder/names" "$1" >"$1.named"
}
escript "$1" "$folder/cases" >"$folder/otp"
"$2" "$folder/cases" >"$folder/ours" 2>/dev/null
for side in expected otp ours; do named "$folder/$side"; done

grep -q "^scenario " "$folder/expected.named"
diff -U 20 "$folder/expected.named" "$folder/otp.named" >"$folder/wrong" || {
  head -n 60 "$folder/wrong"
  echo "Erlang/OTP does otherwise than written" >&2
  exit 1
}
diff -U 20 "$folder/expected.named" "$folder/ours.named" | head -n 60
echo "$(grep -c . "$folder/names") behaviours are the same in Erlang/OTP"
