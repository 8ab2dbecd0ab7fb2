#pragma once

#include <bulwark/options/host_port.hpp>

#include <optional>
#include <string>

namespace bulwark::detail {

/// Where a hook is posted to.
struct hook_url {
  host_port at;
  std::string path;
};

/// Reads `http://HOST:PORT/PATH`; nothing: it is none.
std::optional<hook_url> parse_hook_url(const std::string& url);

/// Returns the rule that the address breaks, or nothing.
std::optional<std::string> check_hook_url(const std::string& url);

} // namespace bulwark::detail
