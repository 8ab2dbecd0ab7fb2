// How a member tries to lead.
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/database/detail/member_actor.hpp>

#include <utility>

namespace bulwark::detail {

void member_actor::look() {
  candidacy_.heard(now(), chance());
  if (!options_.may_look || options_.may_look())
    stand(false);
}

void member_actor::stand(bool forced) {
  if (replica_.leads() > 0)
    return;
  if (forced)
    say("an operator forces a primary");
  attempt_ = replica_.begin_attempt();
  forced_ = forced;
  silent_ = size() - 1;
  settle();
  for (size_t i = 0; i < size(); ++i) {
    if (i == options_.self)
      continue;
    auto of = attempt_;
    self_->request(options_.members[i], options_.patience, member_ask{of})
      .then(
        [=, this](const told_position& answer) {
          replica_.on_told(i, of, answer);
          told(of);
        },
        [=, this](const caf::error&) { told(of); });
  }
  decide();
}

void member_actor::told(uint64_t epoch) {
  if (epoch != attempt_)
    return;
  --silent_;
  decide();
}

void member_actor::decide() {
  if (attempt_ == 0)
    return;
  if (replica_.promised() != attempt_) {
    // Another one asked meanwhile, or leads.
    attempt_ = 0;
    return;
  }
  const auto& attempt = replica_.attempt();
  auto furthest = attempt.furthest();
  auto lacking =
    explain_too_few(options_.replication.members, attempt.missing(),
                    options_.replication.told_min());
  auto forced = forced_ && silent_ == 0;
  auto verdict = replica_.lead(forced);
  if (verdict == promotion_verdict::too_few) {
    if (silent_ > 0)
      return;
    say_once("nobody leads: " + lacking);
  }
  auto epoch = std::exchange(attempt_, 0);
  if (verdict == promotion_verdict::lead)
    say_once(name(options_.self) + " is the primary of epoch "
             + std::to_string(epoch) + (forced ? "; forced: " + lacking : ""));
  lead_on(verdict, furthest, forced_);
}

void member_actor::lead_on(promotion_verdict verdict, size_t furthest,
                           bool forced) {
  switch (verdict) {
  case promotion_verdict::too_few:
    break;
  case promotion_verdict::another:
    self_->send(options_.members[furthest], member_stand{forced});
    break;
  case promotion_verdict::outbid:
    candidacy_.lost(now(), chance());
    break;
  case promotion_verdict::lead:
    for (size_t i = 0; i < size(); ++i)
      ship(i);
    break;
  }
  settle();
}

} // namespace bulwark::detail
