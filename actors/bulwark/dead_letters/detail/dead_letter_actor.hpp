#pragma once

#include <bulwark/dead_letters/detail/dead_letter_inbox.hpp>
#include <bulwark/dead_letters/detail/dead_letter_store.hpp>
#include <bulwark/events/detail/system_actor.hpp>

#include <memory>

namespace bulwark::detail {

/// The actor behind `keep_dead_letters`.
class dead_letter_actor : public system_actor {
public:
  dead_letter_actor(caf::actor_config& config,
                    std::shared_ptr<dead_letter_inbox> inbox,
                    const dead_letter_options& options);

  const char* name() const override { return "bulwark.dead_letters"; }

protected:
  caf::behavior make_behavior() override;

private:
  void put_down(posted& what);
  caf::result<caf::unit_t> resend(uint64_t id);
  caf::result<caf::unit_t> discard(uint64_t id);

  std::shared_ptr<dead_letter_inbox> inbox_;
  dead_letter_store store_;
};

} // namespace bulwark::detail
