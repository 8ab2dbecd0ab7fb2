#include <bulwark/gate/gate_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

complaint validate(const gate_options& o) {
  if (o.poison_limit == 0)
    return "gate.poison_limit is 0; it must be at least 1";
  if (o.hop_limit == 0)
    return "gate.hop_limit is 0; it must be at least 1";
  return first_of(positive("gate.timeout", o.timeout),
                  not_negative("gate.grace", o.grace),
                  not_negative("gate.stash_wait", o.stash_wait));
}

} // namespace bulwark
