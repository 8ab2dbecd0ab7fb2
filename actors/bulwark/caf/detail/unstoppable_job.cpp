#include <bulwark/caf/detail/stream_end.hpp>
#include <bulwark/caf/detail/system_message.hpp>
#include <bulwark/caf/detail/unstoppable_job.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// Returns the name of what must not reach the mailbox, or null.
const char* forbidden(const element& what) noexcept {
  if (has_stream_id(what))
    return "stream message";
  switch (system_message_in(what.content())) {
  case system_message::exit:
    return "exit message";
  case system_message::open_stream:
  case system_message::stream_traffic:
    return "stream message";
  default:
    return nullptr;
  }
}

} // namespace

void unstoppable_job::enqueue(element_ptr what, caf::execution_unit* eu) {
  const auto* name = forbidden(*what);
  if (name == nullptr)
    return system_job::enqueue(std::move(what), eu);
  on_dropped(name, what->sender);
  refuse_stream(what->content(), address(), eu);
  if (what->mid.is_request() && what->sender)
    what->sender->get()->eq_impl(what->mid.response_id(), ctrl(), eu,
                                 refusal_of(name));
}

caf::invoke_message_result unstoppable_job::consume(element& what) {
  before_message();
  return system_job::consume(what);
}

} // namespace bulwark::detail
