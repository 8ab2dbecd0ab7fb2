#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/events/event_position.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bulwark {

/// Keeps events, own ones and those of other nodes. An origin is one node in
/// one boot; it numbers its events from 1. Nobody who calls waits for a disk.
///
/// What it calls may run in any thread, also during the call that caused it.
/// It must not block; to send a message is what it is for. What it throws is
/// ignored.
///
/// Safe to call from any thread.
class event_store {
public:
  /// Events that one `read` gives at most.
  static constexpr size_t read_max = 1'000;

  event_store() = default;
  event_store(const event_store&) = delete;
  event_store& operator=(const event_store&) = delete;
  virtual ~event_store() = default;

  /// Keeps an event that has its node, boot and sequence. One that is there
  /// already, or has the sequence 0, changes nothing. Events of an origin may
  /// come in any order, but with at most 63 holes: a further one is not kept,
  /// which its position tells.
  virtual void append(event what) noexcept = 0;

  /// Nobody has the numbers [from, to] of an origin any more: its position
  /// moves past them. What was appended of them before stays.
  virtual void note_gap(std::string node, uint64_t boot, uint64_t from,
                        uint64_t to) noexcept = 0;

  /// Returns the positions of all origins, of what is durable.
  [[nodiscard]] virtual std::vector<event_position> positions() const = 0;

  /// The node lives: the wall-clock time, and how long it has run. A store that
  /// is on a disk can tell later when its node died.
  virtual void sign_of_life(wall_time now, duration uptime) noexcept {
    static_cast<void>(now);
    static_cast<void>(uptime);
  }

  using reader = std::function<void(std::vector<event>)>;

  /// Calls `then` once, with durable events of one origin from number `first`
  /// on, in order, at most `max` and at most `read_max`. Numbers missing
  /// between them are gone for good up to the origin's position, and not here
  /// yet above it. Without events: there are none, or the store cannot read
  /// now or any more.
  virtual void read(std::string node, uint64_t boot, uint64_t first, size_t max,
                    reader then) = 0;

  using durable_listener =
    std::function<void(const std::vector<event_position>&)>;

  /// From now on calls `then` with the positions that have moved: forward, or
  /// back when the store has lost what it had, to 0 at worst. Replaces an
  /// earlier one, which is no longer called when this returns; empty: nobody
  /// is told.
  virtual void on_durable(durable_listener then) = 0;
};

} // namespace bulwark
