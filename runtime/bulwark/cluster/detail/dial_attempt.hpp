#pragma once

#include <bulwark/options/host_port.hpp>
#include <bulwark/process/detail/descriptor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// Connects to an address without holding anybody up: where packets are
/// dropped a connect takes two minutes, and a look at a name as long as the
/// system likes.
///
/// Looks up the host's name and tries its addresses in a thread of its own,
/// each for at most `answer_time`. Nothing waits for that thread: it ends by
/// itself and touches nothing but what it shares with this object.
///
/// Confined to one thread.
class dial_attempt {
public:
  /// So long an address may take to accept.
  static constexpr std::chrono::milliseconds answer_time{1000};

  /// No more addresses of one name are tried.
  static constexpr size_t addresses_max = 4;

  struct outcome {
    /// The connection; none if nobody accepted.
    descriptor connection;

    /// Why nobody did.
    std::string failure;
  };

  /// Begins.
  explicit dial_attempt(const host_port& address);

  /// Takes what came of it; nothing while it is under way.
  std::optional<outcome> take();

private:
  struct shared;
  std::shared_ptr<shared> shared_;
};

} // namespace bulwark::detail
