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
  caf::detail::serialized_size_inspector counter{sys};
  size_t unknown = 0;
  for (size_t i = 0; i < content.size(); ++i) {
    auto before = counter.result();
    try {
      // CAF skips what it cannot write without a word.
      if (!content.save(i, counter) && counter.result() > before)
        continue;
    } catch (...) {
      // Counts as unknown.
    }
    unknown += unknown_size;
  }
  return counter.result() + unknown;
}

} // namespace bulwark::detail
