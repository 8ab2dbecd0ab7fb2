#include "rules/search.hpp"

namespace rules {

namespace {

banned word(const char* pattern, const std::string& remedy) {
  return {std::regex{pattern},
          "only actors/bulwark/caf/ uses CAF's internals; " + remedy};
}

// What a message is, and how it travels.
std::vector<banned> of_messages() {
  return {
    word(R"(\bmailbox_element(_ptr)?\b|\bmake_mailbox_element\b)",
         "take element_ptr, of caf/detail/element.hpp"),
    word(R"(\bcaf::message_id\b|\bmake_message_id\b)",
         "take routing_id, of caf/detail/element.hpp"),
    word(R"(\b(is_stream_message|is_high_priority|with_category)\b)"
         R"(|(\.|->)(request_id|response_id)\(\))",
         "ask the functions of caf/detail/element.hpp"),
    word(R"(\b(what|inner|answer|each|handled)(\.|->)(mid|sender)\b)",
         "call id_of and sender_of, of caf/detail/element.hpp"),
    word(R"((\.|->)stages\b)",
         "take route_back, of caf/detail/reply_route.hpp"),
    word(R"(\b(eq_impl|enqueue)\b)",
         "call post or deliver, of caf/detail/deliver.hpp, or derive from "
         "intercepting_job or mailless_actor, which call accept"),
    word(R"(\bschedule_message\b)", "call post_at, of caf/detail/deliver.hpp"),
    word(R"(\banon_send\(.*\bstop_actor\b)", "call stop, of caf/stop.hpp"),
    word(R"(\b(make_)?type_token\b|\btype_nr\b|\bnumbered_type_names\b)"
         R"(|\btype_erased_\w+)",
         "take content_view and the functions of caf/detail/system_message.hpp "
         "and caf/detail/type_names.hpp"),
    word(R"(\b(make_)?rtti_pair\b)",
         "take content_type, of caf/content_type.hpp"),
  };
}

// What an actor is inside.
std::vector<banned> of_actors() {
  return {
    word(R"(\bexecution_unit\b)", "take run_context, of caf/run_context.hpp"),
    word(R"((^|[^_\w])context\(\))",
         "call context_of, of caf/detail/self.hpp, or error_content, of "
         "caf/caf_error.hpp"),
    word(R"(\bctrl\(\))",
         "call handle_of or weak_handle_of, of caf/detail/self.hpp"),
    word(R"(\bcurrent_mailbox_element\b)",
         "call message_in_hand, of caf/detail/self.hpp"),
    word(R"(\b[gs]etf\(|\bis_\w+_flag\b)",
         "ask the functions of caf/detail/self.hpp"),
    word(R"(\b(fail_state_?|last_request_id_|timeout_id_)\b)"
         R"(|\b(default|error|down|exit|exception)_handler_\b)"
         R"(|\b(awaited|multiplexed)_responses_\b)"
         R"(|\b(pending_)?stream_managers\b)",
         "do it in a hook of caf/detail/hooked_actor.hpp"),
    word(R"(\b(cleanup|consume|resume|initialize|launch)\()",
         "derive from hooked_actor, hooked_blocking or intercepting_job"),
    word(R"(\bmailbox\(\)|\bget_(urgent|normal)_queue\b|\bfetch_more\b)"
         R"(|\bflush_cache\b)",
         "call drain_mailbox, of caf/detail/mailbox_drain.hpp"),
    word(R"(\battach_functor\b|->attach\(|->detach\()",
         "call on_end or watch_end, of caf/detail/end_watch.hpp"),
    word(R"(\bmake_actor\b|\bmonitorable_actor\b)",
         "derive from mailless_actor"),
    word(R"(\binit_fun(_factory)?\b|\bspawn_class\b)",
         "call the functions of caf/detail/spawn_hooked.hpp"),
    word(R"(\bintrusive_ptr\w*|\b(strong|weak)_refs\b)"
         R"(|\bcaf::actor_control_block\b|(\.|->)(de)?ref\(\))",
         "hold a caf::strong_actor_ptr"),
    word(R"(\bcaf::detail::)", "add what is needed of it there"),
  };
}

banned of_includes() {
  return word(
    R"(^\s*#\s*include\s*[<"]caf/(detail/|intrusive|scheduler/|attachable)"
    R"(|execution_unit|invoke_message_result|mailbox_element|make_actor)"
    R"(|message_id|monitorable_actor|resumable|rtti_pair|stream_manager)"
    R"(|type_erased|type_nr|upstream_msg|downstream_msg))",
    "include a header of bulwark/caf/");
}

} // namespace

std::vector<finding> caf_stays_in_its_room(const std::vector<source>& files) {
  static const auto patterns = [] {
    auto result = of_messages();
    for (auto& each : of_actors())
      result.push_back(std::move(each));
    result.push_back(of_includes());
    return result;
  }();
  return search(
    files,
    [](const source& file) {
      return (file.in("actors") || file.in("runtime") || file.in("examples"))
             && !file.in("actors/bulwark/caf")
             // Which runs jobs by CAF's scheduler for tests.
             && !file.in("actors/bulwark/testing")
             // The same room, for what needs CAF's network.
             && !file.in("runtime/bulwark/cluster/detail/wire");
    },
    patterns);
}

} // namespace rules
