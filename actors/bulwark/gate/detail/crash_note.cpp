#include <bulwark/caf/detail/self.hpp>
#include <bulwark/caf/detail/type_names.hpp>
#include <bulwark/gate/detail/crash_note.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>

namespace bulwark::detail {

bool add_running_service(plain_line& line) noexcept {
  const auto* running = this_service();
  if (running == nullptr)
    return false;
  if (running->core != nullptr)
    line << "service " << running->core->name() << ", replica "
         << uint64_t{running->hand->index()} + 1;
  else
    line << "an actor without a gate";
  line << ", incarnation " << running->hand->incarnation();
  return true;
}

void add_current_message(plain_line& line) noexcept {
  const auto* what = message_in_hand(*this_service()->self);
  if (what == nullptr)
    return;
  const auto& content = content_of(*what);
  if (content.empty()) {
    line << ", an empty message";
    return;
  }
  line << ", message ";
  add_first_type(line, content);
}

} // namespace bulwark::detail
