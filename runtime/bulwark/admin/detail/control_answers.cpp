#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/control_answers.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/text/detail/json_writer.hpp>
#include <bulwark/text/wall_time_text.hpp>

namespace bulwark::detail {

namespace {

void write_change(json_writer& out, const change& what) {
  out.begin_object()
    .pair("id", what.id)
    .pair("what", what.what)
    .pair("who", what.who)
    .pair("state", to_string(what.state))
    .pair("at", to_text(what.at));
  if (!what.reason.empty())
    out.pair("reason", what.reason);
  if (!what.fields.empty()) {
    out.key("fields").begin_array();
    for (const auto& each : what.fields)
      out.begin_object()
        .pair("field", each.field)
        .pair("from", each.from)
        .pair("to", each.to)
        .end_object();
    out.end_array();
  }
  if (what.until)
    out.pair("until", to_text(*what.until));
  if (what.undoes > 0)
    out.pair("undoes", what.undoes);
  if (!what.words.empty())
    out.pair("error", what.words);
  out.end_object();
}

http_response written(int status, const json_writer& body) {
  return {.status = status, .body = body.text() + '\n'};
}

} // namespace

http_response change_answer(int status, const change& what) {
  json_writer out;
  write_change(out, what);
  return written(status, out);
}

http_response history_answer(const std::vector<change>& all) {
  json_writer out;
  out.begin_object().key("changes").begin_array();
  for (const auto& each : all)
    write_change(out, each);
  out.end_array().end_object();
  return written(200, out);
}

http_response settings_answer(const std::vector<setting>& all) {
  json_writer out;
  out.begin_object().key("settings").begin_array();
  for (const auto& each : all)
    out.begin_object()
      .pair("field", field_of(each))
      .pair("value", each.value)
      .pair("rule", rule_of(each.kind))
      .end_object();
  out.end_array().end_object();
  return written(200, out);
}

http_response refused_change(const caf::error& why) {
  switch (code_of(why, errc::timed_out)) {
  case errc::invalid_option:
    return admin_error(400, describe(why));
  case errc::not_found:
  case errc::no_such_bulkhead:
    return admin_error(404, describe(why));
  case errc::timed_out:
    return admin_error(503, describe(why));
  default:
    return admin_error(409, describe(why));
  }
}

} // namespace bulwark::detail
