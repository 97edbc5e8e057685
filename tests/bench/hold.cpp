// Keeps a data folder's server running, as a long-running service does, until its standard input ends: bench-hold
// DATA_FOLDER
#include <cstdio>

#include "ingest/pg/private_server.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto server = answerable::pg::PrivateServer::open(argv[1]);
  std::puts("open");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
