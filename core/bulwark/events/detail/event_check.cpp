#include <bulwark/events/detail/event_check.hpp>
#include <bulwark/events/event_words.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace bulwark {

namespace {

bool fits(const std::string& text) {
  return text.size() <= event::text_max;
}

} // namespace

bool well_formed(const event& what) {
  return what.kind <= last_event_kind && what.level <= severity::critical
         && what.failure <= failure_type::reported && what.sequence > 0
         && what.uptime >= duration::zero() && fits(what.component)
         && fits(what.reason) && what.type_word.size() <= event::word_max
         && fits(what.node) && what.metadata.size() <= event::metadata_max
         && std::all_of(what.metadata.begin(), what.metadata.end(),
                        [](const auto& pair) {
                          return fits(pair.first) && fits(pair.second);
                        });
}

} // namespace bulwark
