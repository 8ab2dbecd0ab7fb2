#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>
#include <vector>

namespace bulwark::detail {

namespace {

bool begins_with(const element& what, const std::vector<content_type>& types) {
  if (content_of(what).empty())
    return false;
  return std::any_of(types.begin(), types.end(), [&](auto& type) {
    return content_of(what).matches(0, type);
  });
}

} // namespace

/// The content is made a shared message once; handing it out again costs a
/// reference.
void gate_core::keep(pending_id id, element_ptr& what, const entrance& by) {
  auto repeatable = (by.call != nullptr && by.call->idempotent)
                    || begins_with(*what, idempotent_);
  auto letter = reports_.keeps_letters() && has_flag(*what, plain_send_bit);
  if (by.call == nullptr && !repeatable && !letter)
    return;
  auto kept = std::make_unique<kept_request>();
  if (by.call != nullptr)
    kept->call = *by.call;
  kept->mid = id_of(*what);
  kept->repeatable = repeatable;
  if (repeatable || letter) {
    kept->number = kept_number_.fetch_add(1, std::memory_order_relaxed);
    kept->sender = sender_of(*what);
    kept->content = take_content(*what);
    replace_content(what, kept->content);
  }
  if (repeatable)
    repeatable_.fetch_add(1);
  pending_.beside(id).kept = std::move(kept);
}

/// Returns why it cannot be kept, if it is not for want of memory: to keep it
/// moves what its client made.
std::optional<caf::error> gate_core::try_keep(pending_id id, element_ptr& what,
                                              const entrance& by) {
  try {
    keep(id, what, by);
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    return make_error(errc::not_supported,
                      name_ + ": cannot move the message: "
                        + describe(std::current_exception()));
  }
}

std::unique_ptr<kept_request> gate_core::take_kept(pending_id id) noexcept {
  auto& beside = pending_.beside(id);
  auto kept = std::move(beside.kept);
  if (kept && kept->repeatable)
    repeatable_.fetch_sub(1);
  if (std::exchange(beside.keyed, false))
    leave_key(id);
  return kept;
}

bool gate_core::crash_is_repeated(pending_id id, pending_owner owner) {
  const auto* running = this_service();
  if (running == nullptr || !running->crashing || running->core != this
      || !running->hand->ends_on(id, owner))
    return false;
  const auto& kept = *pending_.beside(id).kept;
  return kept.repeatable && kept.deaths.allows(true, options_);
}

element_ptr gate_core::again(pending_id id) {
  const auto& kept = *pending_.beside(id).kept;
  auto result = make_element(kept.sender, kept.mid, kept.content);
  set_route(*result, pending_.payload(id).route);
  reserve_hop(*result);
  set_out(*result, true);
  // The entry has its handle of the gate from the first time.
  handles_.adopt_gate();
  return result;
}

element_chain gate_core::reclaim(const replica_end& end, int64_t latest) {
  auto owner = end.owner();
  using numbered = std::pair<uint64_t, element_ptr>;
  std::vector<numbered> found;
  pending_word from{0, owner, pending_state::active};
  auto look = [&](pending_id id, const pending_word& word, int64_t) {
    if (word.owner != owner || word.state != pending_state::active)
      return;
    auto wanted = [&] {
      auto* kept = pending_.beside(id).kept.get();
      auto to_blame = end.blamed == id;
      if (kept == nullptr || !kept->repeatable
          || !kept->deaths.allows(to_blame, options_))
        return false;
      try {
        found.emplace_back(kept->number, again(id));
      } catch (...) {
        return false; // Out of memory: answered with the others.
      }
      kept->deaths.count(to_blame);
      if (has_flag(kept->mid, keyed_bit))
        keys_.back(id);
      return true;
    };
    auto deadline =
      pending_.payload(id).deadline.load(std::memory_order_relaxed);
    if (pending_.restamp_if(id, from, waiting_word, std::min(deadline, latest),
                            wanted)) {
      slots_[owner.slot].door.work_back();
      if (permits_ && slot_bank::is_local(owner))
        permits_->owe(request_for(id));
    }
  };
  // A gate that has stopped gives its handles back, and takes none again: what
  // a crash puts back only now is answered with the others.
  auto stopped = refusing_.load() == static_cast<uint8_t>(errc::stopped);
  if (repeatable_.load() > 0 && !stopped)
    pending_.for_each(look);
  std::sort(found.begin(), found.end(),
            [](auto& a, auto& b) { return a.first < b.first; });
  element_chain result;
  for (auto& each : found)
    result.push_back(std::move(each.second));
  return result;
}

void gate_core::repeat(replica_end& end, run_context eu) {
  auto latest = (clock_.now() + options_.stash_wait).time_since_epoch().count();
  element_chain gone;
  auto any = wait_again(end, {}, latest, gone);
  pay_debts();
  if (any)
    look_after_waiting(eu);
}

void gate_core::to_dead_letter(pending_id id, gate_reason why) noexcept {
  try {
    lost_message lost;
    if (const auto* kept = pending_.beside(id).kept.get()) {
      lost.sender = kept->sender;
      lost.content = kept->content;
      lost.call = kept->call;
    }
    lost.gate = self_;
    lost.reason = describe(error_of(why));
    reports_.lost(std::move(lost));
  } catch (...) {
    // Out of memory.
  }
}

} // namespace bulwark::detail
