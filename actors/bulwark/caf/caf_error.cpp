#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/readable_type.hpp>
#include <bulwark/errors/advice.hpp>

#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <cstring>
#include <exception>
#include <stdexcept>
#include <typeinfo>

namespace bulwark {

namespace {

constexpr auto own_category = caf::detail::error_factory<errc>::category;

bool is_exit(const caf::error& err, caf::exit_reason reason) {
  return err && err.category() == caf::atom("exit")
         && err.code() == static_cast<uint8_t>(reason);
}

/// To throw it again and to catch it would cost a tenth of a restart; these
/// are libstdc++'s ways, which CAF is built with.
const std::exception* as_exception(const std::exception_ptr& thrown,
                                   const std::type_info& type) {
  static_assert(sizeof(thrown) == sizeof(void*));
  void* object = nullptr;
  std::memcpy(&object, &thrown, sizeof(object));
  return typeid(std::exception).__do_catch(&type, &object, 1)
           ? static_cast<const std::exception*>(object)
           : nullptr;
}

std::string text_of(const caf::error& err) {
  // Some of ours hold more, for programs to read.
  auto& context = err.context();
  return !context.empty() && context.match_element<std::string>(0)
           ? context.get_as<std::string>(0)
           : std::string{};
}

} // namespace

caf::error make_error(errc code, std::string text) {
  return make_error_with(code, caf::make_message(std::move(text)));
}

caf::error make_error_with(errc code, caf::message content) {
  return {static_cast<uint8_t>(code), own_category, std::move(content)};
}

const caf::message& error_content(const caf::error& err) {
  return err.context();
}

errc code_of(const caf::error& err, errc fallback) {
  return err && err.category() == own_category ? static_cast<errc>(err.code())
                                               : fallback;
}

std::string describe(const caf::error& err) {
  if (!err)
    return "normal";
  auto text = text_of(err);
  if (err.category() == own_category)
    return text.empty() ? to_string(static_cast<errc>(err.code())) : text;
  std::string name;
  if (err.category() == caf::atom("exit"))
    name = caf::to_string(static_cast<caf::exit_reason>(err.code()));
  else if (err.category() == caf::atom("system"))
    name = caf::to_string(static_cast<caf::sec>(err.code()));
  else
    name =
      caf::to_string(err.category()) + "(" + std::to_string(err.code()) + ")";
  return text.empty() ? name : name + ": " + text;
}

std::string explain(const caf::error& err) {
  auto result = describe(err);
  if (err && err.category() == own_category)
    result += "; " + to_text(advice_for(static_cast<errc>(err.code())));
  return result;
}

std::string describe(const std::exception_ptr& thrown) {
  const auto* type = thrown ? thrown.__cxa_exception_type() : nullptr;
  if (type == nullptr)
    return "unknown exception";
  auto result = detail::readable(*type);
  const auto* known = as_exception(thrown, *type);
  const auto* text = known != nullptr ? known->what() : nullptr;
  if (text != nullptr)
    result += std::string{": "} + text;
  return result;
}

exit_class classify(const caf::error& reason) {
  if (!reason)
    return exit_class::normal;
  if (is_exit(reason, caf::exit_reason::user_shutdown))
    return exit_class::shutdown;
  if (is_exit(reason, caf::exit_reason::kill))
    return exit_class::killed;
  return exit_class::abnormal;
}

failure_type failure_of(const caf::error& reason) {
  switch (classify(reason)) {
  case exit_class::normal:
  case exit_class::shutdown:
    return failure_type::none;
  case exit_class::killed:
    return failure_type::killed;
  case exit_class::abnormal:
    break;
  }
  switch (code_of(reason, errc::stopped)) {
  case errc::service_crashed:
    return failure_type::exception;
  case errc::service_hung:
    return failure_type::hung;
  case errc::unreachable:
    return failure_type::node_lost;
  default:
    return failure_type::error_exit;
  }
}

} // namespace bulwark
