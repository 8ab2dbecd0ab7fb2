#include <bulwark/cluster/detail/tls/tls_error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace bulwark::detail {

namespace {

std::string words_of(unsigned long code) {
  const auto* text = ERR_reason_error_string(code);
  return text != nullptr ? text : "error " + std::to_string(code) + " of TLS";
}

bool is_of_ssl(unsigned long code, int reason) {
  return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == reason;
}

} // namespace

std::string take_tls_error() {
  auto code = ERR_get_error();
  ERR_clear_error();
  return code != 0 ? words_of(code) : "";
}

std::string why_tls_failed(const SSL* of) {
  auto code = ERR_get_error();
  ERR_clear_error();
  if (auto verdict = SSL_get_verify_result(of); verdict != X509_V_OK)
    return std::string{"its certificate is not accepted: "}
           + X509_verify_cert_error_string(verdict);
  if (code == 0)
    return "it closed the connection";
  if (is_of_ssl(code, SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE))
    return "it has no certificate";
  if (is_of_ssl(code, SSL_R_WRONG_VERSION_NUMBER)
      || is_of_ssl(code, SSL_R_HTTP_REQUEST)
      || is_of_ssl(code, SSL_R_PACKET_LENGTH_TOO_LONG))
    return "it does not speak TLS, and this node does";
  auto reason = ERR_GET_REASON(code);
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET)
    return std::string{"it refuses this node: "}
           + SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
  return words_of(code);
}

} // namespace bulwark::detail
