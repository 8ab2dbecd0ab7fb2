#include <bulwark/caf/caf_error.hpp>
#include <bulwark/cluster/detail/hello.hpp>
#include <bulwark/cluster/detail/offer_news.hpp>
#include <bulwark/cluster/detail/peer_notice.hpp>
#include <bulwark/cluster/detail/peer_question.hpp>
#include <bulwark/cluster/detail/role_messages.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/node/detail/system_config.hpp>
#include <bulwark/process/detail/crash_report.hpp>

#include <caf/io/middleman.hpp>
#include <caf/message.hpp>

#include <string>
#include <vector>

namespace bulwark::detail {

namespace {

// CAF's own heartbeats, and its own judgement of who is silent: off, because
// the connections are ours.
constexpr caf::timespan never{0};

std::string render_errc(uint8_t code, caf::atom_value,
                        const caf::message& context) {
  auto text = to_string(static_cast<errc>(code));
  if (context.match_elements<std::string>())
    text += ": " + context.get_as<std::string>(0);
  return text;
}

// Not inlined: g++ 12 sees an overflow in CAF's copies of a constant.
[[gnu::noinline]] std::string name_of_hello() {
  return "bulwark.hello";
}

[[gnu::noinline]] std::string name_of_peer_notice() {
  return "bulwark.peer_notice";
}

[[gnu::noinline]] std::string name_of_offer_news() {
  return "bulwark.offer_news";
}

[[gnu::noinline]] std::string name_of_peer_question() {
  return "bulwark.peer_question";
}

[[gnu::noinline]] std::string name_of_role_call() {
  return "bulwark.role_call";
}

[[gnu::noinline]] std::string name_of_role_reply() {
  return "bulwark.role_reply";
}

} // namespace

system_config::system_config() {
  set("scheduler.max-throughput", throughput_max);
  set("middleman.app-identifiers", std::vector<std::string>{protocol});
  set("middleman.heartbeat-interval", never);
  set("middleman.connection-timeout", never);
  // The one-argument overload does not compile in CAF 0.17.6.
  add_error_category(caf::atom("bulwark"), render_errc);
  bulwark::add_message_types(*this);
  add_message_type<hello>(name_of_hello());
  add_message_type<peer_notice>(name_of_peer_notice());
  add_message_type<offer_news>(name_of_offer_news());
  add_message_type<peer_question>(name_of_peer_question());
  add_message_type<role_call>(name_of_role_call());
  add_message_type<role_reply>(name_of_role_reply());
  load<caf::io::middleman>();
  add_thread_hook<signal_stacks>();
}

} // namespace bulwark::detail
