#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "audit/engine/timeline.hpp"
#include "ingest/civil_date.hpp"
#include "reports/bundle/reason.hpp"

/// What an officer asks to keep back: schemas/redaction/1/redaction.xsd.
namespace answerable::bundle {

struct WhichRecord {
  std::string sender;  ///< "ods:RH5"
  std::string id;      ///< the sender's own
  auto operator<=>(const WhichRecord&) const = default;
};
struct KeepPerson {
  std::vector<engine::Identifier> identifiers;
  std::vector<std::string> names;
};
struct KeepRecord {
  WhichRecord record;
};
struct KeepField {
  WhichRecord record;
  std::string path;
  std::string value;  ///< only where the field says this; "" for whatever it says
};

struct RedactionRequest {
  struct Item {
    int line{};  ///< in the file
    Reason reason{};
    std::variant<KeepPerson, KeepRecord, KeepField> what;
  };
  std::string by;
  Day on{};
  std::vector<Item> items;
  std::vector<WhichRecord> checked;
};

/// \param schemas_folder share_folder()'s schemas
/// \throws xml::Invalid saying where and what is wrong
RedactionRequest read_redaction_request(const std::filesystem::path& file, const std::filesystem::path& schemas_folder);

}  // namespace answerable::bundle
