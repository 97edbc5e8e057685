-- What audits found. Every step in a finding's life is a row that stays; finding_current and subject_judged only point at
-- the newest, so that nobody has to search for it.
SET LOCAL search_path TO answerable;

CREATE TABLE rule_file (
  digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),  -- SHA-256 of bytes
  id text NOT NULL,
  bytes bytea NOT NULL
);
CREATE TABLE rule_set (
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),  -- SHA-256 over the lines "id sha256\n", sorted by id
  id text NOT NULL,
  file bytea NOT NULL REFERENCES rule_file,
  PRIMARY KEY (digest, id)
);
CREATE TABLE audit_run (
  authority text NOT NULL REFERENCES authority,
  run bigint NOT NULL,          -- from 1
  as_of date NOT NULL,
  known_at bigint NOT NULL,     -- the records numbered below this were known
  rule_set bytea NOT NULL CHECK (octet_length(rule_set) = 32),
  engine integer NOT NULL,      -- the edition of the program's own reading of the rules
  started_at timestamptz NOT NULL,
  judged bigint NOT NULL,       -- subjects
  judgements bigint NOT NULL,
  steps bigint NOT NULL,        -- findings new, changed or withdrawn
  why jsonb NOT NULL,           -- subjects judged, by reason
  PRIMARY KEY (authority, run)
);
-- A finding as it stood from one run on, until a later row of the same finding.
CREATE TABLE finding_step (
  authority text NOT NULL,
  finding bigint NOT NULL,      -- 60 bits; shown as F-XXXX-XXXX-XXXX
  run bigint NOT NULL,
  withdrawn boolean NOT NULL,   -- nothing calls for the duty any more (a correction, another regime)
  subject integer NOT NULL,
  rule text NOT NULL,
  duty text NOT NULL,
  edition_from date NOT NULL,
  trigger_record bigint NOT NULL,  -- -1: brought about by the law itself
  trigger_ordinal smallint NOT NULL,
  trigger_act text NOT NULL,
  trigger_first date NOT NULL,
  trigger_last date NOT NULL,
  trigger_precision "char" NOT NULL,
  occurrence integer NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('met', 'met-late', 'breached', 'pending', 'exempt', 'not-evidenced', 'contradicted', 'unknown', 'error')),
  state text NOT NULL,
  due date,
  flagged_since date,
  actor text NOT NULL,          -- scheme:code of who acted or should have; the council (authority) answers for all
  agreement text NOT NULL,      -- '' when none
  sentence text,                -- NULL for met, exempt and pending
  PRIMARY KEY (authority, finding, run)
);
CREATE TABLE finding_current (
  authority text NOT NULL,
  finding bigint NOT NULL,
  run bigint NOT NULL,
  subject integer NOT NULL,
  content bigint NOT NULL,      -- of the step's columns: equal content is no new step
  PRIMARY KEY (authority, finding)
);
CREATE INDEX finding_current_subject ON finding_current (authority, subject);
CREATE TABLE subject_judged (
  authority text NOT NULL,
  subject integer NOT NULL,
  as_of date NOT NULL,
  known_at bigint NOT NULL,
  next_change date,             -- the first day on which judging again could give anything else
  PRIMARY KEY (authority, subject)
);

-- The findings as the last audit left them.
CREATE VIEW finding AS
  SELECT s.* FROM finding_current c JOIN finding_step s ON s.authority = c.authority AND s.finding = c.finding AND s.run = c.run
  WHERE NOT s.withdrawn;

GRANT SELECT ON rule_file, rule_set, audit_run, finding_step, finding_current, subject_judged, finding TO answerable_audit, answerable_reports;
GRANT INSERT ON rule_file, rule_set, audit_run, finding_step, finding_current, subject_judged TO answerable_audit;
GRANT UPDATE ON finding_current, subject_judged TO answerable_audit;
