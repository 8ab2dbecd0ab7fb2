#pragma once

#include <bulwark/containers/detail/paged_map.hpp>
#include <bulwark/supervisor/detail/child_record.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>

namespace bulwark::detail {

/// The records of a supervisor, in the order of the starts and by id, so that
/// nothing that concerns one child looks at all of them.
///
/// Confined to one actor.
class child_table {
public:
  using map = paged_map<child_record>;

  /// @pre neither key nor id are known, and no key was ever as great
  void add(child_key key, std::string id,
           std::shared_ptr<const child_spec> spec);

  /// Forgets a child.
  /// @pre it is known
  void erase(map::const_iterator who);

  void clear();

  /// @pre it is known
  child_record& at(child_key key) { return find(key)->second; }
  const child_record& at(child_key key) const { return find(key)->second; }

  map::iterator find(child_key key) { return all_.find(key); }
  map::const_iterator find(child_key key) const { return all_.find(key); }

  /// Returns the child that is called `id`.
  std::optional<child_key> key_of(std::string_view id) const;

  /// Enters a state and tells `on_change`, see `enter` of a child_record.
  void enter(child_record& who, child_state state,
             const caf::error& reason = {}, child_next next = child_next::open);

  /// Returns how many are up, as far as it was told.
  size_t up() const noexcept { return up_; }

  size_t size() const noexcept { return all_.size(); }
  map::iterator begin() noexcept { return all_.begin(); }
  map::iterator end() noexcept { return all_.end(); }
  map::const_iterator begin() const noexcept { return all_.begin(); }
  map::const_iterator end() const noexcept { return all_.end(); }

private:
  using place = const map::value_type*;

  static std::string_view id_of(std::string_view id) { return id; }
  static std::string_view id_of(place who) { return who->second.id; }

  struct hash {
    using is_transparent = void;
    template <class T>
    size_t operator()(const T& x) const {
      return std::hash<std::string_view>{}(id_of(x));
    }
  };

  struct equal {
    using is_transparent = void;
    template <class T, class U>
    bool operator()(const T& x, const U& y) const {
      return id_of(x) == id_of(y);
    }
  };

  map all_;

  // Without those whose id ends with `#` and their key: a hundred thousand
  // instances of a template are found by that.
  std::unordered_set<place, hash, equal> by_id_;
  size_t up_ = 0;
};

} // namespace bulwark::detail
