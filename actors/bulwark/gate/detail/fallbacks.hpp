#pragma once

#include <bulwark/errors/errc.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/detail/bereft_call.hpp>
#include <bulwark/gate/gate_substitutes.hpp>
#include <bulwark/protection/call_report.hpp>
#include <bulwark/protection/detail/answer_cache.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/threads/detail/mutex.hpp>
#include <bulwark/time/time.hpp>

#include <caf/message.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What is answered in place of an error: the last good answer for the same
/// content, or what was agreed on; and who waits for that.
///
/// Safe to call from any thread.
class fallbacks {
public:
  /// So many calls wait for the gate's actor; further ones get the value, or
  /// their error.
  static constexpr size_t waiting_max = 65'536;

  /// `events` tells the time.
  /// @throws std::invalid_argument that names service, field, value and rule
  fallbacks(const std::string& service, const fallback_options& options,
            gate_substitutes substitutes, emitter events);

  bool armed() const noexcept {
    return keeps() || asks() || substitutes_.value;
  }

  /// Whether somebody is asked for what stands in, so that messages are kept.
  bool asks() const noexcept {
    return substitutes_.make || static_cast<bool>(substitutes_.ask);
  }

  const fallback_options& options() const noexcept { return options_; }

  /// Whether good answers are kept, so that contents are of interest.
  bool keeps() const noexcept { return options_.last_good; }

  /// A call with the content of `key` was answered so. One that cannot be
  /// written, because it names actors, is not kept.
  void put(const std::string& key, const caf::message& good,
           time_point now) noexcept BULWARK_EXCLUDES(lock_);

  struct answer {
    caf::message content;
    call_report report;
  };

  /// Whether anything takes the place of that error. No mistake of the
  /// client's is covered up.
  static bool covers(errc code) noexcept;

  /// Returns the last good answer; `key`: empty where the content has none.
  std::optional<answer> known(const std::string& key, time_point now) noexcept
    BULWARK_EXCLUDES(lock_);

  /// Returns the value that was agreed on.
  std::optional<answer> agreed() const noexcept;

  const gate_substitutes& substitutes() const noexcept { return substitutes_; }

  /// It waits for `take_waiting` from now on. False: it does not, and is what
  /// it was.
  bool wait(bereft_call& call) noexcept BULWARK_EXCLUDES(lock_);

  std::vector<bereft_call> take_waiting() noexcept BULWARK_EXCLUDES(lock_);

  /// None waits from now on.
  void close() noexcept BULWARK_EXCLUDES(lock_);

private:
  const fallback_options options_;
  const gate_substitutes substitutes_;
  const emitter events_;

  mutable mutex lock_;
  answer_cache<caf::message> known_ BULWARK_GUARDED_BY(lock_);
  std::vector<bereft_call> waiting_ BULWARK_GUARDED_BY(lock_);
  bool closed_ BULWARK_GUARDED_BY(lock_) = false;
};

/// Returns an answer with its report before it.
caf::message with_report(const call_report& report, const caf::message& answer);

} // namespace bulwark::detail
