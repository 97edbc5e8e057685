-- Who came in, who did not, and what was refused: for those who look after accounts, on a page; and salts
-- of 128 bits.
--
-- Security events. What changed about accounts is
-- on the ledger already (0012). Counted by the hour, so that somebody who guesses all night makes a row an hour and not a
-- million; no ledger leaf each, since a stranger would write it. Kept for a year.
SET LOCAL search_path TO answerable;

CREATE TABLE security_event (
  authority text NOT NULL REFERENCES authority,
  hour timestamptz NOT NULL,
  what text NOT NULL CHECK (what IN ('signed-in', 'signed-out', 'sign-in-failed', 'sign-in-made-to-wait', 'sign-in-code-wanted',
    'refused', 'forged-form', 'machine-not-known')),
  account integer,              -- NULL: nobody that is known
  route text NOT NULL,          -- of the door, never what was asked for behind it; '' for the ways in and out
  times integer NOT NULL CHECK (times > 0),
  last_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (authority, hour, what, account, route),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE INDEX event_account ON event (authority, at) WHERE kind = 'account';

-- Of a council that is not known nothing is kept.
CREATE FUNCTION note_security(council text, what text, account integer, route text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  DELETE FROM security_event e WHERE e.authority = $1 AND e.hour < now() - interval '1 year';
  INSERT INTO security_event AS e (authority, hour, what, account, route, times, last_at)
    SELECT u.authority, date_trunc('hour', now()), $2, $3, $4, 1, now() FROM authority u WHERE u.authority = $1
    ON CONFLICT (authority, hour, what, account, route) DO UPDATE SET times = e.times + 1, last_at = EXCLUDED.last_at $$;

ALTER TABLE security_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE security_event FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON security_event TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY reader ON security_event FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (SELECT acts_as('administrator', 'guardian')));

GRANT SELECT ON security_event TO answerable_reports;
REVOKE ALL ON FUNCTION note_security(text, text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_security(text, text, integer, text) TO answerable_door;

-- Salts of 128 unguessable bits: a random UUID has 122.
DO $$ DECLARE of record; BEGIN
  FOR of IN SELECT d.adrelid::regclass AS its_table, a.attname FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      JOIN pg_class c ON c.oid = d.adrelid WHERE c.relnamespace IN ('answerable'::regnamespace, 'answerable_in'::regnamespace)
      AND pg_get_expr(d.adbin, d.adrelid) = 'uuid_send(gen_random_uuid())' LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FROM 1 FOR 16)',
      of.its_table, of.attname);
  END LOOP;
END $$;
