#pragma once

#include <bulwark/errors/errc.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/protection/call_report.hpp>
#include <bulwark/protection/detail/answer_cache.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/threads/detail/mutex.hpp>
#include <bulwark/time/time.hpp>

#include <caf/message.hpp>

#include <optional>
#include <string>

namespace bulwark::detail {

/// What is answered in place of an error: the last good answer for the same
/// content, or a value that was agreed on.
///
/// Safe to call from any thread.
class fallbacks {
public:
  /// `events` tells the time.
  /// @throws std::invalid_argument that names service, field, value and rule
  fallbacks(const std::string& service, const fallback_options& options,
            std::optional<caf::message> value, emitter events);

  bool armed() const noexcept { return keeps() || value_; }

  /// Whether good answers are kept, so that contents are of interest.
  bool keeps() const noexcept { return last_good_; }

  /// A call with the content of `key` was answered so. One that cannot be
  /// written, because it names actors, is not kept.
  void put(const std::string& key, const caf::message& good,
           time_point now) noexcept BULWARK_EXCLUDES(lock_);

  struct answer {
    caf::message content;
    call_report report;
  };

  /// Returns what takes the place of that error; `key`: empty where the content
  /// has none. No mistake of the client's is covered up.
  std::optional<answer> instead_of(errc code, const std::string& key,
                                   time_point now) noexcept
    BULWARK_EXCLUDES(lock_);

private:
  const bool last_good_;
  const std::optional<caf::message> value_;
  const emitter events_;

  mutable mutex lock_;
  answer_cache<caf::message> known_ BULWARK_GUARDED_BY(lock_);
};

/// Returns an answer with its report before it.
caf::message with_report(const call_report& report, const caf::message& answer);

} // namespace bulwark::detail
