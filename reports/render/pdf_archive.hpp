#pragma once

class QPDF;

namespace answerable::render {

struct Document;

/// What PDF/A-2a (ISO 19005-2:2011, level A) asks of a file beyond its structure tree and what Cairo does by itself:
/// metadata (XMP, ISO 16684-1) that says what the information dictionary says, the meaning of its colours (sRGB), glyph
/// maps, no transparency groups. Also page labels, and the settings that make readers show title and bookmarks.
void make_archival(QPDF& file, const Document& document);

}  // namespace answerable::render
