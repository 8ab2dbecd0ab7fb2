#pragma once

#include "peers/otp/script_book.hpp"
#include "support/dice.hpp"

namespace test::otp {

/// Arms what happens in the middle of the restart that the end of `cause` is
/// about to bring: failed starts, deaths, or both.
/// @pre `cause` is a worker that its supervisor starts again
void disturb_restart(const std::string& cause, script_book& book, dice& chance);

} // namespace test::otp
