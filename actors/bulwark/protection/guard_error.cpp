#include <bulwark/protection/detail/breaker_group.hpp>
#include <bulwark/protection/guard_error.hpp>

#include <utility>

namespace bulwark {

circuit_open::circuit_open(std::string guard,
                           std::optional<wall_time> last_failure,
                           duration retry_after)
  : guard_error(errc::circuit_open, detail::open_text(last_failure)),
    guard_(std::move(guard)),
    last_failure_(last_failure),
    retry_after_(retry_after) {}

} // namespace bulwark
