#pragma once

#include <caf/binary_deserializer.hpp>
#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/save_callback.hpp>

#include <type_traits>

namespace bulwark::detail {

// Fields that a later protocol has added to what nodes send each other. They
// stand at the end of a type that stands at the end of its message: an older
// node does not read them, and one that reads finds out that they are missing.

/// Reads or writes `fields`, where `f` does that.
template <class Inspector, class... Ts>
caf::error pass_fields(Inspector& f, Ts&... fields) {
  if constexpr (std::is_same_v<typename Inspector::result_type, caf::error>)
    return f(fields...);
  else
    return caf::none;
}

/// Returns whether anything is left to be read.
template <class Inspector>
bool has_more(Inspector& f) {
  if constexpr (std::is_base_of_v<caf::deserializer, Inspector>) {
    const auto* bytes = dynamic_cast<const caf::binary_deserializer*>(&f);
    return bytes == nullptr || bytes->remaining() > 0;
  } else {
    return false;
  }
}

} // namespace bulwark::detail
