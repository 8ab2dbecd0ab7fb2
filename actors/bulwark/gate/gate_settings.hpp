#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/caf/content_type.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/balancing_rule.hpp>
#include <bulwark/gate/gate_group.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/gate/gate_substitutes.hpp>
#include <bulwark/gate/peer_offer.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/redundancy/balancing_strategy.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulwark {

class protection;

/// What a gate is made with.
///
/// Immutable after construction.
struct gate_settings {
  std::string service;

  gate_options options = {};

  emitter events = {};

  /// Where plain sends go that nobody will handle. Without one there is only
  /// the event.
  dead_letter_box letters = {};

  /// The message types of a statically typed service, else empty.
  std::set<std::string> types = {};

  /// Messages that begin with one of these types are idempotent, whatever
  /// their clients say: `content_type_of<get_price>()`.
  std::vector<content_type> idempotent = {};

  /// The compartment that the service's work on this node is done in. None:
  /// as much as comes.
  bulwark::bulkhead bulkhead = {};

  /// Replicas block their threads: each request goes to one that is idle, if
  /// any is.
  bool one_each = false;

  /// Which replica gets a request, where there are several; what has a key goes
  /// where others of that key are at work, whatever the strategy. By default,
  /// where each does one thing at a time, `idle_first`, or `idle_only` with a
  /// bulkhead.
  balancing_strategy strategy = balancing_strategy::two_choices;

  /// Of `weighted`: how much each replica gets, in proportion; 1 where none is
  /// given.
  std::vector<uint32_t> weights = {};

  /// Where requests go while it runs here and on other nodes.
  routing route = routing::local_first;

  /// For so long a replica that came up gets less than its share, whatever the
  /// rule; 0: its share at once. Not for rules by which requests wait for an
  /// idle one.
  duration slow_start = duration::zero();

  /// A rule of one's own in place of the strategy's.
  balancing_rule balancing = nullptr;

  /// Which replicas get requests: by default all that are up.
  gate_group group = {};

  /// What each attempt to have a request handled has to pass, in this order
  /// (protection.hpp); the rate and the permits of the bulkhead come last. At
  /// most 8.
  std::vector<std::shared_ptr<protection>> protections = {};

  /// How calls of this node's clients that failed are tried again, if they are
  /// idempotent; nothing: only when a replica died, see `gate_options`.
  std::optional<retry_options> retry = {};

  /// When such a call is sent to another replica as well, where it has no key:
  /// `extra` is 0 or 1.
  hedge_options hedge = {};

  /// Of all of them together.
  retry_budget_options retry_budget = {};

  /// Whether a request of this node's clients that ends with an error gets the
  /// last good answer for the same content instead, where one is known and the
  /// service, or what refused it, is the reason, not the client; else what
  /// stands in for it, if anything does.
  fallback_options fallback = {};
  gate_substitutes substitutes = {};

  /// Whether ends and times of requests are counted, see `gate::figures`.
  bool counts = true;
};

} // namespace bulwark
