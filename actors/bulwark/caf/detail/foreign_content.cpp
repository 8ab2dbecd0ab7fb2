#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/caf/detail/readable_type.hpp>

#include <caf/actor_system.hpp>
#include <caf/deserializer.hpp>
#include <caf/sec.hpp>
#include <caf/uniform_type_info_map.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

namespace {

/// Names come from other nodes, which may send any.
constexpr size_t type_name_max = 200;

const char* subject(travel_failure where) {
  return where == travel_failure::message_written
             || where == travel_failure::message_read
           ? "the message"
           : "the answer";
}

const char* place(travel_failure where) {
  switch (where) {
  case travel_failure::message_written:
    return "the node that sends it";
  case travel_failure::answer_read:
    return "the node that asked";
  default:
    return "the node of the service";
  }
}

} // namespace

caf::error read_content(caf::deserializer& source, caf::message& content,
                        caf::error& unread) noexcept {
  try {
    // Not `source(content)`: CAF 0.17.6 loses the error there.
    unread = content.load(source);
  } catch (...) {
    // The types are the program's, and the lengths the sender's.
    try {
      unread =
        make_error(errc::message_type, describe(std::current_exception()));
    } catch (...) {
      unread = caf::sec::runtime_error;
    }
  }
  return caf::none;
}

std::optional<std::string>
unregistered_type(const caf::type_erased_tuple& content,
                  const caf::actor_system& sys, size_t depth) {
  const auto& types = sys.types();
  for (size_t i = 0; i < content.size(); ++i) {
    auto type = content.type(i);
    if (types.portable_name(type) == types.default_type_name())
      return type.second != nullptr ? readable(*type.second) : "unknown";
    if (depth < nesting_max && content.match_element<caf::message>(i))
      if (auto inner =
            unregistered_type(content.get_as<caf::message>(i), sys, depth + 1))
        return inner;
  }
  return std::nullopt;
}

bool is_built_in(const caf::type_erased_tuple& content) noexcept {
  for (size_t i = 0; i < content.size(); ++i)
    if (content.type(i).first == 0)
      return false;
  return true;
}

travel_complaint complain_unregistered(travel_failure where, std::string type) {
  if (type.size() > type_name_max)
    type.resize(type_name_max);
  std::string text{subject(where)};
  text += " has the type " + type + ", which ";
  text += place(where);
  text += " does not know; register it under the same name on both nodes, "
          "before their first gate: node.message_type<T>(name), or "
          "add_message_type of caf::actor_system_config";
  return {std::move(type), std::move(text)};
}

travel_complaint complain_unread(travel_failure where,
                                 const caf::error& unread) {
  if (unread == caf::sec::unknown_type
      && unread.context().match_elements<std::string>())
    return complain_unregistered(where,
                                 unread.context().get_as<std::string>(0));
  std::string text{place(where)};
  text += " cannot read ";
  text += subject(where);
  text += " (" + describe(unread)
          + "); its types must be registered under the same names, and their "
            "inspect must be the same, on both nodes";
  return {"", std::move(text)};
}

} // namespace bulwark::detail
