#include <bulwark/process/detail/descriptor_limit.hpp>
#include <bulwark/process/detail/process_figures.hpp>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace bulwark::detail {

namespace fs = std::filesystem;

namespace {

/// The words of `/proc/self/stat` behind the name of the program, which may
/// hold anything: the first is the third of the line, see proc(5).
std::vector<std::string> words_of_stat(const fs::path& proc) {
  std::ifstream in{proc / "self" / "stat"};
  std::string line{std::istreambuf_iterator<char>{in}, {}};
  auto end = line.rfind(')');
  if (end == std::string::npos)
    return {};
  std::istringstream rest{line.substr(end + 1)};
  return {std::istream_iterator<std::string>{rest}, {}};
}

/// The word with this number in proc(5), from 3.
std::optional<double> field_of_stat(const std::vector<std::string>& words,
                                    size_t number) {
  if (words.size() + 3 <= number)
    return std::nullopt;
  std::istringstream in{words[number - 3]};
  double result = 0;
  if (in >> result)
    return result;
  return std::nullopt;
}

/// When the machine was started.
std::optional<double> boot_seconds(const fs::path& proc) {
  std::ifstream in{proc / "stat"};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line};
    std::string key;
    double value = 0;
    if (words >> key >> value && key == "btime")
      return value;
  }
  return std::nullopt;
}

std::optional<double> count_files(const fs::path& folder) {
  std::error_code failure;
  double result = 0;
  for (fs::directory_iterator each{folder, failure}, end;
       !failure && each != end; each.increment(failure))
    ++result;
  if (failure)
    return std::nullopt;
  return result;
}

} // namespace

process_figures read_process_figures(const fs::path& proc) {
  auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  auto words = words_of_stat(proc);
  process_figures result;
  auto user = field_of_stat(words, 14);
  auto system = field_of_stat(words, 15);
  if (user && system)
    result.cpu_seconds = (*user + *system) / ticks;
  result.threads = field_of_stat(words, 20);
  auto started = field_of_stat(words, 22);
  auto booted = boot_seconds(proc);
  if (started && booted)
    result.start_time_seconds = *booted + *started / ticks;
  result.virtual_bytes = field_of_stat(words, 23);
  if (auto pages = field_of_stat(words, 24))
    result.resident_bytes = *pages * page;
  result.open_descriptors = count_files(proc / "self" / "fd");
  result.descriptors_max = static_cast<double>(descriptor_limit());
  return result;
}

} // namespace bulwark::detail
