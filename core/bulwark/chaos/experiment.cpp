#include <bulwark/chaos/experiment.hpp>
#include <bulwark/chaos/protection_word.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/validate_name.hpp>

#include <set>

namespace bulwark {

using namespace option_checks;

namespace {

complaint check_count(std::string_view field, size_t count, size_t least) {
  return within(field, uint64_t{count}, uint64_t{least},
                uint64_t{experiment::list_max});
}

complaint check_faults(const experiment& what) {
  if (auto wrong = check_count("number of faults", what.faults.size(), 1))
    return wrong;
  std::set<std::string> services;
  std::set<std::string> nodes;
  for (const auto& each : what.faults) {
    if (auto wrong = validate(each))
      return wrong;
    auto place = place_of(each.kind);
    auto of_service =
      place == fault_place::replica || place == fault_place::gate;
    (of_service ? services : nodes).insert(each.target);
  }
  return first_of(at_most("number of services that faults are at",
                          uint64_t{services.size()}, "services",
                          what.blast.services),
                  at_most("number of nodes that faults are at",
                          uint64_t{nodes.size()}, "nodes", what.blast.nodes));
}

complaint check_probes(const experiment& what) {
  std::set<std::string> names;
  for (const auto& each : what.probes) {
    if (auto wrong = validate(each))
      return wrong;
    if (!names.insert(each.name).second)
      return said("probe.name", each.name, "not that of another probe");
  }
  return check_count("number of probes", what.probes.size(), 0);
}

complaint check_protections(const experiment& what) {
  for (const auto& each : what.expected_protections)
    if (!is_protection_word(each))
      return said("protection", each, "one of " + protection_words());
  return check_count("number of protections", what.expected_protections.size(),
                     0);
}

} // namespace

std::string to_string(experiment_verdict verdict) {
  switch (verdict) {
  case experiment_verdict::held:
    return "held";
  case experiment_verdict::broken:
    return "broken";
  case experiment_verdict::not_recovered:
    return "not_recovered";
  case experiment_verdict::refused:
    return "refused";
  case experiment_verdict::aborted:
    return "aborted";
  }
  return "experiment_verdict(" + std::to_string(static_cast<int>(verdict))
         + ")";
}

complaint validate(const experiment& what) {
  constexpr duration least = std::chrono::seconds{1};
  return first_of(
    validate_name("name", what.name),
    check_count("number of steady conditions", what.steady.size(), 1),
    check_count("number of abort conditions", what.abort_when.size(), 0),
    within("duration", what.lasts, least, experiment::duration_max),
    within("recovery", what.recovery, least, experiment::duration_max),
    validate(what.blast), check_faults(what), check_probes(what),
    check_protections(what));
}

} // namespace bulwark
