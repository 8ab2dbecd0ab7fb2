#pragma once

#include <bulwark/caf/content_type.hpp>
#include <bulwark/cluster/detail/role_state.hpp>
#include <bulwark/gate/gate_substitutes.hpp>
#include <bulwark/options/detail/policy_overrides.hpp>
#include <bulwark/options/service_settings.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervision/dependency_graph.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulwark::detail {

class fault_port;

/// What a program said about one of its services.
struct service_declaration {
  std::string name;
  service_settings settings;
  replica_factory factory;
  std::vector<dependency_graph::edge> uses;

  /// What its idempotent messages begin with.
  std::vector<content_type> idempotent = {};

  /// What its gate answers in place of an error.
  gate_substitutes substitutes = {};

  /// Where its work on this node is done; empty: nowhere in particular.
  std::string bulkhead = {};

  /// Whose CPU time its replicas use; empty: nobody's. And that itself, when
  /// the node starts.
  std::string cpu_quota = {};
  bulwark::cpu_quota quota = {};

  /// Whether it runs only on the node that has its role; and that, when the
  /// node starts.
  bool singleton = false;
  std::shared_ptr<role_state> role = {};

  /// On a node that may practise failure: what may be lent to it.
  std::shared_ptr<fault_port> faults = {};
};

/// What a program said about its services. Every error is a `config_error`.
///
/// Confined to the setup of a node.
class declarations {
public:
  /// Declares a service. The result stays where it is.
  /// @throws config_error if the name is bad or taken
  service_declaration& add(std::string name, replica_factory factory);

  /// The same of one that lives elsewhere, for how it is called from here.
  service_declaration& add_remote(std::string name);

  /// Returns the declaration of `name`, or null: of one of this node; of one
  /// that lives elsewhere.
  service_declaration* find(const std::string& name);
  service_declaration* find_remote(const std::string& name);

  /// The names of those that live elsewhere, in the order of the calls.
  std::vector<std::string> remotes() const;

  /// Settles everything: applies the overrides and checks what the calls
  /// could not check one by one. `referred` are services that are used
  /// without being declared: they live elsewhere, and may be named in options.
  /// @throws config_error that names service, field, value and rule
  void settle(const policy_overrides& overrides,
              std::set<std::string> referred);

  /// Returns all so that each comes after those it uses. @pre settled
  std::vector<service_declaration*> in_start_order();

  /// Returns what `service` uses; empty when it is not declared.
  std::vector<dependency_graph::edge> uses(const std::string& service) const;

private:
  void check_new(const std::string& name);
  static service_declaration* find_in(std::deque<service_declaration>& all,
                                      const std::string& name);

  std::deque<service_declaration> all_;
  std::deque<service_declaration> remotes_;
  dependency_graph graph_;
};

} // namespace bulwark::detail
