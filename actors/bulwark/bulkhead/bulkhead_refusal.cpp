#include <bulwark/bulkhead/bulkhead_refusal.hpp>

#include <utility>

namespace bulwark {

std::optional<bulkhead_refusal> refusal_of(const caf::error& err) {
  auto code = code_of(err, errc{});
  if (code != errc::bulkhead_full && code != errc::bulkhead_timeout
      && code != errc::bulkhead_isolated)
    return std::nullopt;
  const auto& content = error_content(err);
  // What else it says stands behind that.
  if (content.size() < 3 || !content.match_element<std::string>(1)
      || !content.match_element<double>(2))
    return std::nullopt;
  return bulkhead_refusal{content.get_as<std::string>(1),
                          content.get_as<double>(2)};
}

caf::error make_refusal(errc code, std::string text, std::string bulkhead,
                        double utilization) {
  return make_error_with(
    code, caf::make_message(std::move(text), std::move(bulkhead), utilization));
}

} // namespace bulwark
