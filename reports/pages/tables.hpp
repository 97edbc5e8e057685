#pragma once

#include "reports/render/csv_table.hpp"

/// The CSV files a trail comes in.
namespace answerable::pages {

const render::CsvTable& chronology_table();
const render::CsvTable& findings_table();
const render::CsvTable& evidence_table();

}  // namespace answerable::pages
