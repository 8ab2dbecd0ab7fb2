#!/usr/bin/env bash
# The same cases through Erlang/OTP's supervisor and through ours, with its
# rules (`otp_strict`): who is stopped and started, in which order, and who
# gives up must be equal line by line. Prints what the cases cover.
#
# usage: agrees_with_otp.sh OTP_CASES OTP_PEER OTP_PLAY [FIRST COUNT]
# shellcheck source=tests/peers/otp/prepare.sh
. "$(dirname "$0")/prepare.sh"

# Of each kind of exit that is compared there have to be some.
least=10
[ "${5:-600}" -ge 600 ] || least=0
"$1" "${4:-1}" "${5:-600}" "$least" >"$folder/cases"
escript "$2" "$folder/cases" >"$folder/otp"
"$3" "$folder/cases" >"$folder/ours" 2>/dev/null
[ "$(wc -l <"$folder/otp")" -gt "${5:-600}" ]
diff -U 20 "$folder/otp" "$folder/ours" | head -n 60
