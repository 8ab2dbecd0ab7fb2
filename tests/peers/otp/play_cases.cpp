#include "peers/otp/play.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

// Leads the cases of a file through our supervisors and writes their history
// to the standard output, as otp_peer.escript does with OTP's.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: otp_play FILE\n";
    return 64;
  }
  std::ifstream file{argv[1]};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto read = test::otp::parse(text);
  if (!read.complaint.empty()) {
    std::cerr << "otp_play: " << read.complaint << "\n";
    return 65;
  }
  for (const auto& each : read.cases)
    std::cout << test::otp::play(each);
  return 0;
}
