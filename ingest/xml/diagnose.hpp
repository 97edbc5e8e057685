#pragma once

#include <span>
#include <string>
#include <vector>

#include "ingest/parsed.hpp"
#include "ingest/xml/schema_model.hpp"
#include "ingest/xml/tree.hpp"
#include "ingest/xml/xerces.hpp"

namespace answerable::xml {

/// A complaint of the validator, and the node of the tree at which it came.
struct Complained {
  std::int32_t node{};
  Complaint complaint;
};

/// Puts into our words all that is wrong with a tree the validator has complained of: one fault for one cause, whatever
/// the number of complaints. A complaint that none of our explanations covers gets a fault of its own, so that nothing
/// passes. \param root what the schema says of the tree's root; null when it is not known
std::vector<Fault> diagnose(const Tree& tree, const Names& names, const ElementRule* root,
                            std::span<const Complained> complaints, Places& places, std::string_view record_id);

/// A fault for a document that is not well-formed. Line and column are left to the caller.
Fault ill_formed(const Complaint& complaint);

}  // namespace answerable::xml
