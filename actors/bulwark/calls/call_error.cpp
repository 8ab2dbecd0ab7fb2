#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <chrono>

namespace bulwark {

namespace {

constexpr auto retry_after_name = caf::atom("retryafter");
constexpr auto attempts_name = caf::atom("attempts");

/// What stands behind the words: a name and a number, in pairs.
std::optional<uint64_t> find_noted(const caf::error& err,
                                   caf::atom_value name) {
  if (!err)
    return std::nullopt;
  const auto& all = error_content(err);
  for (size_t i = 0; i + 1 < all.size(); ++i)
    if (all.match_element<caf::atom_value>(i)
        && all.match_element<uint64_t>(i + 1)
        && all.get_as<caf::atom_value>(i) == name)
      return all.get_as<uint64_t>(i + 1);
  return std::nullopt;
}

caf::error with_noted(const caf::error& err, caf::atom_value name,
                      uint64_t value) {
  return {err.code(), err.category(),
          error_content(err) + caf::make_message(name, value)};
}

} // namespace

std::optional<duration> retry_after_of(const caf::error& err) {
  auto us = find_noted(err, retry_after_name);
  if (!us)
    return std::nullopt;
  // What another node says may be anything.
  constexpr auto most = uint64_t{1} << 50;
  return std::chrono::microseconds{
    static_cast<int64_t>(*us < most ? *us : most)};
}

caf::error with_retry_after(const caf::error& err, duration length) {
  auto us = std::chrono::ceil<std::chrono::microseconds>(length).count();
  return with_noted(err, retry_after_name, static_cast<uint64_t>(us));
}

caf::error busy(duration length) {
  return with_retry_after(
    caf::make_error(caf::sec::runtime_error,
                    "busy, asks to be left alone for " + to_text(length)),
    length);
}

std::optional<uint32_t> attempts_of(const caf::error& err) {
  if (auto number = find_noted(err, attempts_name))
    return static_cast<uint32_t>(*number);
  return std::nullopt;
}

caf::error with_attempts(const caf::error& err, uint32_t attempts) {
  return with_noted(err, attempts_name, attempts);
}

} // namespace bulwark
