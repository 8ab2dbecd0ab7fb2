#pragma once

#include <bulwark/options/detail/read_options.hpp>

#include <string>
#include <vector>

namespace test {

using arguments = std::vector<std::string>;

/// Reads a command line as a quiet program does.
inline bulwark::given_options read(const arguments& given) {
  bulwark::application app;
  app.name = "shop";
  auto result = bulwark::read_options(given, app);
  result.node.level = bulwark::log_level::error;
  return result;
}

} // namespace test
