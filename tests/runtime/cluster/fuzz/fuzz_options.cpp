// For libFuzzer: a command line, an argument in each line.
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/read_options.hpp>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::istringstream text{
    std::string{reinterpret_cast<const char*>(data), size}};
  std::vector<std::string> arguments;
  for (std::string line; std::getline(text, line);)
    // Files are another matter.
    if (line.find("config") == std::string::npos)
      arguments.push_back(line);
  try {
    bulwark::read_options(arguments, {});
  } catch (const bulwark::config_error&) {
    // The one thing that may be thrown.
  }
  return 0;
}
