#include <bulwark/admin/detail/control_order.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace bulwark::detail {

namespace {

using nlohmann::json;

/// The keys of each, beside `who`, `reason` and `for`.
struct control_word {
  std::string_view word;
  std::array<std::string_view, 8> keys;
};

constexpr std::array<control_word, 9> control_words{{
  {"isolate", {"bulkhead", "level"}},
  {"drain", {"bulkhead", ""}},
  {"reopen", {"bulkhead", ""}},
  {"restart", {"child", ""}},
  {"scale", {"service", "replicas"}},
  {"set", {"fields", ""}},
  {"undo", {"id", ""}},
  {"leave", {"", ""}},
  {"chaos",
   {"act", "experiment", "id", "fault", "random", "replicas", "last_replica",
    "nodes"}},
}};

constexpr duration lasts_min = std::chrono::seconds{1};
constexpr duration lasts_max = std::chrono::hours{24 * 30};
constexpr size_t who_max = 64;
constexpr size_t reason_max = 200;

/// Says what is wrong with an order; caught below.
struct bad_order {
  std::string words;
};

const control_word* find_control_word(std::string_view word) {
  auto found =
    std::find_if(control_words.begin(), control_words.end(),
                 [word](const control_word& x) { return x.word == word; });
  return found == control_words.end() ? nullptr : &*found;
}

/// A text, or a number or truth value as it is written.
std::string value_in(const json& from, const std::string& key) {
  if (from.is_string())
    return from.get<std::string>();
  if (from.is_number_unsigned() || from.is_boolean())
    return from.dump();
  throw bad_order{key + " must be a text or a whole number"};
}

std::string text_in(const json& from, const std::string& key,
                    const std::optional<std::string>& other = std::nullopt) {
  if (from.contains(key))
    return value_in(from.at(key), key);
  if (other)
    return *other;
  throw bad_order{key + " is missing"};
}

std::string short_text_in(const json& from, const std::string& key,
                          size_t most) {
  auto result = text_in(from, key, "");
  if (result.size() > most)
    throw bad_order{
      option_checks::said(key, std::to_string(result.size()) + " bytes long",
                          "at most " + std::to_string(most))};
  return result;
}

std::optional<duration> time_in(const json& from) {
  if (!from.contains("for"))
    return std::nullopt;
  auto text = text_in(from, "for");
  auto result = parse_duration(text);
  if (!result)
    throw bad_order{"for is " + bulwark::quoted(text) + "; "
                    + std::string{duration_rule}};
  if (auto wrong = option_checks::within("for", *result, lasts_min, lasts_max))
    throw bad_order{*wrong};
  return result;
}

uint64_t id_in(const json& from) {
  if (!from.contains("id") || !from.at("id").is_number_unsigned())
    throw bad_order{"id must be the number of a change"};
  return from.at("id").get<uint64_t>();
}

wanted_values fields_in(const json& from) {
  if (!from.contains("fields") || !from.at("fields").is_object())
    throw bad_order{"fields must be an object: a value for each field"};
  wanted_values result;
  for (const auto& [field, value] : from.at("fields").items())
    result.emplace_back(field, value_in(value, field));
  return result;
}

fault_order::act act_in(const json& from) {
  using act = fault_order::act;
  constexpr std::array<std::pair<std::string_view, act>, 5> acts{{
    {"begin", act::begin},
    {"lend", act::lend},
    {"renew", act::renew},
    {"lift", act::lift},
    {"end", act::end},
  }};
  auto word = text_in(from, "act");
  for (const auto& [name, what] : acts)
    if (name == word)
      return what;
  throw bad_order{option_checks::said("act", bulwark::quoted(word),
                                      "begin, lend, renew, lift or end")};
}

/// Numbers and switches of a blast radius, which are its defaults where they
/// are not there.
blast_radius blast_in(const json& from) {
  blast_radius result;
  result.replicas = from.value("replicas", result.replicas);
  result.last_replica = from.value("last_replica", result.last_replica);
  result.nodes = from.value("nodes", result.nodes);
  if (auto wrong = validate(result))
    throw bad_order{*wrong};
  return result;
}

fault_order faults_in(const json& from) {
  fault_order result;
  result.what = act_in(from);
  result.experiment = text_in(from, "experiment");
  if (auto wrong = validate_name("experiment", result.experiment))
    throw bad_order{*wrong};
  if (result.what != fault_order::act::lend)
    return result;
  result.id = text_in(from, "id");
  if (auto wrong = validate_name("id", result.id))
    throw bad_order{*wrong};
  if (auto wrong = read_fault(text_in(from, "fault"), result.fault))
    throw bad_order{*wrong};
  if (from.contains("random") && !from.at("random").is_number_unsigned())
    throw bad_order{"random must be a whole number"};
  result.random = from.value("random", uint64_t{0});
  result.blast = blast_in(from);
  return result;
}

void check_order_keys(const json& from, const control_word& of) {
  for (const auto& [key, value] : from.items()) {
    auto known =
      key == "who" || key == "reason" || key == "for"
      || std::find(of.keys.begin(), of.keys.end(), key) != of.keys.end();
    if (known && !key.empty())
      continue;
    std::string rule;
    for (auto each : of.keys)
      rule += each.empty() ? "" : std::string{each} + ", ";
    throw bad_order{"there is no key " + bulwark::quoted(key.substr(0, 64))
                    + "; it must be " + rule + "who, reason or for"};
  }
}

void fill_in(control_order& into, const json& from, std::string_view word) {
  auto isolation = [&](const std::string& value) {
    into.values = {
      {"bulkhead." + text_in(from, "bulkhead") + ".isolation", value}};
  };
  if (word == "isolate") {
    auto level = text_in(from, "level", "all");
    if (level == "none" || level == "draining")
      throw bad_order{option_checks::said("level", bulwark::quoted(level),
                                          "background, normal or all")};
    isolation(level);
  } else if (word == "drain") {
    isolation("draining");
  } else if (word == "reopen") {
    isolation("none");
  } else if (word == "scale") {
    into.values = {{"service." + text_in(from, "service") + ".replicas",
                    text_in(from, "replicas")}};
  } else if (word == "set") {
    into.values = fields_in(from);
  } else if (word == "restart") {
    into.act = control_act::restart;
    into.child = text_in(from, "child");
    into.what += " " + into.child.substr(0, who_max);
  } else if (word == "undo") {
    into.act = control_act::undo;
    into.change = id_in(from);
  } else if (word == "chaos") {
    into.act = control_act::chaos;
    into.faults = faults_in(from);
  } else {
    into.act = control_act::leave;
  }
}

} // namespace

bool is_control_word(std::string_view word) {
  return find_control_word(word) != nullptr;
}

std::variant<control_order, std::string> read_order(std::string_view word,
                                                    std::string_view body) {
  try {
    auto from = json::parse(body, nullptr, false);
    if (!from.is_object())
      return "the body must be an object of JSON";
    control_order result;
    result.what = word;
    check_order_keys(from, *find_control_word(word));
    fill_in(result, from, word);
    result.who = short_text_in(from, "who", who_max);
    result.reason = short_text_in(from, "reason", reason_max);
    result.lasts = time_in(from);
    if (result.lasts && result.act != control_act::set)
      return std::string{word} + " cannot be taken back; leave out for";
    return result;
  } catch (const bad_order& wrong) {
    return wrong.words;
  } catch (const json::type_error&) {
    return "replicas and nodes must be numbers, and last_replica true or false";
  }
}

} // namespace bulwark::detail
