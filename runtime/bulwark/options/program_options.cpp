#include <bulwark/options/config_error.hpp>
#include <bulwark/options/program_options.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>

namespace bulwark {

namespace {

bool is_lower(char x) {
  return x >= 'a' && x <= 'z';
}

bool is_option_name(const std::string& name) {
  return !name.empty() && is_lower(name.front())
         && std::all_of(name.begin(), name.end(), [](char x) {
              return is_lower(x) || (x >= '0' && x <= '9') || x == '-';
            });
}

} // namespace

program_options& program_options::flag(std::string name, std::string help) {
  return add({std::move(name), std::move(help), program_option::kind::flag,
              typeid(bool), false});
}

program_options& program_options::add(program_option what) {
  if (!is_option_name(what.name))
    throw config_error{"option name is " + bulwark::quoted(what.name)
                       + "; it must be of lower-case letters, digits and "
                         "dashes, and begin with a letter"};
  for (const auto& each : all_)
    if (each.name == what.name)
      throw config_error{"option --" + what.name
                         + " is declared twice; names must be unique"};
  all_.push_back(std::move(what));
  return *this;
}

} // namespace bulwark
