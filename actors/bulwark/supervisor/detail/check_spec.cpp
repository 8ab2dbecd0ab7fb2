#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervisor/detail/check_spec.hpp>
#include <bulwark/supervisor/detail/child_record.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

constexpr size_t id_max = 64;

bool is_good_id(const std::string& id) {
  return !id.empty() && id.size() <= id_max
         && std::all_of(id.begin(), id.end(), [](char c) {
              return c > ' ' && c < '\x7f' && c != '/';
            });
}

} // namespace

std::optional<std::string> check_id(const std::string& id) {
  if (is_good_id(id))
    return std::nullopt;
  return "child.id is " + bulwark::quoted(id.substr(0, id_max))
         + "; it must be 1 to 64 printable characters, without spaces and '/'";
}

std::optional<std::string> check_spec(const child_spec& spec,
                                      const supervisor_policy& parent) {
  if (auto wrong = check_id(spec.id))
    return wrong;
  if (!spec.start)
    return "child.start of " + spec.id + " is empty; it must be a function";
  if (spec.kind == child_kind::supervisor && may_resume(spec.on_failure))
    return "child.on_failure of " + spec.id
           + " says resume; it must not for a supervisor, which has no "
             "messages that could fail alone";
  if (auto wrong = validate_severity_shift(spec.severity_shift))
    return "child." + *wrong;
  if (auto wrong = validate(spec.on_failure))
    return spec.id + ": " + *wrong;
  if (auto wrong = validate(policy_of(spec), parent))
    return spec.id + ": " + *wrong;
  return std::nullopt;
}

} // namespace bulwark::detail
