#pragma once

namespace answerable::xml {

/// The parse worker: speaks with its parent over standard input (a socket), loads the grammars, gives up every right it
/// has and then parses what it is sent until the parent hangs up. \returns the program's exit code
int parse_worker_main();

}  // namespace answerable::xml
