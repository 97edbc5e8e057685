#pragma once

#include <string>

#include "audit/engine/explain.hpp"
#include "reports/pages/rows.hpp"

namespace answerable::pages {

/// What became of one duty.
struct Finding {
  engine::Explanation why;
  std::string about;  ///< the reference of the agreement it is about; "" when it is about the person
};

void pack(Packer& packer, const Finding& finding);
void unpack(Unpacker& unpacker, Finding& finding);

using Findings = Rows<Finding>;

}  // namespace answerable::pages
