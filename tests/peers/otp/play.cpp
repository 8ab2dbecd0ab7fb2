#include "peers/otp/play.hpp"

#include "peers/otp/fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <optional>
#include <set>

namespace test::otp {

namespace {

using bulwark::child_state;

/// All ids, in the order of the states.
std::vector<const node*> all_nodes(const peer_case& item) {
  std::vector<const node*> result;
  std::set<std::string> known;
  for (const auto& each : item.tree)
    if (each.kind != node_kind::instance_template
        && known.insert(each.id).second)
      result.push_back(&each);
  for (const auto& each : item.script) {
    if (!each.spec || !known.insert(each.spec->id).second)
      continue;
    // After the last of its siblings and of what is below those.
    auto is_below = [&](const node* of, const std::string& above) {
      for (const auto* at = of; at != nullptr && at->parent != "-";
           at = find_node(item, at->parent))
        if (at->parent == above)
          return true;
      return of->id == above;
    };
    auto last =
      std::find_if(result.rbegin(), result.rend(), [&](const node* of) {
        return is_below(of, each.spec->parent);
      });
    result.insert(last.base(), &*each.spec);
  }
  return result;
}

/// `asked` is the supervisor.
std::string outcome_of(const caf::error& err, const node& asked) {
  switch (bulwark::code_of(err, bulwark::errc::stopped)) {
  case bulwark::errc::invalid_option:
    return asked.strategy == restart_strategy::simple_one_for_one
             ? "simple_one_for_one"
             : "refused";
  case bulwark::errc::service_crashed:
    return "failed";
  default:
    return to_string(bulwark::code_of(err, bulwark::errc::stopped));
  }
}

template <class Question>
std::string ask(fixture& at, const node& what, Question question) {
  caf::scoped_actor self{at.rig.system()};
  auto asked =
    self->request(at.supervisor(what.id), caf::infinite, std::move(question));
  at.settle();
  std::string result = "ok";
  asked.receive([] {},
                [&](caf::error& err) { result = outcome_of(err, what); });
  return result;
}

/// The answer is one `Answer`, and the outcome what `words` make of it.
template <class Answer, class Words>
std::string ask_for(fixture& at, const node& what, caf::message question,
                    Words words) {
  caf::scoped_actor self{at.rig.system()};
  std::string result;
  auto asked =
    self->request(at.supervisor(what.id), caf::infinite, std::move(question));
  at.settle();
  asked.receive([&](const Answer& x) { result = words(x); },
                [&](caf::error& err) { result = outcome_of(err, what); });
  return result;
}

std::string ask_for_child(fixture& at, const node& what,
                          caf::message question) {
  return ask_for<bulwark::child_info>(at, what, std::move(question),
                                      [](const auto&) { return "ok"; });
}

std::string ask_for_counts(fixture& at, const node& what) {
  return ask_for<bulwark::child_counts>(
    at, what, caf::make_message(bulwark::child_counts_request{}),
    [](const bulwark::child_counts& x) {
      return "specs=" + std::to_string(x.specs)
             + ",active=" + std::to_string(x.active)
             + ",supervisors=" + std::to_string(x.supervisors)
             + ",workers=" + std::to_string(x.workers);
    });
}

std::string words_of(const bulwark::child_spec& what) {
  auto stops = what.restart.shutdown;
  auto is_worker = what.kind == bulwark::child_kind::worker;
  std::string time = std::to_string(stops / std::chrono::milliseconds{1});
  if (!is_worker || stops == bulwark::option_duration_max)
    time = "infinity";
  else if (stops == bulwark::duration::zero())
    time = "brutal_kill";
  return to_string(what.restart.type) + "," + time
         + (is_worker ? ",worker," : ",supervisor,")
         + (what.significant ? "significant" : "plain");
}

/// What concerns no supervisor.
std::optional<std::string> do_to_worker(fixture& at, const action& what) {
  switch (what.what) {
  case verb::exit: {
    auto known = at.end(what.id, what.how);
    at.settle();
    return known ? "ok" : "noproc";
  }
  case verb::deaf:
    return at.make_deaf(what.id) ? "ok" : "noproc";
  case verb::fail_start:
    at.fail_start(what.id, what.times);
    return "ok";
  case verb::ignore_start:
    at.ignore_start(what.id, what.times);
    return "ok";
  case verb::die_during:
    at.set_trap(what);
    return "ok";
  case verb::wait:
    at.rig.advance(std::chrono::milliseconds{what.times});
    return "ok";
  default:
    return std::nullopt;
  }
}

std::string do_action(fixture& at, const peer_case& item, const action& what) {
  if (auto done = do_to_worker(at, what))
    return *done;
  const auto* child = what.spec ? &*what.spec : find_node(item, what.id);
  const auto& parent =
    what.what == verb::count ? *child : *find_node(item, child->parent);
  if (!at.supervisor(parent.id))
    return "noproc";
  auto simple = parent.strategy == restart_strategy::simple_one_for_one;
  switch (what.what) {
  case verb::count:
    return ask_for_counts(at, parent);
  case verb::spec:
    return ask_for<bulwark::child_spec>(
      at, parent, caf::make_message(bulwark::child_spec_request{what.id}),
      words_of);
  case verb::terminate_child:
    // OTP goes by the process id here, and says `ok` to a dead one.
    if (simple && at.was_up(what.id) && !at.runs(what.id))
      return "ok";
    return ask(at, parent, bulwark::terminate_child{what.id});
  case verb::delete_child:
    return ask(at, parent, bulwark::delete_child{what.id});
  case verb::restart_child:
    return ask_for_child(at, parent,
                         caf::make_message(bulwark::restart_child{what.id}));
  default:
    break;
  }
  auto spec = at.worker(*child);
  if (simple)
    return ask_for_child(at, parent,
                         caf::make_message(bulwark::start_instance{
                           caf::make_message(what.id), what.id}));
  return ask_for_child(at, parent,
                       caf::make_message(bulwark::start_child{spec}));
}

std::string state_line(fixture& at, const std::vector<const node*>& all) {
  std::string result = "state";
  for (const auto* each : all) {
    std::string state = "absent";
    if (each->parent == "-") {
      state = at.root_ended() ? "absent" : "running";
    } else if (auto parent = at.supervisor(each->parent)) {
      caf::scoped_actor self{at.rig.system()};
      auto asked =
        self->request(parent, caf::infinite, bulwark::which_children{});
      at.rig.run();
      asked.receive(
        [&](const bulwark::child_list& list) {
          for (const auto& child : list.children)
            if (child.id == each->id)
              state = child.state == child_state::up ? "running" : "undefined";
        },
        [](const caf::error&) {});
    }
    result += " " + each->id + "=" + state;
  }
  return result;
}

/// Instances of one supervisor are told to end together: in which order they
/// say so is not compared.
void sort_instances(std::vector<std::string>& lines,
                    const std::vector<const node*>& all,
                    const peer_case& item) {
  auto rank = [&](const std::string& line) -> size_t {
    if (line.rfind("stop ", 0) != 0)
      return 0;
    auto id = line.substr(5, line.find(' ', 5) - 5);
    auto it = std::find_if(all.begin(), all.end(),
                           [&](const node* of) { return of->id == id; });
    const auto* parent = find_node(item, (*it)->parent);
    if (parent->strategy != restart_strategy::simple_one_for_one)
      return 0;
    return static_cast<size_t>(it - all.begin()) + 1;
  };
  for (auto from = lines.begin(); from != lines.end();) {
    auto to = std::find_if(from, lines.end(),
                           [&](const auto& line) { return rank(line) == 0; });
    std::sort(from, to,
              [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    from = to == lines.end() ? to : to + 1;
  }
}

} // namespace

std::string play(const peer_case& item) {
  auto all = all_nodes(item);
  fixture at{item};
  std::string result = "case " + std::to_string(item.number) + "\n";
  auto write = [&](const std::string& by_hand = {}) {
    auto lines = at.take_history(by_hand);
    sort_instances(lines, all, item);
    for (const auto& line : lines)
      result += line + "\n";
  };
  at.start();
  write();
  result += state_line(at, all) + "\n";
  for (const auto& each : item.script) {
    if (at.root_ended())
      return result;
    auto outcome = do_action(at, item, each);
    if (at.root_ended())
      at.note("sup_down root shutdown");
    auto by_hand =
      each.what == verb::start_child || each.what == verb::restart_child;
    write(by_hand ? each.id : "");
    // `to_text` writes the action as the case has it.
    result += "result " + to_text(each) + " " + outcome + "\n";
    result += state_line(at, all) + "\n";
  }
  if (at.root_ended())
    return result;
  at.stop_root();
  at.note("sup_down root shutdown");
  write();
  return result + "result stop root ok\n" + state_line(at, all) + "\n";
}

} // namespace test::otp
