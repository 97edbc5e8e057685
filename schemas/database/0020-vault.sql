-- Seeds of second factors may lie sealed (ingest/access/vault.hpp): 40 bytes longer.
SET LOCAL search_path TO answerable;

ALTER TABLE second_factor DROP CONSTRAINT second_factor_secret_check, DROP CONSTRAINT second_factor_offered_check,
  ADD CHECK (octet_length(secret) IN (32, 72)), ADD CHECK (octet_length(offered) IN (32, 72));
