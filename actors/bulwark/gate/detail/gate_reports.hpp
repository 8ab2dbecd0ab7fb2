#pragma once

#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace bulwark::detail {

/// What a gate tells the world besides its answers.
///
/// Safe to call from any thread.
class gate_reports {
public:
  gate_reports(std::string service, emitter events, dead_letter_box letters);

  /// Whether what is lost can be kept.
  bool keeps_letters() const noexcept { return static_cast<bool>(letters_); }

  /// A plain send is given up.
  void lost(lost_message what) const noexcept;

  /// A message that gates never let in; told at most once a second.
  void refused(const char* what, time_point now) noexcept;

  /// What a message or an answer cannot travel for between two nodes. Returns
  /// what its client is told; the monitor limits the events.
  caf::error cannot_travel(const travel_complaint& why) const;

private:
  const std::string service_;
  const emitter events_;
  const dead_letter_box letters_;
  std::atomic<int64_t> next_notice_{0};
  std::atomic<uint64_t> refused_{0};
};

} // namespace bulwark::detail
