#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/pool/detail/connection_table.hpp>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>

namespace bulwark::detail {

/// A connection comes home.
struct connection_returned {
  uint64_t id = 0;
  std::shared_ptr<void> object;
  connection_verdict verdict = connection_verdict::good;
};

/// The message that brings it.
struct homecoming {
  std::shared_ptr<connection_returned> what;
};

/// One connection on its way from a pool to a user and back.
///
/// The message that takes it home is made beforehand, so that giving back
/// cannot fail.
///
/// Confined to one thread at a time.
class lease_core {
public:
  lease_core(caf::actor_addr pool, uint64_t id, std::shared_ptr<void> object);

  lease_core(const lease_core&) = delete;
  lease_core& operator=(const lease_core&) = delete;

  /// Gives it back as one that nobody has looked at.
  ~lease_core() { give_back(connection_verdict::good); }

  /// Null once it was given back.
  void* object() const noexcept { return object_.get(); }

  /// Without effect when it was given back already. If the pool has ended the
  /// connection is closed here.
  void give_back(connection_verdict verdict) noexcept;

private:
  caf::actor_addr pool_;
  std::shared_ptr<void> object_;
  std::shared_ptr<connection_returned> home_;
  element_ptr message_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::homecoming)
