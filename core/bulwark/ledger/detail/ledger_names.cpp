#include <bulwark/events/detail/event_counter.hpp>
#include <bulwark/ledger/detail/ledger_names.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

namespace {

constexpr std::string_view node_prefix = "node/";
constexpr std::string_view other_word = "other";

// What services declare is bounded apart from what there is.
constexpr size_t declarations_max = 20'000;
constexpr size_t declared_names_max = 40'000;

uint64_t key_of(uint32_t node, uint32_t path) {
  return (uint64_t{node} << 32U) | path;
}

template <class Each>
void split(std::string_view names, Each&& each) {
  while (!names.empty()) {
    auto end = std::min(names.find(','), names.size());
    if (end > 0)
      each(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

} // namespace

ledger_names::ledger_names(const ledger_options& options) : options_(options) {
  for (auto i = static_cast<int>(failure_type::none);
       i <= static_cast<int>(failure_type::reported); ++i)
    words_.add(to_string(static_cast<failure_type>(i)));
  words_.add(other_word);
  // Those of our own take no place of an application's.
  options_.words_max =
    std::min<size_t>(options.words_max + words_.size(), UINT16_MAX);
}

uint32_t ledger_names::node(std::string_view name) {
  auto number = nodes_.add(name, options_.nodes_max);
  if (number == living_on_.size()) {
    living_on_.emplace_back();
    others_.push_back(no_number);
  }
  return number;
}

uint32_t ledger_names::text(std::string_view name) {
  return texts_.add(name);
}

uint32_t ledger_names::component_of(uint32_t on, std::string_view path) {
  auto itself = no_number;
  if (path.substr(0, node_prefix.size()) == node_prefix)
    itself = node(path.substr(node_prefix.size()));
  auto owner = itself == no_number ? on : no_number;
  if (auto known = find(owner, texts_.find(path)); known != no_number)
    return known;
  if (components_.size() - others_count_ < options_.components_max)
    return make_component(owner, path, false);
  if (others_[on] == no_number) {
    ++others_count_;
    others_[on] = make_component(on, event_counter::others, true);
  }
  return others_[on];
}

uint32_t ledger_names::make_component(uint32_t on, std::string_view path,
                                      bool others) {
  auto number = static_cast<uint32_t>(components_.size());
  auto slash = path.rfind('/');
  component result;
  result.node = on;
  result.path = text(path);
  result.others = others;
  result.leaf = text(path.substr(slash + 1));
  if (on == no_number)
    result.itself = nodes_.find(path.substr(node_prefix.size()));
  else if (slash != std::string_view::npos && slash > 0) {
    result.parent = text(path.substr(0, slash));
    result.under_root = path.rfind('/', slash - 1) == 0;
  }
  result.above = find(on, result.parent);
  components_.push_back(result);
  if (on != no_number)
    living_on_[on].push_back(number);
  if (on != no_number && !others)
    put_under(number);
  if (!others)
    by_path_.emplace(key_of(on, result.path), number);
  return number;
}

// Children may be heard of before their parent is.
void ledger_names::put_under(uint32_t above) {
  const auto& parent = components_[above];
  for (auto number : living_on_[parent.node])
    if (components_[number].parent == parent.path)
      components_[number].above = above;
}

void ledger_names::is_service(uint32_t number) {
  auto& who = components_[number];
  if (who.service == no_number && !who.others && who.itself == no_number)
    who.service = services_.add(texts_[who.leaf]);
}

uint32_t ledger_names::find(uint32_t on, uint32_t path) const {
  auto known = by_path_.find(key_of(on, path));
  return path == no_number || known == by_path_.end() ? no_number
                                                      : known->second;
}

uint16_t ledger_names::word_of(const event& what) {
  if (what.type_word.empty()) {
    auto own = static_cast<uint16_t>(what.failure);
    return std::min(own, static_cast<uint16_t>(failure_type::reported));
  }
  auto number = words_.add(what.type_word, options_.words_max);
  return static_cast<uint16_t>(number == no_number ? words_.find(other_word)
                                                   : number);
}

uint32_t ledger_names::declared(const event& what) {
  auto bulkhead = find_metadata(what, "bulkhead").value_or("");
  auto depends_on = find_metadata(what, "depends_on").value_or("");
  if (bulkhead.empty() && depends_on.empty())
    return 0;
  auto key = std::string{bulkhead} + '\0' + std::string{depends_on};
  if (auto known = by_declared_.find(key); known != by_declared_.end())
    return known->second;
  if (declarations_.size() >= declarations_max)
    return 0;
  auto max = declared_names_max + 4 * options_.components_max;
  declaration result;
  if (!bulkhead.empty())
    result.bulkhead = texts_.add(bulkhead, max);
  split(depends_on, [&](std::string_view name) {
    if (auto number = texts_.add(name, max); number != no_number)
      result.depends_on.push_back(number);
  });
  auto number = static_cast<uint32_t>(declarations_.size());
  declarations_.push_back(std::move(result));
  by_declared_.emplace(std::move(key), number);
  return number;
}

std::string ledger_names::id_of(uint32_t number) const {
  const auto& who = components_[number];
  if (who.node == no_number)
    return texts_[who.path];
  return nodes_[who.node] + ':' + texts_[who.path];
}

size_t ledger_names::bytes() const {
  constexpr size_t per_name = 96;
  return (nodes_.size() + texts_.size() + words_.size()) * per_name
         + components_.capacity() * (sizeof(component) + 64)
         + declarations_.size() * 128;
}

} // namespace bulwark
