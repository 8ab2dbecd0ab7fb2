#include <bulwark/caf/detail/message_size.hpp>

#include <caf/detail/serialized_size.hpp>
#include <caf/type_erased_tuple.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

constexpr size_t unknown_size = 256;

/// Returns the bytes of value `i`, or nothing where CAF does not write it.
size_t written_size(const caf::type_erased_tuple& content, size_t i) {
  // Without a context: with one, CAF would enter every actor that the value
  // names in its registry, and keep it alive from then on.
  caf::detail::serialized_size_inspector counter{
    static_cast<caf::execution_unit*>(nullptr)};
  // CAF skips what it cannot write without a word.
  return content.save(i, counter) ? 0 : counter.result();
}

} // namespace

size_t message_size(const caf::type_erased_tuple& content) noexcept {
  size_t result = 0;
  for (size_t i = 0; i < content.size(); ++i) {
    size_t size = 0;
    try {
      size = written_size(content, i);
      // Such as names actors: about as many bytes as in words.
      if (size == 0)
        size = std::max(unknown_size, content.stringify(i).size());
    } catch (...) {
      size = unknown_size;
    }
    result += size;
  }
  return result;
}

} // namespace bulwark::detail
