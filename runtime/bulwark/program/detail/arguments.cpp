#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/arguments.hpp>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>

#include <iostream>

namespace bulwark::program {

namespace po = boost::program_options;

std::optional<po::variables_map>
read_arguments(const char* command, const std::string& words,
               po::options_description known,
               const std::vector<std::string>& arguments,
               const std::vector<std::string>& places) {
  using po::command_line_style::allow_guessing;
  using po::command_line_style::unix_style;
  std::string usage = command;
  po::positional_options_description positional;
  for (const auto& each : places) {
    auto name = each.substr(0, each.find('.'));
    positional.add(name.c_str(), name == each ? 1 : -1);
    usage += " " + boost::algorithm::to_upper_copy(each);
  }
  known.add_options()("help", "show this and end");
  po::variables_map result;
  try {
    po::store(po::command_line_parser{arguments}
                .options(known)
                .positional(positional)
                .style(unix_style & ~allow_guessing)
                .run(),
              result);
    if (result.count("help") != 0) {
      std::cout << "usage: bulwark " << usage << " [--OPTION=VALUE ...]\n\n"
                << words << "\n\n"
                << known;
      return std::nullopt;
    }
    po::notify(result);
  } catch (const po::error& e) {
    throw config_error{std::string{command} + ": " + e.what() + "; see bulwark "
                       + command + " --help"};
  }
  return result;
}

} // namespace bulwark::program
