#include <bulwark/pool/detail/permit_desk.hpp>

#include <utility>

namespace bulwark::detail {

permit_desk::permit_desk(std::shared_ptr<bulkhead_core> core,
                         std::function<void()> poke)
  : core_(std::move(core)), source_(core_->add_source(std::move(poke))) {}

permit_desk::~permit_desk() {
  while (!holders_.empty())
    release(holders_.begin()->first);
  core_->remove_source(source_);
}

permit_desk::verdict permit_desk::ask(const claim& who) {
  struct outcome {
    uint32_t seat = 0;
    std::optional<permit_book::answer> answer;
  };
  auto told = core_->with_book(
    [&](permit_book& book, time_point now, permit_book::sources& changed) {
      outcome result;
      auto* seat = book.seat(who.consumer, false);
      if (seat == nullptr)
        return result;
      permit_ticket ticket{.key = {source_, who.id},
                           .priority = who.priority,
                           .consumer = seat->number,
                           .since = now,
                           .expires = who.expires};
      result.seat = seat->number;
      result.answer = book.ask(ticket, false, now, changed);
      return result;
    });
  using answer = permit_book::answer;
  if (!told.answer)
    return {who.id, false, errc::too_many_requests};
  switch (*told.answer) {
  case answer::granted:
    holders_[who.id] = {told.seat, true};
    return {who.id, false, std::nullopt};
  case answer::waits:
    holders_[who.id] = {told.seat, false};
    return {who.id, true, std::nullopt};
  case answer::full:
    return {who.id, false, errc::bulkhead_full};
  case answer::isolated:
    break;
  }
  return {who.id, false, errc::bulkhead_isolated};
}

std::vector<permit_desk::verdict> permit_desk::settle() {
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

void permit_desk::release(uint64_t id) {
  auto known = holders_.extract(id);
  if (!known)
    return;
  auto [seat, granted] = known.mapped();
  if (!granted) {
    core_->forget({source_, id}, permit_book::parting::withdrawn);
    return;
  }
  core_->with_book([seat = seat](permit_book& book, time_point now,
                                 permit_book::sources& changed) {
    changed = book.give(seat, 1, 0, now);
    return 0;
  });
}

void permit_desk::expire() {
  core_->with_book(
    [](permit_book& book, time_point now, permit_book::sources& changed) {
      changed = book.expire(now);
      return 0;
    });
}

std::optional<time_point> permit_desk::next_expiry() const {
  return core_->read_book(
    [](const permit_book& book) { return book.next_expiry(); });
}

} // namespace bulwark::detail
