#pragma once

#include <caf/intrusive_ptr.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>
#include <caf/io/network/manager.hpp>

#include <array>
#include <functional>

namespace bulwark::detail {

/// A socket in the loop of CAF's multiplexer. Owns it, and keeps who uses it
/// alive while the loop may report events of it.
///
/// The loop carries out what it is asked at the end of its turn, and says that
/// it lets go only of what it really had: what is asked of it and what it holds
/// are kept apart.
///
/// Confined to the multiplexer's thread.
class loop_handler final : public caf::io::network::event_handler {
public:
  using operation = caf::io::network::operation;
  using multiplexer = caf::io::network::default_multiplexer;

  /// @pre `owner` has this as a member
  loop_handler(multiplexer& loop, int fd, caf::io::network::manager& owner,
               std::function<void(operation)> on_event);

  /// Asks for events of that kind, or for none any more. Without effect if
  /// that is so already.
  void watch(operation what);
  void unwatch(operation what);

  bool watches(operation what) const { return wanted_[index(what)]; }

private:
  using owner_ptr = caf::intrusive_ptr<caf::io::network::manager>;

  static size_t index(operation what) {
    return what == operation::read ? 0 : 1;
  }

  void handle_event(operation what) override { on_event_(what); }
  void removed_from_loop(operation what) override;
  void graceful_shutdown() override {}

  caf::io::network::manager& owner_;
  std::function<void(operation)> on_event_;

  // For reading and for writing.
  std::array<bool, 2> wanted_{};
  std::array<owner_ptr, 2> held_;
};

} // namespace bulwark::detail
