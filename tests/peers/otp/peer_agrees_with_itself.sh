#!/usr/bin/env bash
# What Erlang/OTP's supervisor does with the generated cases must not depend
# on luck, or nothing could be compared with it: two runs, byte by byte. One
# scheduler and two, because that is where luck would come from.
#
# usage: peer_agrees_with_itself.sh OTP_CASES OTP_PEER
# shellcheck source=tests/peers/otp/prepare.sh
. "$(dirname "$0")/prepare.sh"

"$1" 1 600 >"$folder/cases"
ERL_FLAGS="+S 1:1" escript "$2" "$folder/cases" >"$folder/one"
ERL_FLAGS="+S 2:2" escript "$2" "$folder/cases" >"$folder/two"
[ "$(wc -l <"$folder/one")" -gt 600 ]
cmp "$folder/one" "$folder/two"
