#include "support/temp_folder.hpp"

#include <bulwark/process/detail/process_figures.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <string>

#include <unistd.h>

using bulwark::detail::read_process_figures;
namespace fs = std::filesystem;

TEST_CASE("a process tells what the kernel says of it", "[admin]") {
  auto now = std::chrono::duration<double>{
    std::chrono::system_clock::now().time_since_epoch()};
  auto it = read_process_figures();
  CHECK(it.cpu_seconds.value() >= 0);
  CHECK(it.resident_bytes.value() > 1e6);
  CHECK(it.virtual_bytes.value() >= it.resident_bytes.value());
  CHECK(it.threads.value() >= 1);
  CHECK(it.open_descriptors.value() >= 3);
  CHECK(it.descriptors_max.value() >= it.open_descriptors.value());
  // Within a day: this test may have been stopped for a while.
  CHECK(it.start_time_seconds.value() < now.count() + 10);
  CHECK(it.start_time_seconds.value() > now.count() - 86'400);
}

TEST_CASE("a program's name deceives nobody", "[admin]") {
  test::temp_folder proc;
  fs::create_directories(proc.path() / "self" / "fd");
  std::ofstream{proc.path() / "stat"} << "cpu 1 2\nbtime 1000\n";
  std::ofstream{proc.path() / "self" / "stat"}
    << "7 (a) R 1) S 1 1 1 0 -1 0 0 0 0 0 200 100 0 0 20 0 5 0 300 4096 2 0\n";
  std::ofstream{proc.path() / "self" / "fd" / "0"} << "";
  auto it = read_process_figures(proc.path());
  auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  CHECK(it.cpu_seconds == 300 / ticks);
  CHECK(it.threads == 5.0);
  CHECK(it.start_time_seconds == 1000 + 300 / ticks);
  CHECK(it.virtual_bytes == 4096.0);
  CHECK(it.resident_bytes
        == 2.0 * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  CHECK(it.open_descriptors == 1.0);
}

TEST_CASE("what the kernel does not tell is not made up", "[admin]") {
  test::temp_folder proc;
  auto text =
    GENERATE("", "7 (a", "7 (a) S 1", "7 (a) S x x x x x x x x x x x");
  fs::create_directories(proc.path() / "self");
  std::ofstream{proc.path() / "self" / "stat"} << text;
  auto it = read_process_figures(proc.path());
  CHECK_FALSE(it.cpu_seconds);
  CHECK_FALSE(it.resident_bytes);
  CHECK_FALSE(it.virtual_bytes);
  CHECK_FALSE(it.threads);
  CHECK_FALSE(it.open_descriptors);
  CHECK_FALSE(it.start_time_seconds);
}
