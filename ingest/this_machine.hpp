#pragma once

#include <string_view>

namespace answerable {

/// Whether a host as people name it is this machine itself, to which nothing crosses a network (RFC 5735 §3, RFC 4291
/// §2.5.3, RFC 6761 §6.3).
constexpr bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

}  // namespace answerable
