#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <optional>

namespace bulwark::detail {

/// Decides when the end of a certificate is told: 30, 7 and 1 days ahead, and
/// when it is over, each once per certificate. A node that starts later tells
/// of the step that it is at.
///
/// Confined to one thread.
class expiry_steps {
public:
  /// What is told at one step.
  struct step {
    /// How much is left at most; 0 when it is over.
    int days = 0;
    severity level = severity::low;
  };

  /// Returns the step that was reached since the last call for a certificate
  /// that ends at `end`, or nothing.
  [[nodiscard]] std::optional<step> look(wall_time end, wall_time now);

private:
  wall_time end_{};

  // How many steps were told of the one that ends then.
  size_t told_ = 0;
};

} // namespace bulwark::detail
