#pragma once

#include <bulwark/protection/attempt.hpp>
#include <bulwark/protection/breaker_metrics.hpp>
#include <bulwark/protection/breaker_state.hpp>
#include <bulwark/protection/call_report.hpp>
#include <bulwark/protection/guard_error.hpp>
#include <bulwark/protection/guard_hooks.hpp>
#include <bulwark/protection/guard_options.hpp>
#include <bulwark/protection/last_answers.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace bulwark {

namespace detail {
class guard_core;
} // namespace detail

/// What holds for one call of a guard.
struct guarded_call {
  /// Each endpoint has a circuit breaker of its own, within
  /// `breaker_options::keys_max`.
  std::string_view endpoint = {};

  /// An earlier end than `guard_options::timeout` would give it.
  time_point deadline = time_point::max();
};

/// What takes the place of an answer that does not come.
template <class T>
struct fallback {
  /// The last good answer for the same content. Null: none is kept. It must
  /// outlive the call.
  last_answers<T>* last = nullptr;
  std::string_view content = {};

  /// Asked when there is none, with what the call would have thrown; null: it
  /// would have returned a value that counts as a failure. Empty: the call does
  /// that.
  std::function<T(const std::exception_ptr&)> otherwise = {};
};

/// An answer, and what it took.
template <class T>
struct guarded {
  T value;
  call_report report;
};

/// Protects calls of a service by a circuit breaker, a deadline, retries with
/// a budget, and fallbacks, on the caller's own thread: HTTP, SQL, a library.
///
///     bulwark::guard api{"external_api", {.idempotent = true}};
///     auto page = api.call([&](bulwark::attempt& a) {
///       return client.request("GET", "/users/7", "", a.left());
///     });
///
/// The decisions are those that a gate makes for its messages. A call within
/// the function of another guarded call inherits its deadline; what was tried
/// again there is not tried again here, and a later attempt makes calls of one
/// attempt, so that retries do not multiply.
///
/// A function that does not come back cannot be stopped: it should take its
/// timeouts from `attempt::left`. What it brings too late is the answer all the
/// same, and counts as a failure. There are no hedges, which need a thread of
/// their own, and no timers: an open breaker becomes half_open with the next
/// call, or when it is asked how it is doing.
///
/// Safe to call from any thread.
class guard {
public:
  /// @throws std::invalid_argument that names the field, if an option is
  /// refused
  explicit guard(std::string name, const guard_options& options = {},
                 guard_hooks hooks = {});
  ~guard();
  guard(const guard&) = delete;
  guard& operator=(const guard&) = delete;

  /// Returns what `fn`, called with an `attempt&`, returns.
  /// @throws circuit_open if the breaker lets no call through, `guard_error`
  /// if the deadline has passed before it began, or what `fn` threw last
  template <class F>
  auto call(F&& fn, const guarded_call& how = {}) {
    using result = std::invoke_result_t<F&, attempt&>;
    if constexpr (std::is_void_v<result>) {
      run(how, [&](attempt& a) { fn(a); });
    } else {
      std::optional<result> value;
      run(how, [&](attempt& a) { value.emplace(fn(a)); });
      return std::move(*value);
    }
  }

  /// The same with an answer for the case that there is none, or one of which
  /// the attempt says that it counts as a failure; and a report.
  template <class F, class T = std::invoke_result_t<F&, attempt&>>
  guarded<T> call_or(F&& fn, const fallback<T>& instead,
                     const guarded_call& how = {}) {
    std::optional<T> value;
    std::optional<call_outcome> said;
    call_report report;
    std::exception_ptr why;
    try {
      report = run(how, [&](attempt& a) {
        value.reset();
        value.emplace(fn(a));
        said = a.said();
      });
    } catch (...) {
      why = std::current_exception();
      value.reset();
    }
    if (!value || said == call_outcome::failure)
      return replaced(instead, why, std::move(value), report);
    if (instead.last != nullptr && !said)
      instead.last->put(instead.content, *value, now(), wall_now());
    return {std::move(*value), report};
  }

  const std::string& name() const noexcept;

  breaker_state state(std::string_view endpoint = {});
  breaker_metrics metrics(std::string_view endpoint = {});

  /// Sets a breaker by hand: closed, which resets it, forced_open, disabled or
  /// metrics_only.
  /// @throws std::invalid_argument for a state that it finds by itself
  void set(breaker_state to, std::string_view endpoint = {});

private:
  call_report run(const guarded_call& how,
                  const std::function<void(attempt&)>& fn);
  time_point now() const;
  wall_time wall_now() const;

  template <class T>
  guarded<T> replaced(const fallback<T>& instead, const std::exception_ptr& why,
                      std::optional<T> value, call_report report) {
    if (instead.last != nullptr)
      if (auto known = instead.last->find(instead.content, now())) {
        report.from_cache = true;
        report.cache_timestamp = known->timestamp;
        return {std::move(known->value), report};
      }
    if (instead.otherwise) {
      report.fallback = true;
      return {instead.otherwise(why), report};
    }
    if (why)
      std::rethrow_exception(why);
    return {std::move(*value), report};
  }

  std::unique_ptr<detail::guard_core> core_;
};

} // namespace bulwark
