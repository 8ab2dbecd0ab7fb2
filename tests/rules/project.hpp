#pragma once

#include "rules/rules.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace rules {

/// A small project that keeps every rule, to plant faults in.
class project {
public:
  project() : root_(std::filesystem::temp_directory_path() / unique_name()) {
    write("core/CMakeLists.txt", "floor(core SOURCES bulwark/text/a.cpp)\n");
    write("core/bulwark/text/a.hpp", "#pragma once\n");
    write("core/bulwark/text/a.cpp", "#include <bulwark/text/a.hpp>\n");
    write("actors/bulwark/gate/b.hpp",
          "#pragma once\n#include <caf/all.hpp>\n");
    write("runtime/bulwark/node/c.hpp",
          "#pragma once\n#include <bulwark/gate/b.hpp>\n");
    write("tests/support/process.hpp", "#pragma once\nvoid f() { usleep(1); }");
  }

  ~project() { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream{root_ / path} << text;
  }

  std::vector<finding> check() const { return rules::check(root_); }

  /// Returns what the checks say when `text` stands in the new file `path`, in
  /// the form `path:line: message`, or "" if they say nothing.
  std::string fault(const std::string& path, const std::string& text) const {
    write(path, text);
    std::string result;
    for (const auto& [where, line, message] : check())
      result += where + ":" + std::to_string(line) + ": " + message + "\n";
    std::filesystem::remove(root_ / path);
    return result;
  }

  /// Like above, for the second line of a header.
  std::string fault_of_line(const std::string& path,
                            const std::string& line) const {
    return fault(path, "#pragma once\n" + line + "\n");
  }

private:
  static std::string unique_name() {
    static int count = 0;
    return "bulwark-rules-" + std::to_string(getpid()) + "-"
           + std::to_string(++count);
  }

  std::filesystem::path root_;
};

} // namespace rules
