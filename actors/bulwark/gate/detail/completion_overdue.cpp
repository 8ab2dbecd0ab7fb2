#include <bulwark/gate/detail/completion.hpp>

#include <optional>

// Attempts that take longer than they may.

namespace bulwark::detail {

/// Returns an entry that a call may move to. What can fail is done then.
std::optional<pending_id> completion::other_entry(pending_id id,
                                                  pending_owner from) noexcept {
  std::optional<pending_id> to;
  try {
    to = of_.requests.acquire();
    if (!to)
      return std::nullopt;
    of_.requests.note_moved(id, *to);
    of_.requests.note_tried(*to, from);
    if (of_.requests.said(id).keyed)
      of_.line.join_key(*to, of_.requests.said(id).kept->call.key);
    return to;
  } catch (...) {
    // Out of memory.
    if (to)
      of_.requests.said(*to).keyed = false;
  }
  if (to)
    of_.requests.release(*to);
  return std::nullopt;
}

bool completion::go_on_without(pending_id id, pending_owner owner,
                               run_context eu) noexcept {
  const auto* kept = of_.requests.said(id).kept.get();
  auto to =
    kept != nullptr && !kept->copy ? other_entry(id, owner) : std::nullopt;
  if (!to)
    return false;
  of_.protects.ended(of_.requests, id, owner, attempt_outcome::failed,
                     errc::timed_out);
  of_.tell();
  of_.requests.move_call(id, *to, of_.clock.now());
  if (of_.protects.permits() != nullptr)
    permit_limit::note(of_.requests.said(*to), &kept->call);
  request_table::taken won{pending_outcome::unanswered, {}, true};
  auto deadline = of_.requests.deadline(*to);
  auto park = [&] {
    of_.requests.publish(*to, {}, pending_state::waiting, deadline);
  };
  auto next =
    kept->hedge ? kept->hedge->failed(park) : hedged_call::next::alone;
  if (next == hedged_call::next::waits) {
    of_.arm(deadline);
    return true;
  }
  auto why = try_make([&] {
    return make_error(errc::timed_out,
                      of_.name + ": no answer within the limit of an attempt");
  });
  if (why && next == hedged_call::next::alone
      && try_again(*to, {owner, false}, *why, eu))
    return true;
  ends_.answer(*to, won, {why, errc::timed_out}, eu);
  ends_.release(*to, won);
  return true;
}

} // namespace bulwark::detail
