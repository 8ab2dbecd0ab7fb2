#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <caf/fwd.hpp>

#include <map>
#include <set>
#include <string>

namespace bulwark::detail {

/// The compartments of one kind on a node: first what was said of them, then
/// they themselves. `word` is what the kind is called in complaints.
///
/// Confined to the setup of a node, but for `get` once it runs.
template <class Compartment, class Options>
class compartment_list {
public:
  explicit compartment_list(std::string word) : word_(std::move(word)) {}

  /// @throws config_error if name or options are bad or the name is taken
  void declare(const std::string& name, const Options& options) {
    if (auto complaint = validate_name(word_ + " name", name))
      throw config_error{*complaint};
    if (auto complaint = validate(options))
      throw config_error{word_ + " " + name + ": " + *complaint};
    if (!declared_.emplace(name, options).second)
      throw config_error{word_ + " " + name
                         + " is declared twice; names must be unique"};
  }

  /// Returns what was declared.
  std::set<std::string> names() const {
    std::set<std::string> result;
    for (const auto& [name, options] : declared_)
      result.insert(name);
    return result;
  }

  /// Returns the compartment; starts it the first time.
  /// @throws config_error if none of that name was declared; `who` asks
  const Compartment& get(const std::string& name, const std::string& who,
                         caf::actor_system& sys, const emitter& events) {
    auto known = made_.find(name);
    if (known != made_.end())
      return known->second;
    auto declared = declared_.find(name);
    if (declared != declared_.end())
      return made_
        .emplace(name, Compartment{sys, name, declared->second, events})
        .first->second;
    std::string names;
    for (const auto& [each, options] : declared_)
      names += (names.empty() ? "" : ", ") + each;
    throw config_error{who + ": " + word_ + " is " + bulwark::quoted(name)
                       + "; it must be declared on this node before; known "
                         "here: "
                       + (names.empty() ? "none" : names)};
  }

  /// Starts all that were declared.
  void start(caf::actor_system& sys, const emitter& events) {
    for (const auto& [name, options] : declared_)
      get(name, "node", sys, events);
  }

  const std::map<std::string, Compartment>& all() const noexcept {
    return made_;
  }

  void stop() {
    for (const auto& [name, each] : made_)
      each.stop();
    made_.clear();
    declared_.clear();
  }

private:
  std::string word_;
  std::map<std::string, Options> declared_;
  std::map<std::string, Compartment> made_;
};

using bulkhead_list = compartment_list<bulkhead, bulkhead_options>;
using cpu_quota_list = compartment_list<cpu_quota, cpu_quota_options>;

} // namespace bulwark::detail
