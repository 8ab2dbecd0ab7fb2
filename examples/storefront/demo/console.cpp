#include "demo/console.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace storefront {

void console::say(const std::string& who, const std::string& line) {
  std::lock_guard guard{mutex_};
  fmt::print("{:<7} | {}\n", who, line);
  std::fflush(stdout);
}

} // namespace storefront
