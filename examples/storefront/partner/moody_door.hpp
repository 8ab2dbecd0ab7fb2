#pragma once

#include "partner/moods.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace storefront {

/// A door in front of an HTTP server, with a thread of its own: what comes in
/// is passed on, or treated as the mood of the day wants it. So clients learn
/// what a bad partner is like. After the last mood it is well.
///
/// Confined to one thread.
class moody_door {
public:
  /// Begins to listen on `host`, on a port that the system chooses if it is 0.
  /// The server is at `inner` of the same host.
  /// @throws boost::system::system_error
  moody_door(const std::string& host, uint16_t port, uint16_t inner,
             std::vector<mood> moods);
  ~moody_door();
  moody_door(const moody_door&) = delete;
  moody_door& operator=(const moody_door&) = delete;

  uint16_t port() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace storefront
