#pragma once

#include "peers/otp/cases.hpp"

#include <string>

namespace test::otp {

/// Leads a case through our own supervisors, in virtual time, and returns its
/// history in the words of cases.hpp.
std::string play(const peer_case& item);

} // namespace test::otp
