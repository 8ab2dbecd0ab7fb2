#pragma once

#include <bulwark/errors/errc.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/supervision/exit_class.hpp>

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <exception>
#include <string>

CAF_ERROR_CODE_ENUM(bulwark::errc, "bulwark")

namespace bulwark {

/// Returns an error that a client can show: the code and words that name the
/// service and what to do.
caf::error make_error(errc code, std::string text);

/// The same with `content`, whose first value is the words.
caf::error make_error_with(errc code, caf::message content);

/// Returns what `err` holds beside its code: the words, and what follows.
const caf::message& error_content(const caf::error& err);

/// Returns the code of `err` if it is one of ours, otherwise `fallback`.
/// @pre `err` may be the empty error
errc code_of(const caf::error& err, errc fallback);

/// Returns an error in words, without an actor system at hand: the text of
/// our own errors, category and code of others, "normal" for no error.
std::string describe(const caf::error& err);

/// Returns the same, and for an `errc` what to do about it:
/// "orders: no answer before the deadline; it may have been handled; try again
/// later if it is idempotent".
std::string explain(const caf::error& err);

/// Returns type and message of an exception, of whatever type it is:
/// `std::runtime_error: disk full`, `int`, ...
std::string describe(const std::exception_ptr& thrown);

/// Maps the reason with which an actor ended to OTP's classes: no error is
/// normal, `user_shutdown` a shutdown, `kill` killed, all else abnormal.
exit_class classify(const caf::error& reason);

/// Returns how the ledger calls an end with this reason.
failure_type failure_of(const caf::error& reason);

} // namespace bulwark
