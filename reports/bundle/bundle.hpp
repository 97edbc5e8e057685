#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "audit/ledger/sequence.hpp"
#include "reports/bundle/redaction_request.hpp"
#include "reports/pages/gather.hpp"

/// What leaves for an ombudsman, a court or a reader who has none of our software: schemas/formats/bundle.md.
namespace answerable::bundle {

struct Request {
  pages::TrailRequest about;  ///< `known_at` is not looked at: what the checkpoint holds was known
  std::optional<RedactionRequest> keep_back;
  std::string by;                     ///< who asks for it; may be ""
  std::string purpose{"not-stated"};  ///< or complaint, monitoring, audit, subject-access
};

struct Made {
  std::string number;   ///< "B-6F2A91C4"
  std::string council;  ///< its name
  std::string person;   ///< the name the bundle gives
  std::int64_t files{}, exhibits{}, leaves{}, missing{}, redacted{};
  Digest sha256{};  ///< of the bag's tagmanifest-sha256.txt, on which every byte of the bag hangs
};

/// Makes the bundle of a person as a sealed ZIP. The same request at the same checkpoint gives the same bytes. Nothing
/// stands under the file's name before all of it is written.
/// \param connection may read as answerable_desk
/// \throws RedactionRefused; pg::Error; std::runtime_error when nothing was known of the person, or the file cannot be
///   written
Made make_bundle(pg::Connection& connection, engine::Catalogue& catalogue, const xml::Kinds& kinds,
                 const Request& request, const ledger::KeptCheckpoint& checkpoint, const std::filesystem::path& file);

}  // namespace answerable::bundle
