#include "fuzz/plain_reading.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

namespace bulwark::test {

namespace {

using std::string;
constexpr auto npos = string::npos;

/// Thrown where the bytes are no request.
struct no_request {};

/// Thrown where the bytes end too early.
struct too_short {};

void demand(bool condition) {
  if (!condition)
    throw no_request{};
}

const string alphanumeric = "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const string tchar = alphanumeric + "!#$%&'*+-.^_`|~";
const string unreserved = alphanumeric + "-._~";
const string sub_delims = "!$&'()*+,;=";
const string digit = "0123456789";
const string hexdig = "0123456789abcdefABCDEF";

bool all_in(const string& text, const string& set) {
  return text.find_first_not_of(set) == npos;
}

bool token(const string& text) {
  return !text.empty() && all_in(text, tchar);
}

/// field-vchar, SP and HTAB
bool content(char c) {
  auto code = static_cast<unsigned char>(c);
  return code == '\t' || (code >= ' ' && code != 127);
}

string without_blanks(const string& text) {
  auto first = text.find_first_not_of(" \t");
  if (first == npos)
    return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

string small(string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return c < 128 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
  });
  return text;
}

std::vector<string> parts(const string& text, const string& separator) {
  std::vector<string> result;
  size_t from = 0;
  for (size_t at; (at = text.find(separator, from)) != npos;
       from = at + separator.size())
    result.push_back(text.substr(from, at - from));
  result.push_back(text.substr(from));
  return result;
}

/// Characters of `set` and percent-encoded ones.
bool uri_text(const string& text, const string& set) {
  string rest;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()
        && all_in(text.substr(i + 1, 2), hexdig))
      i += 2;
    else
      rest += text[i];
  }
  return all_in(rest, set);
}

bool host_and_port(const string& text) {
  string port;
  string host = text;
  auto colon = text.rfind(':');
  if (colon != npos && text.find(']', colon) == npos) {
    port = text.substr(colon + 1);
    host = text.substr(0, colon);
  }
  bool literal =
    host.size() > 2 && host.front() == '[' && host.back() == ']'
    && uri_text(host.substr(1, host.size() - 2), unreserved + sub_delims + ":");
  return all_in(port, digit)
         && (literal || uri_text(host, unreserved + sub_delims));
}

void read_target(string target, http_request& into) {
  demand(into.method != "CONNECT");
  into.path = "*";
  if (target == "*")
    return demand(into.method == "OPTIONS");
  for (string scheme : {"http://", "https://"}) {
    if (small(target.substr(0, scheme.size())) != scheme)
      continue;
    target.erase(0, scheme.size());
    auto authority = target.substr(0, target.find_first_of("/?"));
    demand(!authority.empty() && authority.front() != ':'
           && host_and_port(authority));
    target.erase(0, authority.size());
    if (target.empty() || target.front() == '?')
      target = "/" + target;
    break;
  }
  demand(!target.empty() && target.front() == '/');
  auto mark = target.find('?');
  into.path = target.substr(0, mark);
  into.query = mark == npos ? "" : target.substr(mark + 1);
  demand(uri_text(into.path, unreserved + sub_delims + ":@/"));
  demand(uri_text(into.query, unreserved + sub_delims + ":@/?"));
}

using field_map = std::map<string, std::vector<string>>;

/// `all`: where they are noted as they stand there.
field_map read_fields(const std::vector<string>& lines, http_fields& all) {
  field_map result;
  for (const auto& line : lines) {
    auto colon = line.find(':');
    demand(colon != npos && token(line.substr(0, colon)));
    demand(std::all_of(line.begin(), line.end(), content));
    auto value = without_blanks(line.substr(colon + 1));
    all.push_back({line.substr(0, colon), value});
    result[small(line.substr(0, colon))].push_back(value);
  }
  return result;
}

/// One connection's bytes.
class plain_reader {
public:
  plain_reader(const string& bytes, size_t header_max, size_t body_max)
    : bytes_(bytes), header_max_(header_max), body_max_(body_max) {}

  reading all() {
    reading result;
    try {
      while (at_ < bytes_.size()) {
        auto keep = true;
        result.requests.push_back(one(keep));
        result.keep_alive.push_back(keep);
      }
    } catch (const no_request&) {
      result.refused = true;
    } catch (const too_short&) {
      // What has come so far may still become a request.
    }
    return result;
  }

private:
  /// The lines of the header; takes them away.
  std::vector<string> header() {
    if (bytes_.compare(at_, 2, "\r\n") == 0)
      at_ += 2;
    auto end = bytes_.find("\r\n\r\n", at_);
    auto text = bytes_.substr(at_, end == npos ? npos : end + 4 - at_);
    bool large =
      text.size() > header_max_ || (end == npos && text.size() == header_max_);
    check_lines(text.substr(0, header_max_));
    demand(!large);
    demand(text != "\r\n" && text.substr(0, 2) != "\r\n");
    if (end == npos)
      throw too_short{};
    at_ = end + 4;
    return parts(text.substr(0, text.size() - 4), "\r\n");
  }

  /// Whether every CR has its LF, and nothing is folded.
  static void check_lines(const string& text) {
    for (size_t i = 0; i < text.size(); ++i) {
      auto before = i == 0 ? ' ' : text[i - 1];
      auto c = text[i];
      demand(content(c) || c == '\r' || c == '\n');
      demand((before == '\r') == (c == '\n'));
      demand(before != '\n' || (c != ' ' && c != '\t'));
    }
  }

  http_request one(bool& keep) {
    auto lines = header();
    http_request result;
    auto words = parts(lines[0], " ");
    demand(words.size() == 3 && token(words[0]));
    demand(words[2] == "HTTP/1.0" || words[2] == "HTTP/1.1");
    bool modern = words[2] == "HTTP/1.1";
    result.method = words[0];
    read_target(words[1], result);
    lines.erase(lines.begin());
    auto fields = read_fields(lines, result.fields);
    demand(fields["host"].size() <= 1);
    demand(!modern || fields["host"].size() == 1);
    for (auto& host : fields["host"])
      demand(host_and_port(host));
    for (auto& expected : fields["expect"])
      demand(small(expected) == "100-continue");
    // The first that says something.
    for (auto& id : fields["x-request-id"])
      if (result.request_id.empty())
        result.request_id = id;
    keep = kept(fields["connection"], modern);
    read_body(fields, modern, result.body);
    return result;
  }

  static bool kept(const std::vector<string>& connection, bool modern) {
    auto says = [&](const string& word) {
      for (auto& value : connection)
        for (auto& each : parts(value, ","))
          if (small(without_blanks(each)) == word)
            return true;
      return false;
    };
    return !says("close") && (modern || says("keep-alive"));
  }

  void read_body(field_map& fields, bool modern, string& body) {
    auto& codings = fields["transfer-encoding"];
    auto& lengths = fields["content-length"];
    if (!codings.empty()) {
      demand(modern && codings.size() == 1 && lengths.empty());
      demand(small(codings[0]) == "chunked");
      return read_chunks(body);
    }
    if (lengths.empty())
      return;
    demand(lengths.size() == 1 && !lengths[0].empty()
           && all_in(lengths[0], digit));
    auto digits = lengths[0].substr(
      std::min(lengths[0].find_first_not_of('0'), lengths[0].size()));
    demand(digits.size() < 10);
    auto size = digits.empty() ? 0 : std::stoul(digits);
    demand(size <= body_max_);
    body = next(size);
  }

  string next(size_t size) {
    if (bytes_.size() - at_ < size)
      throw too_short{};
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }

  /// A line within a body, as far as it counts against its bound.
  string line() {
    string result;
    while (true) {
      auto c = next(1)[0];
      if (c == '\r') {
        demand(next(1) == "\n");
        return result;
      }
      demand(content(c));
      result += c;
      demand(extra_++ < header_max_);
    }
  }

  void read_chunks(string& body) {
    extra_ = 0;
    while (true) {
      auto size = chunk_size(body.size());
      if (size == 0)
        break;
      body += next(size);
      demand(next(1) == "\r");
      demand(next(1) == "\n");
    }
    while (true) {
      auto trailer = line();
      if (trailer.empty())
        return;
      http_fields dropped;
      auto fields = read_fields({trailer}, dropped);
      for (auto name : {"host", "content-length", "transfer-encoding"})
        demand(fields.count(name) == 0);
    }
  }

  size_t chunk_size(size_t so_far) {
    size_t size = 0;
    string digits;
    // Digit by digit, because one too many is refused before the line ends.
    while (at_ < bytes_.size() && hexdig.find(bytes_[at_]) != npos) {
      digits += next(1);
      demand(digits.size() <= 16);
      size = std::stoull(digits, nullptr, 16);
      demand(size <= body_max_ - so_far);
    }
    auto rest = line();
    demand(!digits.empty());
    check_extensions(rest);
    return size;
  }

  /// *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
  static void check_extensions(const string& text) {
    size_t at = 0;
    auto blanks = [&](size_t from) {
      return std::min(text.find_first_not_of(" \t", from), text.size());
    };
    auto word_end = [&](size_t from) {
      return std::min(text.find_first_not_of(tchar, from), text.size());
    };
    while (at < text.size()) {
      at = blanks(at);
      demand(at < text.size() && text[at] == ';');
      auto name = blanks(at + 1);
      at = word_end(name);
      demand(at > name);
      auto equals = blanks(at);
      if (equals == text.size() || text[equals] != '=')
        continue;
      auto value = blanks(equals + 1);
      at = word_end(value);
      if (at > value)
        continue;
      demand(value < text.size() && text[value] == '"');
      for (at = value + 1; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\')
          ++at;
      demand(at < text.size());
      ++at;
    }
  }

  const string& bytes_;
  size_t header_max_;
  size_t body_max_;
  size_t at_ = 0;
  size_t extra_ = 0;
};

} // namespace

reading read_plainly(const string& bytes, size_t header_max, size_t body_max) {
  return plain_reader{bytes, header_max, body_max}.all();
}

} // namespace bulwark::test
