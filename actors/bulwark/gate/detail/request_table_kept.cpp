#include <bulwark/caf/detail/content_key.hpp>
#include <bulwark/gate/detail/request_table.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

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

void request_table::keep(pending_id id, element_ptr& what, const entrance& by) {
  auto repeatable = (by.call != nullptr && by.call->idempotent)
                    || begins_with(*what, idempotent_);
  auto letter = letters_ && has_flag(*what, plain_send_bit);
  std::optional<std::string> key;
  auto own = is_request(by.mid) && (by.flags & from_peer_bit) == 0;
  if (wishes_.keys && own)
    key = content_key(content_of(*what));
  auto whole = repeatable || letter || (wishes_.messages && own);
  if (by.call == nullptr && !whole && !key)
    return;
  auto kept = std::make_unique<kept_request>();
  kept->answer_key = std::move(key).value_or("");
  if (by.call != nullptr)
    kept->call = *by.call;
  kept->mid = id_of(*what);
  kept->repeatable = repeatable;
  kept->within_retry = by.within_retry;
  if (repeatable && (by.flags & from_peer_bit) == 0)
    kept->attempt_limit = attempt_limit();
  if (whole) {
    kept->number = kept_number_.fetch_add(1, std::memory_order_relaxed);
    kept->sender = sender_of(*what);
    kept->content = take_content(*what);
    replace_content(what, kept->content);
  }
  if (repeatable)
    repeatable_.fetch_add(1);
  said(id).kept = std::move(kept);
}

void request_table::move_call(pending_id from, pending_id to,
                              time_point now) noexcept {
  auto& old = call_of(from);
  auto& call = call_of(to);
  call.client = std::move(old.client);
  call.mid = old.mid;
  call.route.swap(old.route);
  call.deadline.store(old.deadline.load(std::memory_order_relaxed),
                      std::memory_order_release);
  old.deadline.store(now.time_since_epoch().count(), std::memory_order_release);
  said(to).from_peer = said(from).from_peer;
  auto& kept = said(to).kept;
  kept = std::move(said(from).kept);
  kept->mid = renamed_mid(kept->mid, to);
  if (kept->hedge)
    kept->hedge->moved(to);
}

std::unique_ptr<kept_request> request_table::take_kept(pending_id id) noexcept {
  auto kept = std::move(said(id).kept);
  if (kept && kept->repeatable)
    repeatable_.fetch_sub(1);
  return kept;
}

bool request_table::repeats(pending_id id, bool to_blame,
                            const gate_options& limits) {
  const auto* kept = said(id).kept.get();
  return kept != nullptr && kept->repeatable
         && kept->deaths.allows(to_blame, limits);
}

element_ptr request_table::again(pending_id id) {
  const auto& kept = *said(id).kept;
  auto result = make_element(kept.sender, kept.mid, kept.content);
  set_route(*result, call_of(id).route);
  reserve_hop(*result);
  return result;
}

} // namespace bulwark::detail
