-- What people decide about findings, the rules a council adds, and what only shows across people.
SET LOCAL search_path TO answerable;

-- serious | important | advisory; '' on steps of audits made before there was one.
ALTER TABLE finding_step ADD COLUMN severity text NOT NULL DEFAULT '' CHECK (severity IN ('', 'serious', 'important', 'advisory'));
CREATE OR REPLACE VIEW finding AS
  SELECT s.* FROM finding_current c JOIN finding_step s ON s.authority = c.authority AND s.finding = c.finding AND s.run = c.run
  WHERE NOT s.withdrawn;

-- A person's decision about a finding. The newest counts. A finding that is set aside is shown as that until the day
-- named, and only while it stays as it was: a change of outcome opens it again by itself.
CREATE TABLE finding_decision (
  authority text NOT NULL REFERENCES authority,
  finding bigint NOT NULL,
  ordinal integer NOT NULL,     -- from 1
  decision text NOT NULL CHECK (decision IN ('set-aside', 'reopened')),
  decided_at timestamptz NOT NULL,
  decided_by text NOT NULL CHECK (decided_by <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  until date,                   -- the last day it is set aside; NULL: until it changes or is reopened
  outcome text NOT NULL,        -- of the finding when it was decided
  PRIMARY KEY (authority, finding, ordinal)
);

-- Rules that a council has loaded beside those that ship; the newest row of an id counts.
CREATE TABLE council_rule (
  authority text NOT NULL REFERENCES authority,
  id text NOT NULL,
  ordinal integer NOT NULL,     -- from 1
  file bytea REFERENCES rule_file,  -- NULL: withdrawn
  decided_at timestamptz NOT NULL,
  decided_by text NOT NULL CHECK (decided_by <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  PRIMARY KEY (authority, id, ordinal)
);

-- What the measures found that a single person's records cannot show. An audit adds what is new and what is over;
-- judged as an entry on the subject's timeline, sourced to the record it is about.
CREATE TABLE mark (
  authority text NOT NULL REFERENCES authority,
  mark bigint GENERATED ALWAYS AS IDENTITY,
  subject integer NOT NULL,
  number bigint NOT NULL,       -- the record it is about
  act text NOT NULL,
  happened date NOT NULL,
  since bigint NOT NULL,        -- the records numbered below this were known when it was first found
  over bigint,                  -- and when it no longer was
  attributes jsonb NOT NULL,    -- one flat object of strings
  PRIMARY KEY (authority, mark)
);
CREATE INDEX mark_subject ON mark (authority, subject);

GRANT SELECT ON finding_decision, council_rule, mark TO answerable_audit, answerable_reports;
GRANT INSERT ON finding_decision, council_rule, mark TO answerable_audit;
GRANT UPDATE (over) ON mark TO answerable_audit;
GRANT SELECT ON finding TO answerable_audit, answerable_reports;

-- Runs the SELECT of a measure. STABLE: the server itself refuses anything in it that would change data.
CREATE FUNCTION measured(query text, council text, known_at bigint)
  RETURNS TABLE (subject integer, number bigint, happened date, since bigint, attributes jsonb)
  LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN QUERY EXECUTE query USING council, known_at; END $$;
REVOKE ALL ON FUNCTION measured(text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION measured(text, text, bigint) TO answerable_audit;
