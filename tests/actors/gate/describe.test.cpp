// What is known of an exception without throwing it again.

#include <bulwark/caf/caf_error.hpp>

#include <catch2/catch.hpp>

#include <exception>
#include <stdexcept>
#include <string>

using bulwark::describe;

namespace {

struct tag {
  virtual ~tag() = default;
  int number = 1;
};

/// Its std::exception does not lie at its beginning.
struct late : tag, std::runtime_error {
  late() : std::runtime_error{"late"} {}
};

struct shared : virtual std::exception {
  const char* what() const noexcept override { return "shared"; }
};

struct hidden : private std::runtime_error {
  hidden() : std::runtime_error{"hidden"} {}
};

struct left : std::runtime_error {
  left() : std::runtime_error{"left"} {}
};

struct right : std::logic_error {
  right() : std::logic_error{"right"} {}
};

struct both : left, right {};

template <class T>
std::string text_of(T what) {
  auto text = describe(std::make_exception_ptr(std::move(what)));
  auto scope = text.find("::");
  return text.rfind("std::", 0) == 0 || scope == std::string::npos
           ? text
           : text.substr(text.rfind("::", text.find(": ")) + 2);
}

} // namespace

TEST_CASE("an exception is described by its type and its text", "[describe]") {
  CHECK(text_of(std::runtime_error{"disk full"})
        == "std::runtime_error: disk full");
  CHECK(text_of(late{}) == "late: late");
  CHECK(text_of(shared{}) == "shared: shared");
}

TEST_CASE("what is no std::exception is described by its type", "[describe]") {
  CHECK(text_of(7) == "int");
  CHECK(text_of(tag{}) == "tag");
  CHECK(text_of(hidden{}) == "hidden");
  CHECK(text_of(both{}) == "both");
  static std::runtime_error kept{"kept"};
  CHECK(text_of(&kept) == "std::runtime_error*");
}

TEST_CASE("no exception is described too", "[describe]") {
  CHECK(describe(std::exception_ptr{}) == "unknown exception");
}
