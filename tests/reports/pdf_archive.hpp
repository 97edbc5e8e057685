#pragma once

#include <string>
#include <vector>

#include "tests/reports/pdf_objects.hpp"

namespace answerable::render {

/// What a file fails of the requirements of PDF/A-2a listed here, each said as "clause: what is wrong"; the clauses are
/// those of ISO 19005-2:2011 (those of ISO 32000-1 begin with "32000-1"). What our files never hold (images, forms,
/// attachments, signatures, layers, transparency) is not looked into but reported when it is there.
///
/// 6.1.2 header · 6.1.3 trailer: ID, no encryption, nothing after the end · 6.1.7 streams: line ends, no external data,
/// filters · 6.1.13 limits of strings, names, whole numbers, objects, nesting of q · 6.2.2 operators · 6.2.3 output
/// intent and its profile · 6.2.4.3 colours in RGB and grey only · 6.2.5 and 6.2.10 graphics states, no transparency ·
/// 6.2.11 fonts: embedded, glyphs there, widths equal, encodings, Unicode maps without forbidden and private values, no
/// .notdef · 6.3 annotations: links only, printed · 6.5 actions: none but addresses · 6.6.2 XMP well formed, 6.6.3
/// equal to the information dictionary, 6.6.4 identification · 6.7.2 marked · 6.7.3 every mark an artifact or in the
/// tree, the tree sound, standard types · 6.7.4 language · 6.8 to 6.11 none of what they are about · and, of good
/// tagging: headings in order, tables regular with scopes, lists, contents, links and figures as ISO 32000-1 14.8.4 has
/// them.
std::vector<std::string> pdfa_violations(const PdfObjects& pdf);

}  // namespace answerable::render
