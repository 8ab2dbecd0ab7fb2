#pragma once

#include <bulwark/detail/hardened.hpp>
#include <bulwark/detail/letter_book.hpp>
#include <bulwark/detail/letter_inbox.hpp>

#include <memory>

namespace bulwark::detail {

/// The actor behind `keep_dead_letters`.
class letter_keeper : public hardened {
public:
  letter_keeper(caf::actor_config& config, std::shared_ptr<letter_inbox> inbox,
                const dead_letter_options& options);

  const char* name() const override { return "bulwark.dead_letters"; }

protected:
  caf::behavior make_behavior() override;

private:
  void put_down(posted& what);
  caf::result<caf::unit_t> resend(uint64_t id);
  caf::result<caf::unit_t> discard(uint64_t id);

  std::shared_ptr<letter_inbox> inbox_;
  letter_book book_;
};

} // namespace bulwark::detail
