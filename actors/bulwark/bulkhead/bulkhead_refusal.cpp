#include <bulwark/bulkhead/bulkhead_refusal.hpp>

#include <utility>

namespace bulwark {

namespace {

using parts = caf::detail::type_list<std::string, std::string, double>;

} // namespace

std::optional<bulkhead_refusal> refusal_of(const caf::error& err) {
  auto code = code_of(err, errc{});
  if (code != errc::bulkhead_full && code != errc::bulkhead_timeout
      && code != errc::bulkhead_isolated)
    return std::nullopt;
  const auto& context = err.context();
  if (!context.match_elements(parts{}))
    return std::nullopt;
  return bulkhead_refusal{context.get_as<std::string>(1),
                          context.get_as<double>(2)};
}

caf::error make_refusal(errc code, std::string text, std::string bulkhead,
                        double utilization) {
  return {static_cast<uint8_t>(code),
          caf::detail::error_factory<errc>::category,
          caf::make_message(std::move(text), std::move(bulkhead), utilization)};
}

} // namespace bulwark
