#include "support/arguments.hpp"

#include <iostream>

namespace bench {

namespace po = boost::program_options;

arguments::arguments(const std::string& program)
  : program_(program), known_(program) {
  known_.add_options()("help", "this text");
}

int64_t& arguments::add(const std::string& name, int64_t preset,
                        const std::string& what) {
  auto& value = values_.emplace_back(preset);
  known_.add_options()(name.c_str(), po::value(&value)->default_value(preset),
                       what.c_str());
  return value;
}

std::optional<int> arguments::read(int argc, char** argv) {
  po::variables_map given;
  try {
    po::store(po::parse_command_line(argc, argv, known_), given);
    po::notify(given);
  } catch (const po::error& e) {
    std::cerr << program_ << ": " << e.what() << "; see --help\n";
    return 64;
  }
  for (auto value : values_)
    if (value < 1) {
      std::cerr << program_ << ": " << value << " is not at least 1\n";
      return 64;
    }
  if (given.count("help") == 0)
    return std::nullopt;
  std::cout << known_;
  return 0;
}

} // namespace bench
