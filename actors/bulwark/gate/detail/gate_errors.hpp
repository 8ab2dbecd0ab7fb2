#pragma once

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/reply_route.hpp>

#include <optional>
#include <string>
#include <utility>

namespace bulwark::detail {

/// Returns an error of a gate in words that name the service; `bulkhead`:
/// where its work is done, or null.
caf::error gate_error(errc code, const std::string& service,
                      const bulkhead_core* bulkhead);

/// Returns what a replica, or another node's gate, has answered: a code of
/// ours; `not_supported` for CAF's answer to what an actor does not handle; 0
/// for all other errors, which are the service's own.
errc answered_code(const caf::error& answer);

/// Why a request is answered with an error: by a code, of which an error is
/// made when it is needed, or by one that outlives the call.
struct gate_reason {
  gate_reason(errc why) noexcept : code(why) {}              // NOLINT
  gate_reason(const caf::error& why) noexcept : err(&why) {} // NOLINT
  gate_reason(const std::optional<caf::error>& why, errc otherwise) noexcept
    : code(otherwise), err(why ? &*why : nullptr) {}

  /// The code of either; 0 for an error of somebody else's.
  errc kind() const noexcept {
    return err != nullptr ? code_of(*err, errc{}) : code;
  }

  errc code{};
  const caf::error* err = nullptr;
};

/// Returns the error that `make` returns; nothing, where there is no memory
/// for it.
template <class F>
std::optional<caf::error> try_make(F make) noexcept {
  try {
    return make();
  } catch (...) {
    return std::nullopt;
  }
}

/// Answers a client with the error that `why()` returns, unless nobody asked.
/// Without memory for that it is told so, in no words; without memory even for
/// that it gets no answer, and its own limit ends its wait.
template <class F>
void answer_with_error(reply_address to, caf::strong_actor_ptr responder, F why,
                       run_context eu) noexcept {
  if (!to.waits())
    return;
  element_ptr answer;
  try {
    try {
      answer = make_element(nullptr, to.mid, why());
    } catch (...) {
      answer =
        make_element(nullptr, to.mid, make_error(errc::memory_exhausted, {}));
    }
    pass_answer(std::move(answer), std::move(to), std::move(responder), eu);
  } catch (...) {
    // Out of memory.
  }
}

/// Answers a client with a value, unless nobody asked. Without memory for that
/// its own limit ends its wait.
inline void answer_with_value(reply_address to, caf::strong_actor_ptr responder,
                              caf::message value, run_context eu) noexcept {
  if (!to.waits())
    return;
  try {
    auto answer = make_element(nullptr, to.mid, std::move(value));
    pass_answer(std::move(answer), std::move(to), std::move(responder), eu);
  } catch (...) {
    // Out of memory.
  }
}

} // namespace bulwark::detail
