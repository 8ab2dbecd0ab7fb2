#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/options/detail/program_values.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

namespace po = boost::program_options;

using texts = std::vector<std::string>;

template <class T>
broken_rule read_option(const std::string& text, T& out) {
  return read_value(text, out);
}

broken_rule read_option(const std::string& text, std::string& out) {
  out = text;
  return std::nullopt;
}

broken_rule read_option(const std::string& text, host_port& out) {
  auto read = parse_host_port(text);
  if (!read)
    return "it must be HOST:PORT, such as 127.0.0.1:7000 or [::1]:7000";
  out = *read;
  return std::nullopt;
}

template <class T>
std::string show_option(const T& value) {
  return show_value(value);
}

std::string show_option(const std::string& value) {
  return value;
}

std::string show_option(const host_port& value) {
  return to_string(value);
}

/// What is done with the values of one type.
struct value_type {
  std::type_index type;
  broken_rule (*read)(const std::string&, std::any&);
  std::string (*show)(const std::any&);
};

template <class T>
value_type value_of() {
  return {typeid(T),
          [](const std::string& text, std::any& out) {
            T value{};
            auto rule = read_option(text, value);
            out = std::move(value);
            return rule;
          },
          [](const std::any& value) {
            return show_option(std::any_cast<const T&>(value));
          }};
}

/// @pre it is no list
const value_type& type_of(const program_option& what) {
  static const std::vector<value_type> all{
    value_of<bool>(),     value_of<int32_t>(),     value_of<int64_t>(),
    value_of<uint16_t>(), value_of<uint32_t>(),    value_of<uint64_t>(),
    value_of<double>(),   value_of<std::string>(), value_of<duration>(),
    value_of<host_port>()};
  return *std::find_if(all.begin(), all.end(), [&](const auto& each) {
    return each.type == what.type;
  });
}

bool is_list(const program_option& what) {
  return what.type == typeid(texts);
}

/// Values are texts to the parser, so that complaints are in our words.
po::value_semantic* semantic_of(const program_option& what) {
  if (what.how == program_option::kind::flag)
    return po::bool_switch();
  if (is_list(what)) {
    auto result = po::value<texts>();
    if (what.preset.has_value())
      result->default_value(std::any_cast<const texts&>(what.preset), "");
    return what.how == program_option::kind::required ? result->required()
                                                      : result;
  }
  auto result = po::value<std::string>();
  if (what.preset.has_value())
    result->default_value(type_of(what).show(what.preset));
  return what.how == program_option::kind::required ? result->required()
                                                    : result;
}

} // namespace

po::options_description describe_program(const program_options& options) {
  po::options_description result{"Program"};
  for (const auto& each : options.all())
    result.add_options()(each.name.c_str(), semantic_of(each),
                         each.help.c_str());
  return result;
}

program_values read_program_values(const program_options& options,
                                   const po::variables_map& given,
                                   const file_origins& origins) {
  program_values result;
  for (const auto& each : options.all()) {
    if (given.count(each.name) == 0)
      continue;
    const auto& value = given[each.name];
    auto& out = result[each.name];
    if (each.how == program_option::kind::flag)
      out = value.as<bool>();
    else if (is_list(each))
      out = value.as<texts>();
    else if (value.defaulted())
      out = each.preset;
    else if (auto rule = type_of(each).read(value.as<std::string>(), out))
      throw config_error{origins.shown(each.name, value.as<std::string>())
                         + " is " + bulwark::quoted(value.as<std::string>())
                         + "; " + *rule};
  }
  return result;
}

} // namespace bulwark::detail
