#include "rules/project.hpp"

#include <catch2/catch.hpp>

namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using rules::project;

std::string function_of(size_t lines, const std::string& head) {
  std::string text = "#pragma once\n" + head + "\n";
  for (size_t i = 2; i < lines; ++i)
    text += "  if (x) { y({1, 2}); }\n";
  return text + "}\n";
}

} // namespace

TEST_CASE("a project that keeps every rule passes", "[rules]") {
  CHECK(project{}.check().empty());
}

TEST_CASE("core may not use CAF, threads, waits, clocks, chance or files",
          "[rules]") {
  auto [code, remedy] = GENERATE(table<const char*, const char*>({
    {"#include <caf/actor.hpp>", "actors/"},
    {"#include <thread>", "atomics"},
    {"#include <mutex>", "atomics"},
    {"#include <condition_variable>", "atomics"},
    {"inline void f() { std::this_thread::yield(); }", "atomics"},
    {"inline void f() { flag.wait(false); }", "never waits"},
    {"inline auto f() { return clock::now(); }", "as an argument"},
    {"inline auto f() { return std::time(nullptr); }", "as an argument"},
    {"#include <random>", "as an argument"},
    {"inline int f() { return rand(); }", "as an argument"},
    {"inline std::random_device device;", "as an argument"},
    {"#include <iostream>", "return a value"},
    {"#include <boost/asio.hpp>", "runtime/"},
    {"inline void f() { std::printf(text); }", "return a value"},
  }));
  CAPTURE(code);
  const auto fault = project{}.fault_of_line("core/bulwark/text/x.hpp", code);
  CHECK_THAT(fault, StartsWith("core/bulwark/text/x.hpp:2: "));
  CHECK_THAT(fault, Contains(remedy));
}

TEST_CASE("comments and texts in core may name what code may not", "[rules]") {
  project tree;
  CHECK(tree.fault_of_line("core/bulwark/text/x.hpp", "// never calls ::now()")
        == "");
  CHECK(
    tree.fault_of_line("core/bulwark/text/x.hpp", "/// see <mutex>, std::mutex")
    == "");
  CHECK(tree.fault_of_line("core/bulwark/text/x.hpp", "std::snprintf(x, 2, y);")
        == "");
  CHECK(tree.fault_of_line("core/bulwark/text/x.hpp",
                           R"(inline auto text = "caf::exit_reason";)")
        == "");
}

TEST_CASE("actors take the time from the actor clock", "[rules]") {
  project tree;
  CHECK_THAT(tree.fault_of_line("actors/bulwark/gate/x.hpp",
                                "auto t = std::chrono::steady_clock::now();"),
             Contains("x.hpp:2: ") && Contains("system().clock()"));
  CHECK(tree.fault_of_line("actors/bulwark/gate/x.hpp",
                           "auto t = self->clock().now();")
        == "");
}

TEST_CASE("an include may not point up a floor", "[rules]") {
  auto [path, header] = GENERATE(table<const char*, const char*>({
    {"core/bulwark/text/x.hpp", "bulwark/gate/b.hpp"},
    {"core/bulwark/text/x.hpp", "bulwark/node/c.hpp"},
    {"actors/bulwark/gate/x.hpp", "bulwark/node/c.hpp"},
    {"actors/bulwark/gate/x.hpp", "caf/io/all.hpp"},
    {"actors/bulwark/gate/x.hpp", "boost/program_options.hpp"},
    {"actors/bulwark/gate/x.hpp", "spdlog/spdlog.h"},
    {"actors/bulwark/gate/x.hpp", "SQLiteCpp/SQLiteCpp.h"},
    {"actors/bulwark/gate/x.hpp", "pqxx/connection"},
    {"actors/bulwark/gate/x.hpp", "openssl/evp.h"},
  }));
  CAPTURE(path, header);
  CHECK_THAT(
    project{}.fault_of_line(path, "#include <" + std::string{header} + ">"),
    StartsWith(std::string{path} + ":2: ") && Contains("may not use"));
}

TEST_CASE("an include may point down or aside", "[rules]") {
  auto [path, header] = GENERATE(table<const char*, const char*>({
    {"actors/bulwark/gate/x.hpp", "bulwark/text/a.hpp"},
    {"actors/bulwark/gate/x.hpp", "bulwark/gate/b.hpp"},
    {"actors/bulwark/gate/x.hpp", "caf/actor.hpp"},
    {"runtime/bulwark/node/x.hpp", "bulwark/text/a.hpp"},
    {"runtime/bulwark/node/x.hpp", "caf/io/all.hpp"},
    {"runtime/bulwark/node/detail/x.hpp", "boost/program_options.hpp"},
    {"examples/hello/x.hpp", "bulwark/node/c.hpp"},
    {"runtime/bulwark/node/x.hpp", "pqxx/connection"},
    {"examples/hello/x.hpp", "sqlite3.h"},
    {"tests/runtime/x.hpp", "bulwark/node/c.hpp"},
  }));
  CAPTURE(path, header);
  CHECK(project{}.fault_of_line(path, "#include <" + std::string{header} + ">")
        == "");
}

TEST_CASE("a header for users brings no heavy one along", "[rules]") {
  auto header =
    GENERATE("boost/any.hpp", "spdlog/spdlog.h", "caf/execution_unit.hpp");
  auto line = "#include <" + std::string{header} + ">";
  CAPTURE(header);
  CHECK_THAT(project{}.fault_of_line("runtime/bulwark/node/x.hpp", line),
             Contains("x.hpp:2: users include this header"));
  CHECK(project{}
          .fault("runtime/bulwark/node/x.cpp", line + "\n")
          .find("users include")
        == std::string::npos);
}

TEST_CASE("words of several meanings do not come back", "[rules]") {
  auto line = GENERATE("class permit_book;", "permit_table book_;",
                       "struct seat {};", "std::optional<uint32_t> pulse;");
  CAPTURE(line);
  CHECK_THAT(project{}.fault_of_line("core/bulwark/text/x.hpp", line),
             Contains("x.hpp:2: say "));
  CHECK(project{}.fault_of_line("tests/core/x.hpp", line) == "");
}

TEST_CASE("a family may not use one above it", "[rules]") {
  project tree;
  tree.write("core/bulwark/gate/slot.hpp", "#pragma once\n");
  tree.write("actors/bulwark/pool/pool.hpp", "#pragma once\n");
  tree.write("runtime/bulwark/log/log.hpp", "#pragma once\n");
  auto [path, header,
        fault] = GENERATE(table<const char*, const char*, const char*>({
    {"core/bulwark/text/x.hpp", "bulwark/gate/slot.hpp",
     "text may not use gate"},
    {"core/bulwark/text/detail/x.hpp", "bulwark/gate/slot.hpp",
     "text may not use gate"},
    {"actors/bulwark/gate/x.hpp", "bulwark/pool/pool.hpp",
     "gate may not use pool"},
    {"runtime/bulwark/log/x.hpp", "bulwark/node/c.hpp", "log may not use node"},
    {"core/bulwark/gate/x.hpp", "bulwark/text/a.hpp", ""},
    {"core/bulwark/gate/x.hpp", "bulwark/gate/slot.hpp", ""},
    {"runtime/bulwark/node/x.hpp", "bulwark/log/log.hpp", ""},
    {"actors/bulwark/caf/x.hpp", "bulwark/gate/slot.hpp", ""},
  }));
  CAPTURE(path, header);
  auto said =
    tree.fault_of_line(path, "#include <" + std::string{header} + ">");
  if (*fault == '\0')
    CHECK(said == "");
  else
    CHECK_THAT(said, Contains("x.hpp:2: ") && Contains(fault));
}

TEST_CASE("a file stands in the folder of its family", "[rules]") {
  project tree;
  CHECK_THAT(tree.fault_of_line("core/bulwark/x.hpp", ""),
             Contains("only umbrella headers"));
  CHECK_THAT(tree.fault_of_line("runtime/bulwark/x.hpp", ""),
             Contains("only umbrella headers"));
  CHECK_THAT(tree.fault_of_line("core/bulwark/sundries/x.hpp", ""),
             Contains("no family sundries"));
  CHECK(tree.fault_of_line("actors/bulwark/actors.hpp", "") == "");
  CHECK(tree.fault_of_line("runtime/bulwark/bulwark.hpp", "") == "");
}

TEST_CASE("programs use no detail", "[rules]") {
  project tree;
  tree.write("core/bulwark/gate/detail/slot.hpp", "#pragma once\n");
  auto line = "#include <bulwark/gate/detail/slot.hpp>";
  CHECK_THAT(tree.fault_of_line("examples/hello/x.hpp", line),
             Contains("not for programs"));
  CHECK(tree.fault_of_line("actors/bulwark/gate/x.hpp", line) == "");
}

TEST_CASE("headers of the floors are included in one way", "[rules]") {
  project tree;
  CHECK_THAT(
    tree.fault_of_line("core/bulwark/text/x.hpp", "#include \"a.hpp\""),
    Contains("<bulwark/...>"));
  CHECK_THAT(tree.fault_of_line("core/bulwark/text/x.hpp",
                                "#include <bulwark/gone.hpp>"),
             Contains("no floor has"));
}

TEST_CASE("tests neither sleep nor use chance without a seed", "[rules]") {
  auto code = GENERATE("std::this_thread::sleep_for(1ms);", "sleep_until(t);",
                       "usleep(1);", "sleep(1);", "std::random_device r;",
                       "auto n = rand();");
  CAPTURE(code);
  CHECK_THAT(project{}.fault_of_line("tests/actors/x.hpp", code),
             StartsWith("tests/actors/x.hpp:2: "));
}

TEST_CASE("long files, lines and functions are found", "[rules]") {
  project tree;
  auto lines = [](size_t n) {
    return "#pragma once\n" + std::string(n - 1, '\n');
  };
  CHECK(tree.fault("core/bulwark/text/x.hpp", lines(300)) == "");
  CHECK_THAT(tree.fault("core/bulwark/text/x.hpp", lines(301)),
             Contains(":301: "));
  CHECK(tree.fault("tests/core/x.hpp", lines(400)) == "");
  CHECK_THAT(tree.fault("tests/core/x.hpp", lines(401)), Contains(":401: "));
  CHECK(
    tree.fault_of_line("core/bulwark/text/x.hpp", "//" + std::string(78, 'x'))
    == "");
  CHECK_THAT(
    tree.fault_of_line("core/bulwark/text/x.hpp", "//" + std::string(79, 'x')),
    Contains("x.hpp:2: ") && Contains("80 columns"));
}

TEST_CASE("a line's columns are its characters", "[rules]") {
  std::string line = "//";
  for (int i = 0; i < 78; ++i)
    line += "\xE2\x80\xA6";
  CHECK(project{}.fault_of_line("core/bulwark/text/x.hpp", line) == "");
}

TEST_CASE("a function of more than 50 lines is found", "[rules]") {
  auto head = GENERATE(
    "void f() {", "auto f(int x) -> std::vector<int> {",
    "int x::f(int y) const noexcept {", "x::x() : a_(1), b_{2} {",
    "x::x(int y) : a_{y}, b_(2) {", "TEST_CASE(\"a { b\", \"[c]\") {",
    "template <class T> void f(T x) {", "namespace { void f() {",
    "class c { public: void f() {", "template <class T> struct c { f() {");
  CAPTURE(head);
  project tree;
  CHECK(tree.fault("core/bulwark/text/x.hpp", function_of(50, head)) == "");
  CHECK_THAT(tree.fault("core/bulwark/text/x.hpp", function_of(51, head)),
             Contains("x.hpp:2: ") && Contains("51 lines"));
  CHECK(tree.fault("tests/core/x.hpp", function_of(100, head)) == "");
  CHECK_THAT(tree.fault("tests/core/x.hpp", function_of(101, head)),
             Contains("101 lines"));
}

TEST_CASE("what is no function may be long", "[rules]") {
  auto head = GENERATE("struct x {", "namespace a::b {", "enum class e : int {",
                       "class x final : public y<z> {", "namespace {",
                       "const std::vector<int> table{");
  CAPTURE(head);
  CHECK(project{}.fault("core/bulwark/text/x.hpp", function_of(120, head))
        == "");
}

TEST_CASE("a header without a guard is found", "[rules]") {
  CHECK_THAT(project{}.fault("core/bulwark/text/x.hpp", "int x;\n"),
             Contains("#pragma once"));
}

TEST_CASE("a source that is not built is found", "[rules]") {
  project tree;
  CHECK_THAT(tree.fault("core/bulwark/text/x.cpp", "int x;\n"),
             StartsWith("core/bulwark/text/x.cpp:1: no CMakeLists.txt"));
  tree.write("core/CMakeLists.txt",
             "floor(bulwark/text/a.cpp\n# bulwark/text/x.cpp\n)");
  CHECK_THAT(tree.fault("core/bulwark/text/x.cpp", "int x;\n"),
             Contains("no CMakeLists.txt"));
  tree.write("core/CMakeLists.txt",
             "floor(bulwark/text/a.cpp bulwark/text/xx.cpp)");
  CHECK_THAT(tree.fault("core/bulwark/text/x.cpp", "int x;\n"),
             Contains("no CMakeLists.txt"));
  tree.write("core/CMakeLists.txt",
             "floor(bulwark/text/a.cpp\nbulwark/text/x.cpp)");
  CHECK(tree.fault("core/bulwark/text/x.cpp", "int x;\n") == "");
}

TEST_CASE("what was left for later is found", "[rules]") {
  const auto word = GENERATE("TO"
                             "DO",
                             "FIX"
                             "ME",
                             "XX"
                             "X");
  CHECK_THAT(project{}.fault_of_line("runtime/bulwark/node/x.hpp",
                                     "// " + std::string{word} + ": more"),
             StartsWith("runtime/bulwark/node/x.hpp:2: "));
}
