#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/calls/peer_answer.hpp>
#include <bulwark/gate/detail/peer_answers.hpp>

#include <caf/deserializer.hpp>
#include <caf/make_message.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

namespace {

/// The same answer with another content.
element_ptr with_content(element_ptr answer, caf::message content) {
  replace_content(answer, std::move(content));
  return answer;
}

/// CAF would take the words out of such an error without a word.
caf::error in_words(const caf::error& what, const std::string& text) {
  return {what.code(), what.category(), caf::make_message(text)};
}

} // namespace

element_ptr to_peer(element_ptr answer, const caf::actor_system& sys,
                    const gate_reports& reports) {
  auto& content = content_of(*answer);
  if (is_error(content)) {
    const auto& error = content.get_as<caf::error>(0);
    auto type =
      error ? unregistered_type(error_content(error), sys) : std::nullopt;
    if (!type)
      return answer;
    auto why = reports.cannot_travel(
      complain_unregistered(travel_failure::answer_written, *type));
    auto told = in_words(error, describe(why));
    return with_content(std::move(answer), caf::make_message(std::move(told)));
  }
  auto type = unregistered_type(content, sys);
  if (type)
    return with_content(
      std::move(answer),
      caf::make_message(reports.cannot_travel(
        complain_unregistered(travel_failure::answer_written, *type))));
  if (is_built_in(content))
    return answer;
  caf::message whole;
  try {
    whole = caf::make_message(peer_answer{take_content(*answer), {}});
  } catch (...) {
    // To copy it runs the service's code.
    whole = caf::make_message(make_error(
      errc::service_crashed,
      "its answer cannot be moved: " + describe(std::current_exception())));
  }
  return with_content(std::move(answer), std::move(whole));
}

element_ptr from_peer(element_ptr answer, const gate_reports& reports) {
  if (!content_of(*answer).match_elements<peer_answer>())
    return answer;
  auto whole = content_of(*answer).move_if_unshared<peer_answer>(0);
  if (whole.unread)
    whole.content = caf::make_message(reports.cannot_travel(
      complain_unread(travel_failure::answer_read, whole.unread)));
  return with_content(std::move(answer), std::move(whole.content));
}

} // namespace bulwark::detail
