#pragma once

#include <string_view>

namespace storefront {

/// Whether `text` is 12 to 19 digits of which the last is the check digit
/// (Luhn's formula).
bool is_card_number(std::string_view text);

} // namespace storefront
