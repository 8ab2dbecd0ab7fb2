#include "rules/rules.hpp"

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: check_rules PROJECT\n";
    return 64;
  }
  const auto found = rules::check(argv[1]);
  for (const auto& [path, line, message] : found)
    std::cout << path << ':' << line << ": " << message << '\n';
  std::cout << found.size() << " places break a rule\n";
  return found.empty() ? 0 : 1;
}
