#include <bulwark/detail/message_size.hpp>

#include <caf/actor_system.hpp>
#include <caf/detail/serialized_size.hpp>
#include <caf/type_erased_tuple.hpp>

namespace bulwark::detail {

namespace {

constexpr size_t unknown_size = 256;

} // namespace

size_t message_size(caf::actor_system& sys,
                    const caf::type_erased_tuple& content) noexcept {
  try {
    caf::detail::serialized_size_inspector counter{sys};
    if (content.save(counter))
      return unknown_size;
    return counter.result();
  } catch (...) {
    return unknown_size;
  }
}

} // namespace bulwark::detail
