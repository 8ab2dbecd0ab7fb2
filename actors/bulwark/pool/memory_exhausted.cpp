#include <bulwark/caf/caf_error.hpp>
#include <bulwark/pool/memory_exhausted.hpp>

namespace bulwark {

memory_exhausted::memory_exhausted(const std::string& pool,
                                   const std::string& consumer, uint64_t wanted,
                                   uint64_t used, uint64_t limit)
  : text_(std::make_shared<const std::string>(
    pool + ": " + std::to_string(wanted) + " bytes for " + consumer
    + " are not free; " + std::to_string(used) + " of " + std::to_string(limit)
    + " are in use")),
    wanted_(wanted) {}

caf::error memory_exhausted::error() const {
  return make_error(errc::memory_exhausted, *text_);
}

} // namespace bulwark
