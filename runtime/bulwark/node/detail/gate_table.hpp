#pragma once

#include <bulwark/gate/gate.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace bulwark::detail {

/// The gates of a node by the names of their services.
///
/// Safe to call from any thread.
class gate_table {
public:
  using maker = std::function<gate(const std::string&)>;
  using listener = std::function<void(const std::string&, const gate&)>;

  /// Returns the gate of `service`; `make` makes it the first time.
  gate get(const std::string& service, const maker& make);

  /// Has `made` take the place of the gate of `service`. @pre nobody listens
  void replace(const std::string& service, gate made);

  std::optional<gate> find(const std::string& service) const;

  std::map<std::string, gate> all() const;

  /// Calls `heard` for every gate there is, and later for every new one. It
  /// must not ask for gates.
  void listen(listener heard);

private:
  mutable std::mutex lock_;
  std::map<std::string, gate> gates_;
  listener heard_;
};

} // namespace bulwark::detail
