#pragma once

#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <tuple>

namespace test {

/// A change that makes default options bad, and what `validate` says then;
/// nothing where it makes them no worse.
template <class Options>
using row = std::tuple<std::function<void(Options&)>, std::string>;

template <class Options>
void check_row(const row<Options>& given) {
  Options options;
  std::get<0>(given)(options);
  CHECK(validate(options).value_or("") == std::get<1>(given));
}

} // namespace test
