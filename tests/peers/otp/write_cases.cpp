#include "peers/otp/coverage.hpp"
#include "peers/otp/make_case.hpp"

#include <cstdlib>
#include <iostream>

// Writes the cases of seeds FIRST to FIRST + COUNT - 1 to the standard output,
// as otp_peer.escript reads them, and to the standard error what they cover.
int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: otp_cases FIRST COUNT >FILE\n";
    return 64;
  }
  const auto first = std::strtoull(argv[1], nullptr, 10);
  const auto count = std::strtoull(argv[2], nullptr, 10);
  std::vector<test::otp::peer_case> cases;
  for (auto seed = first; seed < first + count; ++seed) {
    cases.push_back(test::otp::make_case(seed));
    std::cout << test::otp::to_text(cases.back());
  }
  std::cerr << test::otp::print(test::otp::coverage(cases));
  return 0;
}
