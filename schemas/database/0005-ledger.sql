-- The ledger: everything that matters is a leaf, in commit order. schemas/formats/leaf.md and ledger.md say what a leaf is;
-- here stands only which leaf is which row.
SET LOCAL search_path TO answerable;

-- A council's ledgers, one after the other: a year can be closed and the next begun.
CREATE TABLE ledger (
  authority text NOT NULL REFERENCES authority,
  ledger integer NOT NULL,      -- from 1
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,        -- NULL: the open one
  PRIMARY KEY (authority, ledger)
);
CREATE UNIQUE INDEX ledger_open ON ledger (authority) WHERE closed_at IS NULL;

-- A stretch of leaves of one kind, in the order of commits. What they say is in the rows:
--   record      record and record_body, numbers from `key` on
--   held        held_record, numbers from `key` on
--   submission  submission `key`
--   faults      all faults of submission `key`, one leaf
--   run         audit_run `key`
--   finding     finding_step of run `key`, by finding
--   event       event `key`
CREATE TABLE to_ledger (
  authority text NOT NULL,
  place bigint GENERATED ALWAYS AS IDENTITY,  -- drawn under append_leaves' lock: its order is the order of commits
  kind text NOT NULL CHECK (kind IN ('record', 'held', 'submission', 'faults', 'run', 'finding', 'event')),
  key bigint NOT NULL,
  count bigint NOT NULL CHECK (count > 0),
  format smallint NOT NULL DEFAULT 2,  -- of the leaf: records taken in before this migration have leaves of format 1
  PRIMARY KEY (authority, place),
  UNIQUE (authority, kind, key)
);
-- Its place in a tree, once sequenced.
CREATE TABLE ledger_segment (
  authority text NOT NULL,
  place bigint NOT NULL,
  ledger integer NOT NULL,
  first bigint NOT NULL,        -- index of its first leaf
  PRIMARY KEY (authority, place),
  UNIQUE (authority, ledger, first),
  FOREIGN KEY (authority, place) REFERENCES to_ledger,
  FOREIGN KEY (authority, ledger) REFERENCES ledger
);

-- What happens once in a while, one leaf each. content is JSON; NULL, as the salt, when it has been disposed of.
CREATE TABLE event (
  authority text NOT NULL REFERENCES authority,
  event bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('ledger-opened', 'ledger-closed', 'key', 'rule-set', 'council-rule', 'decision', 'read', 'reminder', 'bundle', 'hold', 'disposal')),
  at timestamptz NOT NULL,
  subject integer,              -- whom it is about, when it is about somebody
  content text,
  salt bytea DEFAULT uuid_send(gen_random_uuid()) CHECK (octet_length(salt) = 16),
  CHECK ((content IS NULL) = (salt IS NULL)),
  PRIMARY KEY (authority, event)
);
CREATE INDEX event_subject ON event (authority, subject) WHERE subject IS NOT NULL;

-- The hashes of the tree (RFC 6962), 256 to a tile as C2SP tlog-tiles has them. The last tile of a level grows.
CREATE TABLE ledger_tile (
  authority text NOT NULL,
  ledger integer NOT NULL,
  level smallint NOT NULL,      -- its hashes stand at this times eight in the tree
  tile bigint NOT NULL,
  hashes bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (authority, ledger, level, tile)
);
CREATE TABLE ledger_key (
  authority text NOT NULL REFERENCES authority,
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
  since timestamptz NOT NULL,
  event bigint NOT NULL,        -- that put it on the ledger
  PRIMARY KEY (authority, public_key)
);
CREATE TABLE checkpoint (
  authority text NOT NULL,
  ledger integer NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,           -- C2SP signed note, the council's own signatures
  signed_at timestamptz NOT NULL,
  PRIMARY KEY (authority, ledger, size),
  FOREIGN KEY (authority, ledger) REFERENCES ledger
);
CREATE TABLE cosignature (
  authority text NOT NULL,
  ledger integer NOT NULL,
  size bigint NOT NULL,
  witness text NOT NULL,
  line text NOT NULL,           -- as it stands at the end of the note
  received_at timestamptz NOT NULL,
  PRIMARY KEY (authority, ledger, size, witness),
  FOREIGN KEY (authority, ledger, size) REFERENCES checkpoint
);
-- What proves a submission's leaf under the first checkpoint that holds it: kept, so that a receipt is the same bytes for ever.
CREATE TABLE receipt_proof (
  authority text NOT NULL,
  submission bigint NOT NULL,
  proof text NOT NULL,          -- C2SP tlog-proof
  PRIMARY KEY (authority, submission)
);
-- What is left of a leaf whose content was disposed of: its commitment.
CREATE TABLE disposed_leaf (
  authority text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('record', 'held', 'faults', 'finding', 'event')),
  key bigint NOT NULL,          -- number of a record, held record, submission (of faults), run or event
  finding bigint NOT NULL DEFAULT 0,
  commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
  disposal bigint NOT NULL,     -- the event that did it
  PRIMARY KEY (authority, kind, key, finding)
);
-- When the whole ledger was last recomputed, and what came of it.
CREATE TABLE verification (
  authority text NOT NULL REFERENCES authority,
  at timestamptz NOT NULL,
  ledger integer NOT NULL,
  size bigint NOT NULL,
  differences bigint NOT NULL,
  PRIMARY KEY (authority, at)
);

ALTER TABLE submission ADD COLUMN salt bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) CHECK (octet_length(salt) = 16);
ALTER TABLE submission ADD COLUMN faults_salt bytea DEFAULT uuid_send(gen_random_uuid()) CHECK (octet_length(faults_salt) = 16);  -- of its faults' leaf
ALTER TABLE held_record ADD COLUMN salt bytea DEFAULT uuid_send(gen_random_uuid()) CHECK (octet_length(salt) = 16);
ALTER TABLE audit_run ADD COLUMN salt bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) CHECK (octet_length(salt) = 16);
CREATE INDEX finding_step_run ON finding_step USING brin (run);  -- the steps of one audit: rows lie in this order
ALTER TABLE finding_step ADD COLUMN salt bytea DEFAULT uuid_send(gen_random_uuid()) CHECK (octet_length(salt) = 16);

-- Puts `how_many` leaves next in line for the council's ledger. Held until commit, the lock makes the line's order that of
-- commits; a lock and not a counter's row, so that a transaction with an older snapshot can still commit.
CREATE FUNCTION append_leaves(council text, what text, from_key bigint, how_many bigint, leaf_format smallint DEFAULT 2) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('answerable.to_ledger'), hashtext(council));
  INSERT INTO to_ledger (authority, kind, key, count, format) VALUES (council, what, from_key, how_many, leaf_format);
END $$;

-- Adds an event and its leaf. Returns its number.
CREATE FUNCTION append_event(council text, what text, about integer, says text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE number bigint;
BEGIN
  INSERT INTO event (authority, kind, at, subject, content) VALUES (council, what, statement_timestamp(), about, says) RETURNING event INTO number;
  PERFORM append_leaves(council, 'event', number, 1);
  RETURN number;
END $$;

-- Each row that is a leaf is given its place when its transaction commits, whoever added it and however.
CREATE FUNCTION append_submission(s submission, leaf_format smallint DEFAULT 2) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE h record;
BEGIN
  IF s.stored > 0 THEN PERFORM append_leaves(s.authority, 'record', s.first_record, s.last_record - s.first_record + 1, leaf_format); END IF;
  IF s.held > 0 THEN
    SELECT min(held) AS first, count(*) AS many INTO h FROM held_record WHERE held_record.authority = s.authority AND submission = s.submission;
    PERFORM append_leaves(s.authority, 'held', h.first, h.many);
  END IF;
  IF EXISTS (SELECT FROM fault WHERE fault.authority = s.authority AND submission = s.submission) THEN
    PERFORM append_leaves(s.authority, 'faults', s.submission, 1);
  END IF;
  PERFORM append_leaves(s.authority, 'submission', s.submission, 1);
END $$;
CREATE FUNCTION append_run(r audit_run) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM audit_run WHERE audit_run.authority = r.authority AND run < r.run AND rule_set = r.rule_set) THEN
    PERFORM append_event(r.authority, 'rule-set', NULL, json_build_object('rule_set', encode(r.rule_set, 'hex'))::text);
  END IF;
  IF r.steps > 0 THEN PERFORM append_leaves(r.authority, 'finding', r.run, r.steps); END IF;
  PERFORM append_leaves(r.authority, 'run', r.run, 1);
END $$;
CREATE FUNCTION append_decision(d finding_decision) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT append_event(d.authority, 'decision', (SELECT subject FROM finding_current c WHERE c.authority = d.authority AND c.finding = d.finding),
    json_build_object('finding', d.finding, 'ordinal', d.ordinal, 'decision', d.decision, 'by', d.decided_by, 'reason', d.reason,
      'until', d.until, 'outcome', d.outcome)::text) $$;
CREATE FUNCTION append_council_rule(r council_rule) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT append_event(r.authority, 'council-rule', NULL, json_build_object('id', r.id, 'ordinal', r.ordinal, 'sha256', encode(r.file, 'hex'),
    'by', r.decided_by, 'reason', r.reason)::text) $$;

CREATE FUNCTION on_submission() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM answerable.append_submission(NEW); RETURN NULL; END $$;
CREATE FUNCTION on_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM answerable.append_run(NEW); RETURN NULL; END $$;
CREATE FUNCTION on_decision() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM answerable.append_decision(NEW); RETURN NULL; END $$;
CREATE FUNCTION on_council_rule() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM answerable.append_council_rule(NEW); RETURN NULL; END $$;

-- What is held already becomes the first leaves of ledger 1.
SELECT append_submission(s, 1::smallint) FROM (SELECT * FROM submission ORDER BY authority, submission) s;
SELECT append_run(r) FROM (SELECT * FROM audit_run ORDER BY authority, run) r;
SELECT append_decision(d) FROM (SELECT * FROM finding_decision ORDER BY authority, decided_at, finding, ordinal) d;
SELECT append_council_rule(c) FROM (SELECT * FROM council_rule ORDER BY authority, decided_at, id, ordinal) c;

CREATE CONSTRAINT TRIGGER leaves AFTER INSERT ON submission DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION on_submission();
CREATE CONSTRAINT TRIGGER leaves AFTER INSERT ON audit_run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION on_run();
CREATE CONSTRAINT TRIGGER leaves AFTER INSERT ON finding_decision DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION on_decision();
CREATE CONSTRAINT TRIGGER leaves AFTER INSERT ON council_rule DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION on_council_rule();

GRANT SELECT ON ledger, to_ledger, ledger_segment, event, ledger_tile, ledger_key, checkpoint, cosignature, disposed_leaf, verification TO answerable_audit, answerable_reports;
GRANT SELECT ON receipt_proof TO answerable_ingest, answerable_audit, answerable_reports;
GRANT INSERT ON ledger, ledger_segment, ledger_tile, ledger_key, checkpoint, cosignature, receipt_proof, verification TO answerable_audit;
GRANT UPDATE (hashes) ON ledger_tile TO answerable_audit;
GRANT UPDATE (closed_at) ON ledger TO answerable_audit;
REVOKE ALL ON FUNCTION append_leaves(text, text, bigint, bigint, smallint), append_event(text, text, integer, text), append_submission(submission, smallint),
  append_run(audit_run), append_decision(finding_decision), append_council_rule(council_rule) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_submission(submission, smallint) TO answerable_ingest;
GRANT EXECUTE ON FUNCTION append_run(audit_run), append_decision(finding_decision), append_council_rule(council_rule) TO answerable_audit;
GRANT EXECUTE ON FUNCTION append_event(text, text, integer, text) TO answerable_audit, answerable_reports;
