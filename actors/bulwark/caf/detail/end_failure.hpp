#pragma once

#include <caf/error.hpp>

#include <string>

namespace bulwark::detail {

/// What an actor's own code threw while the actor ended.
///
/// Confined to one actor.
class end_failure {
public:
  /// `thrown`: in words; empty: nothing. `by`: whose code it was.
  void note(const std::string& thrown, const char* by);

  /// Returns the reason with which the actor ends: `reason` and what was
  /// thrown. An orderly end at which something was thrown is a failure.
  caf::error added_to(caf::error reason) const;

private:
  std::string text_;
};

} // namespace bulwark::detail
