#include <bulwark/gate/detail/crash_note.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>

#include <caf/mailbox_element.hpp>
#include <caf/type_nr.hpp>

#include <typeinfo>

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
  auto* element = this_service()->self->current_mailbox_element();
  if (element == nullptr)
    return;
  const auto& content = element->content();
  if (content.empty()) {
    line << ", an empty message";
    return;
  }
  auto [number, type] = content.type(0);
  line << ", message ";
  if (number != 0)
    line << caf::numbered_type_names[number - 1];
  else
    line.add_type(type->name());
}

} // namespace bulwark::detail
