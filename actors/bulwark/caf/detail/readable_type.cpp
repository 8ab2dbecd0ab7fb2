#include <bulwark/caf/detail/readable_type.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace bulwark::detail {

std::string readable(const std::type_info& type) {
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> name{
    abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free};
  return status == 0 ? name.get() : type.name();
}

} // namespace bulwark::detail
