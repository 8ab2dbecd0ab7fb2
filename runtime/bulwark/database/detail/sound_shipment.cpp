#include <bulwark/database/detail/sound_shipment.hpp>
#include <bulwark/replication/detail/member_log.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

constexpr auto number_max = uint64_t{1} << 62;

bool of_another(uint64_t epoch, size_t self, size_t members) {
  return epoch > 0 && epoch < number_max
         && member_of_epoch(epoch, members) != self;
}

bool is_known(entry_kind kind) {
  return kind == entry_kind::opening || kind == entry_kind::change
         || kind == entry_kind::schema;
}

} // namespace

bool is_sound(const member_ask& what, size_t self, size_t members) {
  return of_another(what.epoch, self, members);
}

bool is_sound(const replica_shipment& what, size_t self, size_t members) {
  if (!of_another(what.epoch, self, members))
    return false;
  if (!what.image.empty())
    return what.entries.empty() && what.where.epoch == what.epoch
           && what.where.sequence < number_max;
  return !what.entries.empty()
         && std::all_of(what.entries.begin(), what.entries.end(),
                        [&](const log_entry& each) {
                          return each.sequence > 0 && each.sequence < number_max
                                 && each.epoch <= what.epoch
                                 && is_known(each.kind);
                        });
}

} // namespace bulwark::detail
