#include "peers/otp/coverage.hpp"
#include "peers/otp/make_case.hpp"

#include <cstdlib>
#include <iostream>

// Writes the cases of seeds FIRST to FIRST + COUNT - 1 to the standard output,
// as otp_peer.escript reads them, and to the standard error what they cover.
// Fails when a kind of exit is there fewer than LEAST times.
int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: otp_cases FIRST COUNT [LEAST] >FILE\n";
    return 64;
  }
  const auto first = std::strtoull(argv[1], nullptr, 10);
  const auto count = std::strtoull(argv[2], nullptr, 10);
  std::vector<test::otp::peer_case> cases;
  for (auto seed = first; seed < first + count; ++seed) {
    cases.push_back(test::otp::make_case(seed));
    std::cout << test::otp::to_text(cases.back());
  }
  const auto least = argc == 4 ? std::strtoull(argv[3], nullptr, 10) : 0;
  const auto table = test::otp::coverage(cases);
  std::cerr << test::otp::print(table);
  if (test::otp::covers_exits(table, least))
    return 0;
  std::cerr << "a kind of exit is there fewer than " << least << " times\n";
  return 1;
}
