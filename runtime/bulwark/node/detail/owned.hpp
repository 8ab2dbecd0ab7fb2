#pragma once

#include <string>
#include <type_traits>

namespace bulwark::detail {

/// Characters are copied: each incarnation gets the arguments anew, when the
/// caller's memory may be gone.
template <class T>
using owned_t = std::conditional_t<
  std::is_convertible_v<T, const char*> && std::is_pointer_v<std::decay_t<T>>,
  std::string, std::decay_t<T>>;

} // namespace bulwark::detail
