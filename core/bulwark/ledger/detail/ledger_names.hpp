#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/ledger/detail/name_table.hpp>
#include <bulwark/ledger/ledger_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bulwark {

/// What a service declares at its start. All are numbers of names.
struct declaration {
  uint32_t bulkhead = no_number;
  std::vector<uint32_t> depends_on;

  friend bool operator==(const declaration&, const declaration&) = default;
};

/// Numbers for all that events name: nodes, boots of them, components, words,
/// declarations. Grows with what there is, never with the number of events.
///
/// Confined to one actor.
class ledger_names {
public:
  struct origin {
    uint32_t node = 0;
    uint64_t boot = 0;

    /// The earliest that an event has told, and its latest event.
    int64_t booted = 0;
    int64_t latest = 0;
  };

  struct component {
    /// `no_number` for the component `node/NAME`, which is one in the cluster.
    uint32_t node = no_number;

    /// Of `node/NAME`: number of the node.
    uint32_t itself = no_number;

    /// Of the path, of what stands before its last `/`, and of what behind.
    uint32_t path = no_number;
    uint32_t parent = no_number;
    uint32_t leaf = no_number;

    // The component whose path stands before, or `no_number`.
    uint32_t above = no_number;

    // Of a service: its number in the cluster.
    uint32_t service = no_number;
    bool others = false;

    // Whether its parent is a root, which has none.
    bool under_root = false;
  };

  explicit ledger_names(const ledger_options& options);

  /// Returns the number of a node, or `no_number` when there are too many.
  uint32_t node(std::string_view name);

  /// Returns the number of an event's component, its node's `...others` when
  /// there are too many.
  uint32_t component_of(uint32_t node, std::string_view path);

  /// Notes that this component is a service.
  void is_service(uint32_t component);

  /// Returns the number of the word for why it failed.
  uint16_t word_of(const event& what);

  uint32_t declared(const event& what);

  [[nodiscard]] const std::vector<component>& components() const noexcept {
    return components_;
  }
  [[nodiscard]] const name_table& nodes() const noexcept { return nodes_; }
  [[nodiscard]] const name_table& words() const noexcept { return words_; }
  [[nodiscard]] const name_table& services() const noexcept {
    return services_;
  }
  [[nodiscard]] const name_table& texts() const noexcept { return texts_; }
  [[nodiscard]] const declaration& declaration_of(uint32_t number) const {
    return declarations_[number];
  }

  /// Components that live on a node, without `node/NAME`.
  [[nodiscard]] const std::vector<uint32_t>& living_on(uint32_t node) const {
    return living_on_[node];
  }

  /// Returns the id of a component in a report.
  [[nodiscard]] std::string id_of(uint32_t component) const;

  [[nodiscard]] size_t bytes() const;

private:
  uint32_t find(uint32_t node, uint32_t path) const;
  void put_under(uint32_t above);
  uint32_t make_component(uint32_t node, std::string_view path, bool others);
  uint32_t text(std::string_view name);

  ledger_options options_;
  name_table nodes_;
  name_table texts_;
  name_table words_;
  name_table services_;
  std::vector<component> components_;
  std::vector<std::vector<uint32_t>> living_on_;
  std::vector<uint32_t> others_;
  size_t others_count_ = 0;

  // By node and path.
  std::unordered_map<uint64_t, uint32_t> by_path_;
  std::vector<declaration> declarations_{declaration{}};
  std::unordered_map<std::string, uint32_t> by_declared_;
};

} // namespace bulwark
