#include <bulwark/caf/detail/content_key.hpp>

#include <caf/binary_serializer.hpp>

#include <string_view>
#include <typeinfo>
#include <vector>

namespace bulwark::detail {

namespace {

/// With its length, so that no two contents look alike.
void append_part(std::string& to, std::string_view part) {
  to += std::to_string(part.size());
  to += ':';
  to += part;
}

} // namespace

std::optional<std::string> content_key(const content_view& content) noexcept {
  try {
    std::string result;
    for (size_t i = 0; i < content.size(); ++i) {
      std::vector<char> bytes;
      caf::binary_serializer sink{static_cast<caf::execution_unit*>(nullptr),
                                  bytes};
      if (content.save(i, sink) || bytes.empty())
        return std::nullopt;
      auto [number, type] = content.type(i);
      append_part(result, type != nullptr ? std::string{type->name()}
                                          : std::to_string(number));
      append_part(result, {bytes.data(), bytes.size()});
    }
    return result;
  } catch (...) {
    return std::nullopt; // Out of memory, or a type of the client's threw.
  }
}

} // namespace bulwark::detail
