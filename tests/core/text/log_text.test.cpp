#include <bulwark/text/detail/log_text.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>

using namespace bulwark;

TEST_CASE("plain values stay as they are", "[log_text]") {
  auto text = GENERATE(as<std::string>{}, "a", "/root/orders/orders#1", "412ms",
                       "std::runtime_error:", "{}[]<>'");
  CHECK(log_value(text) == text);
}

TEST_CASE("values that could end or forge a value are quoted", "[log_text]") {
  auto [value, shown] = GENERATE(table<std::string, std::string>({
    {"", R"("")"},
    {"std::runtime_error: disk", R"("std::runtime_error: disk")"},
    {"a=b", R"("a=b")"},
    {R"(say "no")", R"("say \"no\"")"},
    {R"(C:\temp)", R"("C:\\temp")"},
    {"a\nb\rc\td", R"("a\nb\rc\td")"},
    {std::string{"a\0b", 3}, R"("a\x00b")"},
    {"\x1b[31m", R"("\x1b[31m")"},
    {"\x7f", R"("\x7f")"},
    {"K\xc3\xb6ln", "\"K\xc3\xb6ln\""},
    {"\xf0\x9f\x8e\x89", "\"\xf0\x9f\x8e\x89\""},
    {"\xff", R"("\xff")"},
    {"\xc3", R"("\xc3")"},
    {"\xc0\xaf", R"("\xc0\xaf")"},
    {"\xed\xa0\x80", R"("\xed\xa0\x80")"},
    {"\xf4\x90\x80\x80", R"("\xf4\x90\x80\x80")"},
    {"\xe2\x82", R"("\xe2\x82")"},
    {"\xc2\x85", R"("\x85")"},
    {"\xe2\x80\xa8", R"("\u{2028}")"},
    {"\xe2\x80\xae", R"("\u{202e}")"},
  }));
  CHECK(log_value(value) == shown);
  CHECK(quoted(value) == shown);
}

TEST_CASE("no bytes whatever get out of their quotes", "[log_text]") {
  std::mt19937_64 random{3};
  for (int i = 0; i < 20'000; ++i) {
    std::string value(random() % 12, ' ');
    for (auto& c : value)
      c = static_cast<char>(random());
    auto shown = quoted(value);
    CAPTURE(shown);
    REQUIRE(shown.size() >= 2);
    auto inside = shown.substr(1, shown.size() - 2);
    bool escaped = false;
    for (auto c : inside) {
      REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
      REQUIRE((escaped || c != '"'));
      escaped = !escaped && c == '\\';
    }
    REQUIRE_FALSE(escaped);
  }
}

TEST_CASE("keys keep only harmless characters", "[log_text]") {
  CHECK(log_key("restart_in") == "restart_in");
  CHECK(log_key("a.b-c9") == "a.b-c9");
  CHECK(log_key("a b=\"c\"\n") == "a_b__c__");
  CHECK(log_key("") == "_");
}

TEST_CASE("text for people is on one line and not quoted", "[log_text]") {
  CHECK(one_line("say \"no\" to C:\\") == "say \"no\" to C:\\");
  CHECK(one_line("a\nb\x1b[2J\xff") == "a\\nb\\x1b[2J\\xff");
  CHECK(one_line("") == "");
}
