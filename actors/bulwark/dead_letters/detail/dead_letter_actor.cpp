#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/message_size.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/caf/detail/type_names.hpp>
#include <bulwark/dead_letters/detail/dead_letter_actor.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/result.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

namespace {

/// Messages larger than this are not put in words: that takes time and room
/// without a bound of its own.
constexpr size_t words_max = size_t{64} * 1024;

void cut(std::string& text) {
  cut_text(text, dead_letter::text_max);
}

std::string types_of(caf::actor_system& sys, const caf::message& content) {
  std::string result;
  for (size_t i = 0; i < content.size(); ++i)
    result += (i == 0 ? "" : ",") + type_name(sys, content, i);
  cut(result);
  return result;
}

std::string words_of(const caf::message& content, size_t size) {
  if (size > words_max)
    return "(too large to be printed)";
  std::string result;
  try {
    result = caf::to_string(content);
  } catch (...) {
    // That is code of whoever made the type.
    result = "(cannot be printed: " + describe(std::current_exception()) + ")";
  }
  cut(result);
  return result;
}

caf::error no_letter(uint64_t id) {
  return make_error(errc::not_found, "no dead letter has the number "
                                       + std::to_string(id)
                                       + "; ask for the list of them");
}

} // namespace

dead_letter_actor::dead_letter_actor(caf::actor_config& config,
                                     std::shared_ptr<dead_letter_inbox> inbox,
                                     const dead_letter_options& options)
  : system_actor(config, "/dead_letters", options.events),
    inbox_(std::move(inbox)),
    store_(options.letters_max, options.bytes_max) {}

caf::behavior dead_letter_actor::make_behavior() {
  return {
    [this](posted& what) {
      inbox_->taken();
      put_down(what);
    },
    [this](const dead_letters_request& what) {
      store_.count_forgotten(inbox_->take_missed());
      return store_.list(what);
    },
    [this](const resend_dead_letter& what) { return resend(what.id); },
    [this](const discard_dead_letter& what) { return discard(what.id); },
    [this](stop_actor) { quit(caf::exit_reason::user_shutdown); },
  };
}

void dead_letter_actor::put_down(posted& what) {
  auto& lost = what.what;
  kept_letter fresh;
  auto& letter = fresh.letter;
  letter.id = what.id;
  letter.service = lost.service;
  letter.sender = lost.sender ? to_string(lost.sender) : "";
  letter.type = types_of(system(), lost.content);
  letter.size = message_size(lost.content);
  letter.text = words_of(lost.content, letter.size);
  letter.reason = std::move(lost.reason);
  letter.at = what.at;
  letter.kept = lost.repeatable;
  fresh.message = std::move(lost);
  store_.add(std::move(fresh));
  inbox_->says(store_.used_percent());
}

caf::result<caf::unit_t> dead_letter_actor::resend(uint64_t id) {
  const auto* known = store_.find(id);
  if (known == nullptr)
    return no_letter(id);
  if (!known->letter.kept)
    return make_error(errc::not_found, "dead letter " + std::to_string(id)
                                         + " is without its message, which was"
                                           " too large or cannot be repeated");
  auto to = caf::actor_cast<caf::strong_actor_ptr>(known->message.gate);
  if (!to)
    return make_error(errc::stopped, known->letter.service + ": was stopped");
  auto lost = store_.take(id)->message;
  inbox_->says(store_.used_percent());
  if (lost.call != call_options{})
    lost.content = caf::message::concat(caf::make_message(lost.call),
                                        std::move(lost.content));
  post_as(std::move(lost.sender), to, context_of(*this),
          std::move(lost.content));
  return caf::unit;
}

caf::result<caf::unit_t> dead_letter_actor::discard(uint64_t id) {
  if (!store_.take(id))
    return no_letter(id);
  inbox_->says(store_.used_percent());
  return caf::unit;
}

} // namespace bulwark::detail
