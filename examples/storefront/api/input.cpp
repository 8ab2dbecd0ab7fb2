#include "api/input.hpp"

#include "api/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace storefront {

using nlohmann::json;

namespace {

/// Objects within objects; what is deeper is refused before it can exhaust
/// the stack.
constexpr int depth_max = 16;

json parse(std::string_view text) {
  auto shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > depth_max)
      throw api_error(400, "body", "body is nested too deeply");
    return true;
  };
  auto result = json::parse(text, shallow, false);
  if (!result.is_object())
    throw api_error(400, "body", "body must be a JSON object");
  return result;
}

std::string range(int64_t min, int64_t max) {
  return std::to_string(min) + " to " + std::to_string(max);
}

} // namespace

input::input(std::string_view text)
  : object_(std::make_shared<const json>(parse(text))) {}

input::input(std::shared_ptr<const json> object, std::string prefix)
  : object_(std::move(object)), prefix_(std::move(prefix)) {}

void input::refuse(const char* name, const std::string& rule) const {
  auto field = prefix_ + name;
  throw api_error(400, field, field + " must be " + rule);
}

const json& input::field(const char* name) const {
  auto found = object_->find(name);
  if (found == object_->end())
    refuse(name, "given");
  return *found;
}

bool input::has(const char* name) const {
  return object_->contains(name);
}

std::string input::text(const char* name, size_t size_max) const {
  auto result = has(name) ? text_or_empty(name, size_max) : std::string{};
  if (result.empty())
    refuse(name,
           "a text of " + range(1, static_cast<int64_t>(size_max)) + " bytes");
  return result;
}

std::string input::text_or_empty(const char* name, size_t size_max) const {
  if (!has(name))
    return {};
  auto* value = field(name).get_ptr<const std::string*>();
  if (value == nullptr || value->size() > size_max)
    refuse(name, "a text of at most " + std::to_string(size_max) + " bytes");
  return *value;
}

std::string input::word(const char* name,
                        std::initializer_list<std::string_view> words) const {
  auto given = text_or_empty(name, 64);
  if (std::find(words.begin(), words.end(), given) != words.end())
    return given;
  std::string rule = "one of";
  for (auto each : words)
    rule.append(each == *words.begin() ? " " : ", ").append(each);
  refuse(name, rule);
}

int64_t input::number(const char* name, int64_t min, int64_t max) const {
  auto& value = field(name);
  // An unsigned number beyond int64_t would turn negative.
  bool fits = value.is_number_integer()
              && !(value.is_number_unsigned()
                   && value.get<uint64_t>() > static_cast<uint64_t>(max));
  if (!fits || value.get<int64_t>() < min || value.get<int64_t>() > max)
    refuse(name, "a whole number from " + range(min, max));
  return value.get<int64_t>();
}

int64_t input::number_or(const char* name, int64_t min, int64_t max,
                         int64_t otherwise) const {
  return has(name) ? number(name, min, max) : otherwise;
}

std::vector<input> input::objects(const char* name, size_t size_max) const {
  auto& value = field(name);
  if (!value.is_array() || value.empty() || value.size() > size_max)
    refuse(name, "a list of " + range(1, static_cast<int64_t>(size_max))
                   + " objects");
  std::vector<input> result;
  for (auto& each : value) {
    auto path = prefix_ + name + "[" + std::to_string(result.size()) + "]";
    if (!each.is_object())
      throw api_error(400, path, path + " must be an object");
    // Shares ownership with the whole.
    result.push_back({std::shared_ptr<const json>{object_, &each}, path + "."});
  }
  return result;
}

std::string input::canonical() const {
  return object_->dump();
}

} // namespace storefront
