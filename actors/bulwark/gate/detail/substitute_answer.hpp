#pragma once

#include <bulwark/caf/detail/mailless_actor.hpp>
#include <bulwark/gate/detail/bereft_call.hpp>

#include <atomic>
#include <optional>

namespace bulwark::detail {

/// Answers a call whose error nothing but `substitute` stands in for; nothing:
/// with its error.
void answer_bereft(bereft_call call, std::optional<caf::message> substitute,
                   caf::strong_actor_ptr responder, run_context eu) noexcept;

/// Who asks another service on behalf of a call, and passes its answer on: a
/// value, or, in place of an error, the value that was agreed on.
///
/// Safe to call from any thread.
class substitute_answer final : public mailless_actor<substitute_answer> {
public:
  substitute_answer(caf::actor_config& cfg, bereft_call call,
                    std::optional<caf::message> otherwise,
                    caf::strong_actor_ptr gate);

  const char* name() const override;

  void accept(element_ptr what, run_context eu) noexcept;

  /// Nobody is asked after all.
  void give_up(run_context eu) noexcept;

private:
  std::atomic<bool> answered_{false};
  bereft_call call_;
  std::optional<caf::message> otherwise_;
  caf::strong_actor_ptr gate_;
};

} // namespace bulwark::detail
