#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/errors/errc.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bulwark {

/// One attempt to have a request handled, as a protection is told of it. The
/// texts are there as long as the call of the function.
struct call_attempt {
  /// Its name: no other attempt that a gate has in hand has the same one.
  uint64_t id = 0;

  /// How many attempts of its request came before.
  uint32_t earlier = 0;

  /// When it is asked for, and when nobody wants the answer any more.
  time_point now{};
  time_point deadline{};

  call_priority priority = call_priority::normal;
  std::string_view key = {};
  std::string_view tenant = {};

  /// Which part of the service it is for, see `call_options::endpoint`.
  std::string_view endpoint = {};

  /// Another node's gate has sent it, which has protected it already.
  bool from_peer = false;
};

/// Whether an attempt may go.
struct permission {
  enum class kind : uint8_t { yes, later, no };

  kind what = kind::yes;

  /// Of `later`: it goes then without being asked again, and waits at the gate
  /// until then. After the attempt's deadline: it is answered at that.
  time_point not_before{};

  /// Of `no`: with what the client is answered. Without a text the gate says
  /// what the code means.
  errc why{};
  std::string text = {};

  /// After how long it may be worth another try; 0: unknown.
  duration retry_after = duration::zero();

  static permission yes() { return {}; }
  static permission later(time_point at) {
    return {kind::later, at, {}, {}, {}};
  }
  static permission no(errc why, std::string text = {},
                       duration retry_after = {}) {
    return {kind::no, {}, why, std::move(text), retry_after};
  }
};

/// What became of an attempt.
enum class attempt_outcome : uint8_t {
  /// No replica began it, as far as is known: something else refused it, or it
  /// waited too long.
  never_went,
  /// The replica answered with a value, or with an error.
  value,
  error,
  /// It did not, or crashed: see `attempt_end::code`.
  failed,
};

/// How an attempt ended.
struct attempt_end {
  attempt_outcome how = attempt_outcome::never_went;

  /// Why, where there is no value. Of an error that the replica answered: its
  /// code, if it is one of these; `not_supported` where the replica does not
  /// handle such messages; else 0.
  errc code{};

  /// Since a replica got it; zero for one that never went. By a clock that
  /// ticks every 4 ms, but for `protection::needs_exact_times`.
  duration took{};

  time_point at{};

  /// Of an error of the service's own: for how long it asks to be left alone.
  duration busy = duration::zero();
};

/// Something that decides whether attempts may go and learns from how they
/// end: a circuit breaker, a limit. A gate asks those that it has in their
/// order. Of an attempt that was asked for, and was not refused by this one,
/// the gate tells the end, once; unless it stops before.
///
/// A gate calls it in its clients' and replicas' threads, and may hold a lock
/// of its own: all functions are safe to call from any thread, return at once,
/// enter no actor, and ask nothing of the gate.
class protection {
public:
  protection() = default;
  protection(const protection&) = delete;
  protection& operator=(const protection&) = delete;
  virtual ~protection() = default;

  /// Whether `took` has to be exact, which costs 50 ns for each attempt. Asked
  /// once.
  virtual bool needs_exact_times() const noexcept { return false; }

  virtual permission may_go(const call_attempt& what) = 0;

  /// A replica gets it; again, when that one came to its end before it came to
  /// this attempt.
  virtual void went(uint64_t attempt) noexcept = 0;

  virtual void ended(uint64_t attempt, const attempt_end& how) noexcept = 0;

  /// What the others must not do: hand events to their monitor. Called soon
  /// after each of them, without any lock. Returns whether `tick` may be due at
  /// another time now.
  virtual bool tell() noexcept { return false; }

  /// Does what is due by time alone, and returns when it is to be called next.
  /// Called by the gate's timer, without any lock.
  virtual time_point tick(time_point) noexcept { return time_point::max(); }
};

} // namespace bulwark
