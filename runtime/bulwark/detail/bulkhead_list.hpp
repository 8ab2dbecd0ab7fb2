#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>

#include <caf/fwd.hpp>

#include <map>
#include <string>

namespace bulwark::detail {

/// The bulkheads of a node: first what was said of them, then they themselves.
///
/// Confined to the setup of a node, but for `find` once it runs.
class bulkhead_list {
public:
  /// @throws config_error if name or options are bad or the name is taken
  void declare(const std::string& name, const bulkhead_options& options);

  /// Returns the bulkhead; starts it the first time.
  /// @throws config_error if none of that name was declared; `who` asks
  const bulkhead& get(const std::string& name, const std::string& who,
                      caf::actor_system& sys, const emitter& events);

  /// Returns an empty one if it was not declared, or is not started.
  bulkhead find(const std::string& name) const;

  /// Starts all that were declared.
  void start(caf::actor_system& sys, const emitter& events);

  const std::map<std::string, bulkhead>& all() const noexcept { return made_; }

  void stop();

private:
  std::map<std::string, bulkhead_options> declared_;
  std::map<std::string, bulkhead> made_;
};

} // namespace bulwark::detail
