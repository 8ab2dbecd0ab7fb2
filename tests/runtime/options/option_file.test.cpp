// What a file of options may look like, and what becomes of one that is none:
// a directory was taken for an empty file.

#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/option_file.hpp>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

using namespace bulwark;
using detail::file_entry;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> result;
  for (const auto& each : detail::parse_option_file(text, "x.ini"))
    result.push_back(std::to_string(each.line) + " " + each.key + "="
                     + each.value);
  return result;
}

std::string complaint_about(std::string_view text) {
  try {
    detail::parse_option_file(text, "x.ini");
  } catch (const config_error& e) {
    return e.what();
  }
  return "accepted";
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("a file is sections, keys and values, each with its line",
          "[options]") {
  CHECK(lines_of("") == lines{});
  CHECK(lines_of("\n\n") == lines{});
  CHECK(lines_of("name=a") == lines{"1 name=a"});
  CHECK(lines_of("a = 1\n[s]\nb=2\n[ s.t ]\n c = 3 4 \n")
        == lines{"1 a=1", "3 s.b=2", "5 s.t.c=3 4"});
  CHECK(lines_of("empty=\nx=a=b\n") == lines{"1 empty=", "2 x=a=b"});
}

TEST_CASE("comments, byte order marks and Windows' ends of lines are passed "
          "over",
          "[options]") {
  CHECK(lines_of("\xef\xbb\xbf[s]\r\na = 1\r\n") == lines{"2 s.a=1"});
  CHECK(lines_of("; one\n  ;two\n# three\na=1 # four\n") == lines{"4 a=1"});
  // A connection's text may contain it.
  CHECK(lines_of("a = x;y ; z\n") == lines{"1 a=x;y ; z"});
}

TEST_CASE("a line that is neither is refused with its number", "[options]") {
  CHECK(complaint_about("a=1\n\nword\n")
        == "x.ini:3: the line is \"word\"; it must be [SECTION] or KEY = "
           "VALUE");
  for (const auto* bad : {"[]", "[", "[s", "=1", " = 1", "]"}) {
    CAPTURE(bad);
    CHECK(complaint_about(bad).find("x.ini:1: the line is ") == 0);
  }
}

TEST_CASE("what is no file, or a huge one, is refused by name", "[options]") {
  auto folder = std::filesystem::temp_directory_path();
  CHECK_THROWS_WITH(detail::option_file_text(folder.string()),
                    "--config is \"" + folder.string()
                      + "\"; it must be a file, and is a directory");
  auto path = folder / ("bulwark-huge-" + std::to_string(::getpid()) + ".ini");
  {
    std::ofstream out{path};
    out << std::string(detail::option_file_max, '\n');
  }
  CHECK(detail::option_file_text(path.string()).size()
        == detail::option_file_max);
  std::ofstream{path, std::ios::app} << "x";
  CHECK_THROWS_WITH(detail::option_file_text(path.string()),
                    Catch::EndsWith("it must be at most 1048576 bytes long"));
  std::filesystem::remove(path);
  CHECK_THROWS_WITH(detail::option_file_text(path.string()),
                    Catch::Contains("; it cannot be read: No such file"));
}
