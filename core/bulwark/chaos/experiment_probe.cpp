#include <bulwark/chaos/detail/text_fields.hpp>
#include <bulwark/chaos/experiment_probe.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <algorithm>

namespace bulwark {

using namespace option_checks;

namespace {

using std::chrono::milliseconds;

complaint check_method(const std::string& method) {
  auto word = !method.empty() && method.size() <= 16
              && std::all_of(method.begin(), method.end(),
                             [](char c) { return c >= 'A' && c <= 'Z'; });
  return word ? complaint{}
              : said("probe.method", method.empty() ? "empty" : method,
                     "a word in capitals, such as GET");
}

complaint check_path(const std::string& path) {
  return path.starts_with('/')
           ? complaint{}
           : said("probe.path", path.empty() ? "empty" : path,
                  "a path that begins with /");
}

/// Takes `every=...` and `timeout=...` off the front of `text`.
complaint read_times(std::string_view& text, experiment_probe& out) {
  for (;;) {
    auto rest = text;
    auto word = next_word(rest);
    complaint wrong;
    if (word.starts_with("every="))
      wrong = read_length("probe.every", word.substr(6), out.every);
    else if (word.starts_with("timeout="))
      wrong = read_length("probe.timeout", word.substr(8), out.timeout);
    else
      return std::nullopt;
    if (wrong)
      return wrong;
    text = rest;
  }
}

} // namespace

complaint validate(const experiment_probe& what) {
  return first_of(
    validate_name("probe.name", what.name), check_method(what.method),
    check_path(what.path),
    within("probe.every", what.every, milliseconds{5}, std::chrono::minutes{1}),
    within("probe.timeout", what.timeout, milliseconds{1},
           std::chrono::minutes{1}));
}

complaint read_probe(std::string_view text, experiment_probe& out) {
  experiment_probe result;
  result.name = next_word(text);
  result.method = next_word(text);
  result.path = next_word(text);
  if (auto wrong = read_times(text, result))
    return wrong;
  result.body = trimmed(text);
  if (auto wrong = validate(result))
    return wrong;
  out = std::move(result);
  return std::nullopt;
}

std::string to_string(const experiment_probe& what) {
  return what.name + " " + what.method + " " + what.path
         + " every=" + to_text(what.every) + " timeout=" + to_text(what.timeout)
         + (what.body.empty() ? "" : " " + what.body);
}

} // namespace bulwark
