#include "fuzz/mutations.hpp"

#include <algorithm>
#include <vector>

namespace bulwark::test {

namespace {

using ::test::dice;
using texts = std::vector<std::string>;

const texts& seeds() {
  static const texts result{
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /p?q=1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "HEAD http://a:80/p HTTP/1.1\r\nHost: [::1]:80\r\nX-Request-Id: 7\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost:\r\nConnection: a, close\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    "POST /%41 HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
    "PUT /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
    "Content-Length: 40\r\n\r\n0123456789012345678901234567890123456789",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nabc\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "1;a\r\na\r\n0A ; b = \"c\\\"\" ;d=e\r\n0123456789\r\n000\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2\r\n\r\n\r\n0;x=y\r\nX: y\r\nX-Request-Id: 8\r\n\r\n",
  };
  return result;
}

const texts& pieces() {
  static const texts result{
    "\r\n",
    "\r",
    "\n",
    " ",
    "\t",
    ":",
    ",",
    ";",
    "\"",
    "\\",
    "%",
    "0",
    "1",
    "f",
    "-",
    "+",
    std::string(1, '\0'),
    "\x7f",
    "\x80",
    "\r\n\r\n",
    "\r\n ",
    "0\r\n\r\n",
    "chunked",
    "gzip, chunked",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "Content-Length: 1\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Host: b\r\n",
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "HTTP/2.0",
    "1000000000000000",
    ";a=b",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    "x",
    "http://",
    "@",
    "[",
    "]",
    "?",
    "#",
  };
  return result;
}

void mutate(std::string& text, dice& chance) {
  auto at = chance.below(text.size() + 1);
  auto size = std::min(chance.below(8) + 1, text.size() - at);
  switch (chance.below(7)) {
  case 0:
    if (size > 0)
      text[at] = static_cast<char>(chance.below(256));
    return;
  case 1:
    text.erase(at, size);
    return;
  case 2:
    text.insert(at, text.substr(at, size));
    return;
  case 3:
    if (size > 0)
      text[at] = static_cast<char>(text[at] ^ (1 << chance.below(8)));
    return;
  case 4: {
    // A whole line once more, elsewhere.
    auto end = text.find("\r\n", at);
    if (end != std::string::npos)
      text.insert(chance.below(text.size()), text.substr(at, end + 2 - at));
    return;
  }
  case 5: {
    auto line = text.find("\r\n", at);
    if (line != std::string::npos)
      text.insert(line + 2, chance.pick(pieces()));
    return;
  }
  default:
    text.insert(at, chance.pick(pieces()));
  }
}

} // namespace

std::string mutated_requests(dice& chance) {
  std::string text;
  for (auto count = chance.below(3) + 1; count > 0; --count)
    text += chance.pick(seeds());
  for (auto count = chance.below(4); count > 0; --count)
    mutate(text, chance);
  return text;
}

} // namespace bulwark::test
