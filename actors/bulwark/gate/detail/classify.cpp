#include <bulwark/caf/detail/system_message.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/gate_command.hpp>

#include <typeinfo>

namespace bulwark::detail {

arrival classify(const element& what) noexcept {
  // A gate asks nobody, monitors nobody and sets itself no timeout.
  if (is_response(what) || has_stream_id(what))
    return arrival::refused;
  auto& content = content_of(what);
  switch (system_message_in(content)) {
  case system_message::exit:
  case system_message::open_stream:
  case system_message::notice:
  case system_message::error:
    return arrival::refused;
  case system_message::query:
    return arrival::query;
  case system_message::stream_traffic:
  case system_message::none:
    break;
  }
  const auto* type = first_type(content);
  if (type == nullptr)
    return arrival::client;
  if (content.size() > 1)
    return *type == typeid(call_options) ? arrival::call : arrival::client;
  // A request with such a content would get no answer from the gate itself.
  if (*type == typeid(gate_command))
    return is_request(what) ? arrival::refused : arrival::own;
  return *type == typeid(envelope) ? arrival::envelope : arrival::client;
}

} // namespace bulwark::detail
