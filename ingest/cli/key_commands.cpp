#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ingest/access/keys.hpp"
#include "ingest/cli/account_commands.hpp"
#include "ingest/cli/account_desk.hpp"
#include "ingest/cli/output.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;

struct KeyOptions {
  Whose whose;
  std::vector<std::string> scopes{"submit", "check", "receipts", "wanted"};
  std::string until, key, authority, fingerprint;
};

ordered_json maybe_instant(const std::optional<Instant>& at) {
  return at ? ordered_json(iso(*at)) : ordered_json(nullptr);
}

/// As openssl prints it, with colons, or without. \throws Failure(usage)
Digest fingerprint_of(std::string text) {
  std::erase(text, ':');
  if (const auto digest = parse_digest(text)) return *digest;
  throw Failure(usage,
                "the fingerprint must be a SHA-256, 64 hexadecimal digits: openssl x509 -in FILE -noout -fingerprint "
                "-sha256");
}

int make_key(const Common& common, AccountDesk& desk, const KeyOptions& options) {
  const auto account = desk.account(options.whose);
  const std::string key =
      access::add_key(desk.door, account.authority, account.account, options.scopes, end_of_day(options.until));
  if (common.json)
    print_json({{"key", key}, {"scopes", options.scopes}, {"until", options.until}});
  else
    print(fmt::format("{}\nKeep it where secrets are kept: it is not shown again. It may {} until the end of {}.\n",
                      key, fmt::join(options.scopes, ", "), options.until));
  return done;
}

int list_keys(const Common& common, AccountDesk& desk, const KeyOptions& options) {
  auto out = ordered_json::array();
  std::string text;
  for (const auto& key : access::keys(desk.door, options.authority)) {
    out.push_back({{"authority", key.authority},
                   {"account", key.email},
                   {"key", key.key},
                   {"scopes", key.scopes},
                   {"made_at", iso(key.made_at)},
                   {"ends_at", iso(key.ends_at)},
                   {"used_at", maybe_instant(key.used_at)},
                   {"revoked_at", maybe_instant(key.revoked_at)}});
    text += fmt::format("{}  {}  {}  {}  until {}{}{}\n", key.authority, key.key, key.email, fmt::join(key.scopes, ","),
                        iso(key.ends_at), key.used_at ? ", last used " + iso(*key.used_at) : ", never used",
                        key.revoked_at ? ", revoked" : "");
  }
  if (common.json)
    print_json(out);
  else
    print(printable(text.empty() ? "No keys.\n" : text));
  return done;
}

int end_key(const Common& common, AccountDesk& desk, const KeyOptions& options) {
  if (!access::revoke_key(desk.door, options.authority, options.key))
    throw Failure(usage, fmt::format("no key {} holds: `answerable key list` shows which do", options.key));
  if (common.json)
    print_json({{"revoked", options.key}});
  else
    print(fmt::format("The key {} is revoked.\n", options.key));
  return done;
}

int know_certificate(const Common& common, AccountDesk& desk, const KeyOptions& options) {
  const auto account = desk.account(options.whose);
  const Digest fingerprint = fingerprint_of(options.fingerprint);
  access::add_certificate(desk.door, account.authority, account.account, fingerprint, end_of_day(options.until));
  if (common.json)
    print_json({{"fingerprint", hex(fingerprint)}, {"account", account.email}, {"until", options.until}});
  else
    print(fmt::format("Whoever shows this certificate is {} until the end of {}.\n", account.email, options.until));
  return done;
}

int list_certificates(const Common& common, AccountDesk& desk, const KeyOptions& options) {
  auto out = ordered_json::array();
  std::string text;
  for (const auto& one : access::certificates(desk.door, options.authority)) {
    out.push_back({{"authority", one.authority},
                   {"account", one.email},
                   {"fingerprint", hex(one.fingerprint)},
                   {"added_at", iso(one.added_at)},
                   {"ends_at", iso(one.ends_at)},
                   {"revoked_at", maybe_instant(one.revoked_at)}});
    text += fmt::format("{}  {}  {}  until {}{}\n", one.authority, hex(one.fingerprint), one.email, iso(one.ends_at),
                        one.revoked_at ? ", revoked" : "");
  }
  if (common.json)
    print_json(out);
  else
    print(printable(text.empty() ? "No certificates.\n" : text));
  return done;
}

int end_certificate(const Common& common, AccountDesk& desk, const KeyOptions& options) {
  const Digest fingerprint = fingerprint_of(options.fingerprint);
  if (!access::revoke_certificate(desk.door, options.authority, fingerprint))
    throw Failure(usage, "no such certificate holds: `answerable certificate list` shows which do");
  if (common.json)
    print_json({{"revoked", hex(fingerprint)}});
  else
    print("The certificate is revoked.\n");
  return done;
}

void add_until(CLI::App& command, KeyOptions& options) {
  command.add_option("--until", options.until, "The last day it holds")->type_name("DATE")->required();
}

CLI::Option* add_authority(CLI::App& command, KeyOptions& options) {
  return command.add_option("--authority", options.authority, "Council's code")->type_name("CODE");
}

}  // namespace

void add_key_commands(Program& program) {
  Verbs key(program, "key", "API keys of machines that send");
  const auto made = std::make_shared<KeyOptions>();
  auto& add = add_account_verb(key, "add", "Make a key for an account; it is shown once", made, make_key);
  made->whose.add_to(add);
  add_until(add, *made);
  add.add_option("--scope", made->scopes, "What it may: submit, check, receipts, wanted")->capture_default_str();
  const auto listed = std::make_shared<KeyOptions>();
  add_authority(add_account_verb(key, "list", "List keys, without their secrets", listed, list_keys), *listed);
  const auto ended = std::make_shared<KeyOptions>();
  auto& revoke = add_account_verb(key, "revoke", "Revoke a key", ended, end_key);
  revoke.add_option("KEY", ended->key, "Its public part")->required();
  add_authority(revoke, *ended)->required();

  Verbs certificate(program, "certificate", "Client certificates of machines that send");
  const auto known = std::make_shared<KeyOptions>();
  auto& know = add_account_verb(certificate, "add", "Know a certificate by its fingerprint; two hold at once", known,
                                know_certificate);
  known->whose.add_to(know);
  know.add_option("--fingerprint", known->fingerprint, "SHA-256 of the certificate")->type_name("HEX")->required();
  add_until(know, *known);
  const auto shown = std::make_shared<KeyOptions>();
  add_authority(add_account_verb(certificate, "list", "List certificates", shown, list_certificates), *shown);
  const auto gone = std::make_shared<KeyOptions>();
  auto& forget = add_account_verb(certificate, "revoke", "Revoke a certificate", gone, end_certificate);
  forget.add_option("--fingerprint", gone->fingerprint, "SHA-256 of the certificate")->type_name("HEX")->required();
  add_authority(forget, *gone)->required();
}

}  // namespace answerable::cli
