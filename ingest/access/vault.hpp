#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Where secrets of the services lie sealed: under a key of 32 bytes that systemd keeps encrypted to the machine (its
/// TPM where there is one) and shows to the services alone, as the credential sealing-key (systemd-creds(1),
/// systemd.exec(5); ASVS 5.0, 13.3.1). Without that credential secrets are kept as they are.
namespace answerable::access {

/// Sealed by XSalsa20-Poly1305 (libsodium's secretbox), nonce first; 40 bytes longer. As it is when there is no vault.
/// \throws std::runtime_error when the credential is not 32 bytes
std::vector<std::byte> to_vault(std::span<const std::byte> secret);

/// What to_vault() was given. \param plain_size bytes of a secret that was kept as it is
/// \throws std::runtime_error with the cure when it is sealed and this is not the key, or there is none
std::vector<std::byte> from_vault(std::span<const std::byte> kept, std::size_t plain_size);

/// Of private keys in files (PKCS#8, PBES2): nothing when there is no vault. \throws as to_vault()
std::optional<std::string> vault_pass_phrase();

}  // namespace answerable::access
