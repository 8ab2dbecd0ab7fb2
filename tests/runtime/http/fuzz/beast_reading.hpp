#pragma once

#include <bulwark/http/message.hpp>

#include <optional>
#include <string>

namespace bulwark::test {

/// Returns the first request in `bytes` as Boost.Beast reads it, its target
/// in `path`; nothing if Beast refuses it or wants more.
std::optional<http_request> read_by_beast(const std::string& bytes,
                                          size_t body_max);

} // namespace bulwark::test
