#pragma once

#include "support/dice.hpp"

#include <string>

namespace bulwark::test {

/// Returns a few requests, valid or nearly so, one after the other, with a
/// few changes: bytes changed, added and left out, pieces repeated, and
/// pieces put in that requests are made of.
std::string mutated_requests(::test::dice& chance);

} // namespace bulwark::test
