#pragma once

#include <caf/rtti_pair.hpp>

namespace bulwark {

/// Names the type of a value in a message.
using content_type = caf::rtti_pair;

template <class T>
content_type content_type_of() {
  return caf::make_rtti_pair<T>();
}

} // namespace bulwark
