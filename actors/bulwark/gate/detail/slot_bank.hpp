#pragma once

#include <bulwark/gate/balancing_rule.hpp>
#include <bulwark/gate/detail/balance_hints.hpp>
#include <bulwark/gate/detail/gate_slot.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/gate/detail/prospects.hpp>
#include <bulwark/gate/peer_offer.hpp>

#include <array>
#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace bulwark::detail {

/// Where a gate's requests go: the slots of local replicas first, then those of
/// the nodes that offer the service too, and the rule that chooses among them.
///
/// Safe to call from any thread, as far as `gate_slot` is; who raises the
/// number of slots holds the lock of the waiting line.
class slot_bank {
public:
  static constexpr size_t replicas_max = prospects::replicas_max;
  static constexpr size_t all_max = prospects::slots_max;

  /// `rule`: which local replica gets a request, where there are several. Where
  /// it is `idle_only` those that are busy get none. `hints`: null where the
  /// rule asks for no more than loads.
  explicit slot_bank(balancing_rule rule, balance_hints* hints = nullptr,
                     routing route = routing::local_first) noexcept
    : rule_(rule),
      hints_(hints),
      waits_for_idle_(rule == &bulwark::idle_only),
      spreads_(route == routing::spread) {}

  gate_slot& operator[](size_t index) noexcept { return slots_[index]; }
  const gate_slot& operator[](size_t index) const noexcept {
    return slots_[index];
  }

  auto begin() noexcept { return slots_.begin(); }
  auto end() noexcept { return slots_.end(); }
  auto begin() const noexcept { return slots_.begin(); }
  auto end() const noexcept { return slots_.end(); }

  static bool is_local(pending_owner owner) noexcept {
    return owner.slot < replicas_max;
  }

  bool is_local(const gate_slot& which) const noexcept {
    return &which < &slots_[replicas_max];
  }

  /// How many of the local slots, and of the others, were ever used.
  size_t replicas() const noexcept {
    return replicas_.load(std::memory_order_relaxed);
  }
  size_t peers() const noexcept {
    return peers_.load(std::memory_order_relaxed);
  }

  void use_replicas(size_t n) noexcept { raise(replicas_, n); }
  void use_peers(size_t n) noexcept { raise(peers_, n); }

  /// Whether one of those that `f` wants is open.
  template <class F>
  bool any_open(F f) const noexcept {
    for (size_t i = 0; i < replicas(); ++i)
      if (slots_[i].door.is_open() && f(i))
        return true;
    for (size_t i = replicas_max; i < replicas_max + peers(); ++i)
      if (slots_[i].door.is_open() && f(i))
        return true;
    return false;
  }

  bool local_open() const noexcept {
    for (size_t i = 0; i < replicas(); ++i)
      if (slots_[i].door.is_open())
        return true;
    return false;
  }

  /// Whether only idle ones get something, because there are several.
  bool idle_only() const noexcept { return waits_for_idle_ && replicas() > 1; }

  /// How many local replicas are up and have nothing to do.
  size_t idle() const noexcept;

  /// Enters the door of somebody who is up; local ones are better than others.
  /// Null: nobody of those who may be is. `key`: the hash of the message's key;
  /// 0: it has none.
  gate_slot* pick(bool local, bool others, pending_owner& owner,
                  uint64_t key = 0) {
    if (local && replicas() == 1 && !spreads_)
      if (auto* it = enter(0, owner))
        return it;
    return pick_any(local, others, owner, key);
  }

  /// Enters the first local door that is open and that `f` wants.
  template <class F>
  gate_slot* enter_local(F f, pending_owner& owner) {
    for (size_t i = 0; i < replicas(); ++i)
      if (f(i))
        if (auto* it = enter(i, owner))
          return it;
    return nullptr;
  }

  /// Holds the doors of all local replicas that are up, for its lifetime: none
  /// of them ends meanwhile.
  ///
  /// Confined to one thread.
  class hold {
  public:
    explicit hold(slot_bank& of) noexcept;
    ~hold();

    hold(const hold&) = delete;
    hold& operator=(const hold&) = delete;

  private:
    slot_bank& of_;
    std::bitset<replicas_max> held_;
  };

  /// Enters one door, if it is open.
  gate_slot* enter(size_t index, pending_owner& owner) {
    auto& it = slots_[index];
    if (!it.door.enter())
      return nullptr;
    owner = {static_cast<uint8_t>(index),
             static_cast<uint16_t>(it.incarnation)};
    return &it;
  }

private:
  static void raise(std::atomic<size_t>& to, size_t n) noexcept;
  gate_slot* pick_any(bool local, bool others, pending_owner& owner,
                      uint64_t key);
  template <class F>
  gate_slot* pick_two(size_t here, F wanted, pending_owner& owner);
  gate_slot* pick_spread(pending_owner& owner);
  gate_slot* pick_peer(pending_owner& owner);
  gate_slot* pick_local(size_t count, pending_owner& owner, uint64_t key);
  gate_slot* pick_by(balancing_rule rule, size_t first, size_t count,
                     pending_owner& owner, uint32_t random,
                     const replica_traits* traits = nullptr,
                     uint64_t resting = 0);
  uint64_t open_replicas() const noexcept;
  gate_slot* first_open(size_t first, size_t count, pending_owner& owner);

  const balancing_rule rule_;
  balance_hints* const hints_;
  const bool waits_for_idle_;
  const bool spreads_;
  std::array<gate_slot, all_max> slots_;
  std::atomic<size_t> replicas_{0};
  std::atomic<size_t> peers_{0};
};

} // namespace bulwark::detail
