#pragma once

#include <bulwark/options/host_port.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// Finds out whether anybody accepts connections at an address, before CAF's
/// middleman is asked to connect: that one blocks in each connect, for two
/// minutes where packets are dropped, and serves nobody meanwhile.
///
/// Looks up the host's name and tries its addresses in a thread of its own,
/// each for at most `answer_time`. Nothing waits for that thread: it ends by
/// itself and touches nothing but what it shares with this object.
///
/// Confined to one thread.
class dial_probe {
public:
  /// So long an address may take to accept.
  static constexpr std::chrono::milliseconds answer_time{1000};

  /// No more addresses of one name are tried.
  static constexpr size_t addresses_max = 4;

  struct outcome {
    /// The numeric address that accepted; empty if none did.
    std::string host;

    /// Why none did.
    std::string failure;
  };

  /// Begins.
  explicit dial_probe(const host_port& address);

  /// What it found; nothing while it is under way.
  std::optional<outcome> result() const;

private:
  struct shared;
  std::shared_ptr<shared> shared_;
};

} // namespace bulwark::detail
