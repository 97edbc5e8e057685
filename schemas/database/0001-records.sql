-- Records as received: who sent what, when, and what it says. Rows are added and never changed; the council is the first
-- column of every key. Run by the owner role; the three programs get the least they need at the end.
SET LOCAL search_path TO answerable;

CREATE TABLE authority (
  authority text PRIMARY KEY CHECK (authority ~ '^[0-9A-Z]{3,9}$'),  -- CASSR code
  name text NOT NULL
);
-- The one place where a row changes: the locked counters that make numbers without gaps, in commit order.
CREATE TABLE counter (
  authority text PRIMARY KEY REFERENCES authority,
  next_record bigint NOT NULL DEFAULT 0,
  next_submission bigint NOT NULL DEFAULT 1,
  next_held bigint NOT NULL DEFAULT 1,
  next_subject integer NOT NULL DEFAULT 1,
  next_organisation integer NOT NULL DEFAULT 1
);
CREATE TABLE organisation (
  authority text NOT NULL REFERENCES authority,
  organisation integer NOT NULL,
  scheme text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (authority, organisation),
  UNIQUE (authority, scheme, code)
);
CREATE TABLE submission (
  authority text NOT NULL REFERENCES authority,
  submission bigint NOT NULL,
  sender integer NOT NULL,
  message_id text NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  bytes bigint NOT NULL,
  received_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  source_system text NOT NULL,
  agreement text,
  period_from date,
  period_to date,
  stored integer NOT NULL,
  held integer NOT NULL,
  already_held integer NOT NULL,
  first_record bigint,  -- its records have the numbers from here to last_record and no others; NULL when nothing was stored
  last_record bigint,
  PRIMARY KEY (authority, submission),
  UNIQUE (authority, sender, message_id),
  FOREIGN KEY (authority, sender) REFERENCES organisation
);
-- Whom or what a timeline is about. From here on the tables that grow with the records have no foreign keys: intake alone
-- writes them, under the council's locked counter, with the numbers it gave out itself, and a key would ask once a row.
CREATE TABLE subject (
  authority text NOT NULL,
  subject integer NOT NULL,
  type text NOT NULL CHECK (type IN ('person', 'agreement', 'council')),
  PRIMARY KEY (authority, subject)
);
-- scheme: nhs-number, council, sender (value is scheme:code/number of the sender), agreement, case (a complaint's reference), council-itself.
CREATE TABLE identifier (
  authority text NOT NULL,
  scheme text NOT NULL,
  value text NOT NULL,
  subject integer NOT NULL,
  number bigint NOT NULL,  -- the record that first said so
  PRIMARY KEY (authority, scheme, value)
);
CREATE TABLE record (
  authority text NOT NULL,
  number bigint NOT NULL,  -- without gaps, in commit order, from 0: the leaf's index in the council's ledger
  submission bigint NOT NULL,  -- written last, in the same transaction, when its totals are known
  kind text NOT NULL,
  version smallint NOT NULL,
  id text NOT NULL,        -- the sender's own
  sender integer NOT NULL,
  subject integer NOT NULL,
  corrects bigint,
  agreement text,          -- on whose behalf, from the record or its envelope
  performer integer NOT NULL,
  worker text,
  role text,
  recorded_first date,
  recorded_last date,
  recorded_precision "char",
  source text,             -- system and document at the sender
  received_on date NOT NULL,  -- Europe/London day of the submission's received_at
  position bigint NOT NULL,   -- byte offset in the file
  line integer NOT NULL,
  leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
  PRIMARY KEY (authority, number),
  UNIQUE (authority, sender, id)
);
-- The file's bytes: each record's own, with what stood before it; head, tail and the rest in submission_part.
CREATE TABLE record_body (
  authority text NOT NULL,
  number bigint NOT NULL,
  salt bytea NOT NULL CHECK (octet_length(salt) = 16),
  lead bytea NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (authority, number)
);
CREATE TABLE submission_part (
  authority text NOT NULL,
  submission bigint NOT NULL,
  position bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (authority, submission, position)
);
CREATE TABLE held_record (
  authority text NOT NULL,
  held bigint NOT NULL,
  submission bigint NOT NULL,
  kind text,
  id text,
  position bigint NOT NULL,
  line integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (authority, held)
);
CREATE TABLE fault (
  authority text NOT NULL,
  submission bigint NOT NULL,
  ordinal integer NOT NULL,
  severity text NOT NULL CHECK (severity IN ('error', 'query', 'note')),
  code text NOT NULL,
  line integer NOT NULL,
  col integer NOT NULL,
  record_id text NOT NULL,
  field text NOT NULL,
  sent text NOT NULL,
  problem text NOT NULL,
  expected text NOT NULL,
  mend text NOT NULL,
  PRIMARY KEY (authority, submission, ordinal),
  FOREIGN KEY (authority, submission) REFERENCES submission
);
-- What rules read: one row an act.
CREATE TABLE entry (
  authority text NOT NULL,
  number bigint NOT NULL,
  ordinal smallint NOT NULL,
  subject integer NOT NULL,
  act text NOT NULL,
  first date NOT NULL,
  last date NOT NULL,
  precision "char" NOT NULL,
  until_first date,
  until_last date,
  until_precision "char",
  performer integer NOT NULL,
  attributes jsonb NOT NULL,  -- one flat object of strings
  PRIMARY KEY (authority, subject, number, ordinal)  -- read by subject: one index, not two
);
CREATE TABLE evidence (
  authority text NOT NULL,
  number bigint NOT NULL,   -- the record that says so
  ordinal smallint NOT NULL,
  target bigint NOT NULL,   -- the record it is evidence for
  subject integer NOT NULL,
  item text NOT NULL,
  state text NOT NULL,
  document text,
  is_a text,                -- what the document is
  created_first date,
  created_last date,
  created_precision "char",
  covers text,
  reason text,
  searched_by text,
  searched_where text,
  searched_on date,
  searched_terms text,
  PRIMARY KEY (authority, subject, number, ordinal)  -- as entry's
);
CREATE INDEX evidence_number ON evidence USING brin (number);  -- what came since: rows lie in this order
CREATE INDEX record_subject ON record (authority, subject);
CREATE INDEX held_submission ON held_record (authority, submission);

DO $$ DECLARE r text; BEGIN
  FOREACH r IN ARRAY ARRAY['answerable_ingest', 'answerable_audit', 'answerable_reports'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', r); END IF;
    EXECUTE format('GRANT %I TO CURRENT_USER', r);
    EXECUTE format('GRANT USAGE ON SCHEMA answerable TO %I', r);
  END LOOP;
END $$;
GRANT SELECT ON ALL TABLES IN SCHEMA answerable TO answerable_ingest, answerable_audit, answerable_reports;
GRANT INSERT ON authority, counter, organisation, submission, subject, identifier, record, record_body, submission_part, held_record, fault, entry, evidence TO answerable_ingest;
GRANT UPDATE ON counter TO answerable_ingest;
