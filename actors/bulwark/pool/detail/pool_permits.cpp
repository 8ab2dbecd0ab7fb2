#include <bulwark/pool/detail/pool_permits.hpp>

#include <utility>

namespace bulwark::detail {

pool_permits::pool_permits(std::shared_ptr<bulkhead_core> core,
                           std::function<void()> poke)
  : core_(std::move(core)), source_(core_->add_source(std::move(poke))) {}

pool_permits::~pool_permits() {
  while (!holders_.empty())
    release(holders_.begin()->first);
  core_->remove_source(source_);
}

pool_permits::verdict pool_permits::ask(const claim& who) {
  struct outcome {
    uint32_t account = 0;
    std::optional<permit_table::answer> answer;
  };
  auto told = core_->with_table(
    [&](permit_table& table, time_point now, permit_table::sources& changed) {
      outcome result;
      auto* account = table.account(who.consumer, false);
      if (account == nullptr)
        return result;
      permit_ticket ticket{.key = {source_, who.id},
                           .priority = who.priority,
                           .consumer = account->number,
                           .since = now,
                           .expires = who.expires};
      result.account = account->number;
      result.answer = table.ask(ticket, false, now, changed);
      return result;
    });
  using answer = permit_table::answer;
  if (!told.answer)
    return {who.id, false, errc::too_many_requests};
  switch (*told.answer) {
  case answer::granted:
    holders_[who.id] = {told.account, true};
    return {who.id, false, std::nullopt};
  case answer::waits:
    holders_[who.id] = {told.account, false};
    return {who.id, true, std::nullopt};
  case answer::full:
    return {who.id, false, errc::bulkhead_full};
  case answer::isolated:
    break;
  }
  return {who.id, false, errc::bulkhead_isolated};
}

std::vector<pool_permits::verdict> pool_permits::settle() {
  std::vector<verdict> result;
  for (auto& [id, why] : core_->take_refused(source_)) {
    holders_.erase(id);
    result.push_back({id, false, why});
  }
  for (auto& ticket : core_->take_granted(source_)) {
    holders_[ticket.key.id].granted = true;
    result.push_back({ticket.key.id, false, std::nullopt});
  }
  return result;
}

void pool_permits::release(uint64_t id) {
  auto known = holders_.extract(id);
  if (!known)
    return;
  auto [account, granted] = known.mapped();
  if (!granted) {
    core_->forget({source_, id}, permit_table::parting::withdrawn);
    return;
  }
  core_->with_table([account = account](permit_table& table, time_point now,
                                        permit_table::sources& changed) {
    changed = table.give(account, 1, 0, now);
    return 0;
  });
}

void pool_permits::expire() {
  core_->with_table(
    [](permit_table& table, time_point now, permit_table::sources& changed) {
      changed = table.expire(now);
      return 0;
    });
}

std::optional<time_point> pool_permits::next_expiry() const {
  return core_->read_table(
    [](const permit_table& table) { return table.next_expiry(); });
}

} // namespace bulwark::detail
