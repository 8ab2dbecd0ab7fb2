#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/end_failure.hpp>

#include <utility>

namespace bulwark::detail {

void end_failure::note(const std::string& thrown, const char* by) {
  if (thrown.empty())
    return;
  text_ += (text_.empty() ? "" : "; ") + thrown + " (thrown by " + by + ")";
}

caf::error end_failure::added_to(caf::error reason) const {
  if (text_.empty())
    return reason;
  auto how = classify(reason);
  if (how == exit_class::normal || how == exit_class::shutdown)
    return make_error(errc::service_crashed, text_);
  // Words, but for a kill, whose name `describe` adds by itself.
  auto words =
    how == exit_class::killed ? text_ : describe(reason) + "; " + text_;
  if (code_of(reason, errc{}) == errc{} && how != exit_class::killed)
    return make_error(errc::service_crashed, std::move(words));
  return {reason.code(), reason.category(),
          caf::make_message(std::move(words))};
}

} // namespace bulwark::detail
