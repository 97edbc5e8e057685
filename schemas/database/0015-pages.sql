-- A finding that was set aside is opened again from its page, and people's records are searched by the words in them.
SET LOCAL search_path TO answerable;

-- Opens a finding again that is set aside, with the reason and the name of whoever does; the decision is a leaf on the
-- ledger (0005). NULL when it is not the actor's to follow up or is not set aside.
CREATE FUNCTION reopen_finding(number bigint, why text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; f finding_step;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer', 'complaints-officer');
  SELECT * INTO f FROM finding_to_follow(number);
  IF who.account IS NULL OR f.finding IS NULL OR NOT set_aside_now(f.authority, f.finding, f.outcome) THEN RETURN NULL; END IF;
  INSERT INTO finding_decision (authority, finding, ordinal, decision, decided_at, decided_by, reason, outcome)
    SELECT f.authority, f.finding, max(d.ordinal) + 1, 'reopened', statement_timestamp(), who.name, why, f.outcome
    FROM finding_decision d WHERE d.authority = f.authority AND d.finding = f.finding;
  RETURN true;
END $$;

-- The words of records about people, read out of them by the audit's service after they came in (job 'words'), so that the
-- intake pays nothing for it. Not read: visits, whose words say little and which are most of all records; content of
-- documents, which is base64; records over a megabyte.
CREATE TABLE record_words (
  authority text NOT NULL,
  number bigint NOT NULL,
  subject integer NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (authority, number),
  FOREIGN KEY (authority, number) REFERENCES record_body ON DELETE CASCADE  -- with what was sent go its words (0006)
);
CREATE INDEX record_words_words ON record_words USING gin (words);
-- How far they have been read: every record numbered below.
CREATE TABLE words_read (authority text PRIMARY KEY REFERENCES authority, below bigint NOT NULL);

-- Reads the next records of a council, at most so many. \return whether that was all there were
CREATE FUNCTION read_words(council text, most integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE start bigint; beyond bigint;
BEGIN
  INSERT INTO words_read (authority, below) VALUES (council, 0) ON CONFLICT DO NOTHING;
  SELECT below INTO start FROM words_read WHERE authority = council FOR UPDATE;
  SELECT max(n.number) + 1 INTO beyond FROM (SELECT r.number FROM record r WHERE r.authority = council AND r.number >= start
    ORDER BY r.number LIMIT most) n;
  IF beyond IS NULL THEN RETURN true; END IF;
  INSERT INTO record_words (authority, number, subject, words)
    SELECT council, r.number, r.subject, to_tsvector('english', regexp_replace(regexp_replace(convert_from(b.body, 'UTF8'),
      '<([[:alnum:]_.-]+:)?content[\s>].*?</([[:alnum:]_.-]+:)?content\s*>', ' ', 'g'), '<[^>]*>', ' ', 'g'))
    FROM record r JOIN record_body b USING (authority, number)
    WHERE r.authority = council AND r.number >= start AND r.number < beyond AND r.subject <> 0 AND r.kind <> 'visit'
      AND octet_length(b.body) <= 1048576;
  UPDATE words_read SET below = beyond WHERE authority = council;
  RETURN NOT EXISTS (SELECT FROM record r WHERE r.authority = council AND r.number >= beyond);
END $$;

ALTER TABLE job DROP CONSTRAINT job_kind_check, ADD CONSTRAINT job_kind_check CHECK (kind IN ('audit', 'seal', 'verify', 'words'));
CREATE OR REPLACE FUNCTION work_for_submission() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  PERFORM want_job(NEW.authority, 'seal'), want_job(NEW.authority, 'audit'), want_job(NEW.authority, 'words');
  RETURN NULL;
END $$;
INSERT INTO job (authority, kind, due_at) SELECT authority, 'words', statement_timestamp()
  FROM authority WHERE EXISTS (SELECT FROM submission s WHERE s.authority = authority.authority);

-- Records in which all these words stand (as PostgreSQL's English search takes them), within what the searcher may open
-- people for: a monitoring officer's agreements, an outside reader's one case. That a record holds a word says something
-- of the person, so each person shown is read, for this purpose, on the ledger: at most twenty. Nothing when the purpose is
-- not the searcher's. The number shown is the council's or the NHS's, or else any that names the person.
CREATE FUNCTION search_words(sought text, why text, reference text) RETURNS TABLE (subject integer, scheme text, value text, kind text, id text,
    sender text, received_on date)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; wanted tsquery := websearch_to_tsquery('english', sought); everywhere boolean; one_case boolean;
BEGIN
  SELECT a.authority, a.roles, c.name, c.email INTO who FROM actor() a JOIN account c USING (authority, account);
  IF who.authority IS NULL OR NOT coalesce(opens_for(who.roles, why), false) OR numnode(wanted) = 0 THEN RETURN; END IF;
  everywhere := why <> 'monitoring' OR 'guardian' = ANY (who.roles) OR '' IN (SELECT monitored_agreements());
  one_case := 'outside-reader' = ANY (who.roles);
  RETURN QUERY WITH held AS MATERIALIZED (
      SELECT w.number, w.subject FROM record_words w WHERE w.authority = who.authority AND w.words @@ wanted
        AND (everywhere OR EXISTS (SELECT FROM record r WHERE r.authority = w.authority AND r.number = w.number
          AND r.agreement IN (SELECT monitored_agreements())))
        AND (NOT one_case OR w.subject IN (SELECT case_subjects())) LIMIT 500),
    people AS MATERIALIZED (SELECT h.subject FROM held h GROUP BY h.subject ORDER BY max(h.number) DESC LIMIT 20),
    read AS MATERIALIZED (SELECT p.subject, append_event(who.authority, 'read', p.subject, json_build_object('by',
      who.name || ' <' || who.email || '>', 'purpose', why, 'what', 'found by words: ' || sought, 'reference', reference)::text) FROM people p)
    SELECT r.subject, i.scheme, i.value, r.kind, r.id, o.name, r.received_on FROM held h JOIN read d USING (subject)
      JOIN record r ON r.authority = who.authority AND r.number = h.number
      JOIN organisation o ON o.authority = r.authority AND o.organisation = r.sender
      CROSS JOIN LATERAL (SELECT n.scheme, n.value FROM identifier n WHERE n.authority = r.authority AND n.subject = r.subject
        ORDER BY n.scheme = 'nhs-number' DESC, n.scheme = 'council' DESC, n.scheme, n.value LIMIT 1) i
    ORDER BY r.subject, r.number DESC LIMIT 100;
END $$;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['record_words', 'words_read'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION reopen_finding(bigint, text), read_words(text, integer), search_words(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reopen_finding(bigint, text), search_words(text, text, text) TO answerable_reports;
GRANT EXECUTE ON FUNCTION read_words(text, integer) TO answerable_audit;
