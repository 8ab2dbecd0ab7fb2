#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/http/detail/request_reader.hpp>

#include <utility>

namespace bulwark::detail {

size_t request_reader::read(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && !complete() && !refused_) {
    auto rest = bytes.substr(used);
    if (state_ == state::header)
      used += read_header(rest);
    else if (state_ == state::sized_body)
      used += read_sized_body(rest);
    else
      used += read_chunked_body(rest);
  }
  return used;
}

bool request_reader::awaits_continue() const noexcept {
  return head_.expects_continue && !body_begun_ && !complete() && !refused_;
}

http_request request_reader::take() {
  return {.method = std::move(head_.method),
          .path = std::move(head_.path),
          .query = std::move(head_.query),
          .body = std::move(body_),
          .request_id = std::move(head_.request_id),
          .fields = std::move(head_.fields)};
}

void request_reader::reset() {
  *this = request_reader{header_max_, body_max_};
}

size_t request_reader::read_header(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && state_ == state::header && !refused_)
    add_to_header(bytes[used++]);
  return used;
}

void request_reader::add_to_header(char c) {
  bool after_cr = header_.ends_with('\r');
  if (after_cr != (c == '\n')
      || (c != '\r' && c != '\n' && !is_value_character(c)))
    return refuse({400, "a line of the header is not valid"});
  if ((c == ' ' || c == '\t') && header_.ends_with('\n'))
    return refuse({400, "a line of the header is folded"});
  header_ += c;
  // One empty line before a request is forgiven: RFC 9112, 2.2.
  if (header_ == "\r\n" && !std::exchange(blank_line_skipped_, true))
    return header_.clear();
  if (c == '\n' && (header_ == "\r\n" || header_.ends_with("\r\n\r\n")))
    return end_header();
  if (header_.size() < header_max_)
    return;
  if (header_.find('\n') == std::string::npos)
    return refuse({414, "the request line is too long"});
  refuse({431, "the header is too large"});
}

void request_reader::end_header() {
  auto text = std::string_view{header_};
  text.remove_suffix(2);
  auto parsed = parse_request_head(text);
  if (const auto* no = std::get_if<refusal>(&parsed))
    return refuse(*no);
  head_ = std::get<request_head>(std::move(parsed));
  if (head_.length > body_max_)
    return refuse({413, "the body is too large"});
  if (head_.chunked) {
    state_ = state::chunked_body;
    chunks_.emplace(body_max_, header_max_);
  } else {
    state_ = head_.length > 0 ? state::sized_body : state::complete;
  }
}

size_t request_reader::read_sized_body(std::string_view bytes) {
  body_begun_ = true;
  auto piece = bytes.substr(0, head_.length - body_.size());
  body_ += piece;
  if (body_.size() == head_.length)
    state_ = state::complete;
  return piece.size();
}

size_t request_reader::read_chunked_body(std::string_view bytes) {
  body_begun_ = true;
  auto used = chunks_->read(bytes, body_);
  if (chunks_->refused())
    refuse(*chunks_->refused());
  else if (chunks_->complete())
    state_ = state::complete;
  return used;
}

} // namespace bulwark::detail
