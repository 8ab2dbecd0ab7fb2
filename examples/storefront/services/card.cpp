#include "services/card.hpp"

namespace storefront {

bool is_card_number(std::string_view text) {
  if (text.size() < 12 || text.size() > 19)
    return false;
  int sum = 0;
  bool twice = false;
  for (auto each = text.rbegin(); each != text.rend(); ++each) {
    if (*each < '0' || *each > '9')
      return false;
    int digit = (*each - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
    twice = !twice;
  }
  return sum % 10 == 0;
}

} // namespace storefront
