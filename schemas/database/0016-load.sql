-- What pages and audits ask of a large council is found without looking through everything.
SET LOCAL search_path TO answerable;

-- Measures ask whether a record was corrected since, and for the acts named here. Few rows are in these indexes, so intake
-- hardly pays for them; without the first, a server that has not counted its rows yet compares every record with every other.
CREATE INDEX record_corrects ON record (authority, corrects) WHERE corrects IS NOT NULL;
CREATE INDEX entry_measured ON entry (authority, act, number) WHERE act IN ('review.completed', 'document.created');

-- An audit tells how all findings stand: as follow_run() counted them.
GRANT SELECT ON finding_tally TO answerable_audit;

-- Counts anew what has grown by a tenth, as autovacuum does within some minutes: after a large intake or audit the server would
-- else go on as if its tables were nearly empty, and compare everything with everything.
CREATE FUNCTION count_rows() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE grown regclass;
BEGIN
  FOR grown IN SELECT s.relid FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
      WHERE s.schemaname = 'answerable' AND s.n_mod_since_analyze > 1000 + c.reltuples / 10 ORDER BY s.relid LOOP
    EXECUTE format('ANALYZE %s', grown);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION count_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_rows() TO answerable_audit;
