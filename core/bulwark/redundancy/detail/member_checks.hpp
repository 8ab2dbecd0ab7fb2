#pragma once

#include <bulwark/redundancy/probe_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace bulwark {

/// What is known of one replica that is up beside its answers to requests: what
/// it says of itself, and how it takes probes.
///
/// Confined to one thread.
class member_checks {
public:
  /// A new incarnation: nothing is known but what it has said while it started.
  void begin(std::optional<std::string> declared) {
    *this = {};
    declared_ = std::move(declared);
  }

  /// It says that it is not well, and why; or, without a reason, that it is.
  void declare(std::optional<std::string> reason) {
    declared_ = std::move(reason);
  }

  /// How it took a probe; `why`: of one that has failed.
  void probed(bool good, const std::string& why, const probe_options& by);

  /// Too many probes have failed, and why the last one; what it says of itself.
  const std::optional<std::string>& silent() const noexcept { return silent_; }
  const std::optional<std::string>& declared() const noexcept {
    return declared_;
  }

  /// Whether nobody says that it is not well.
  bool well() const noexcept { return !silent_ && !declared_; }

  /// Why it is not well. Silence weighs more: it may not know of that.
  /// @pre it is not
  const std::string& reason() const { return silent_ ? *silent_ : *declared_; }

private:
  std::optional<std::string> declared_;
  std::optional<std::string> silent_;
  uint32_t bad_ = 0;
  uint32_t good_ = 0;
};

} // namespace bulwark
