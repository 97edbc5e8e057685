-- Work that the audit's service does by itself, one row a council and kind. Whoever does it holds a lease: no two do the
-- same at once, and when one is killed another takes it up once the lease is over.
SET LOCAL search_path TO answerable;

CREATE TABLE job (
  authority text NOT NULL REFERENCES authority,
  kind text NOT NULL CHECK (kind IN ('audit', 'seal', 'verify')),
  due_at timestamptz NOT NULL,
  wanted bigint NOT NULL DEFAULT 1,  -- how often it was asked for
  taken bigint,                      -- how often it had been when the lease began: asked for since, it is due again
  lease_by text,
  lease_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,  -- since it was last done
  failed_with text,                  -- of the last attempt: what went wrong, in the program's own words
  done_at timestamptz,
  PRIMARY KEY (authority, kind),
  CHECK ((lease_by IS NULL) = (lease_until IS NULL))
);
CREATE INDEX job_due ON job (due_at);

-- Asks for work now, and wakes those who do it when this transaction commits.
CREATE FUNCTION want_job(council text, what text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  INSERT INTO job (authority, kind, due_at) VALUES (council, what, statement_timestamp())
    ON CONFLICT (authority, kind) DO UPDATE SET due_at = least(job.due_at, excluded.due_at), wanted = job.wanted + 1;
  PERFORM pg_notify('answerable_work', '');
END $$;

-- New records are judged; what people decide is signed; a council that is new is verified each night from now on.
CREATE FUNCTION work_for_submission() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  PERFORM want_job(NEW.authority, 'seal'), want_job(NEW.authority, 'audit');
  RETURN NULL;
END $$;
CREATE FUNCTION work_for_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  PERFORM want_job(NEW.authority, 'seal');
  RETURN NULL;
END $$;
-- Last of all a transaction does, so that the row is not held locked while a file comes in.
CREATE CONSTRAINT TRIGGER work AFTER INSERT ON submission DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION work_for_submission();
CREATE CONSTRAINT TRIGGER work AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION work_for_event();

INSERT INTO job (authority, kind, due_at) SELECT authority, kind, statement_timestamp()
  FROM authority, unnest(ARRAY['seal', 'audit']) AS kind WHERE EXISTS (SELECT FROM submission s WHERE s.authority = authority.authority);

-- What a sender called a file that was sent over HTTP (Idempotency-Key): the same name may not mean another file later.
CREATE TABLE idempotency_key (
  authority text NOT NULL REFERENCES authority,
  sender text NOT NULL,                 -- scheme:code
  key bytea NOT NULL CHECK (octet_length(key) = 32),      -- SHA-256 of it
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),  -- of the file
  at timestamptz NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (authority, sender, key)
);

-- A finding's number as people write it: F- and twelve of Crockford's Base 32 (audit/engine/identity.hpp).
CREATE FUNCTION finding_name(finding bigint) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = answerable, pg_temp AS $$
  SELECT 'F' || string_agg(CASE WHEN i % 4 = 0 THEN '-' ELSE '' END || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (finding >> (5 * (11 - i)) & 31)::integer + 1, 1), '' ORDER BY i)
  FROM generate_series(0, 11) AS i $$;

-- What is still wanted of whoever a transaction acts for: findings on what their organisation did or should have done, records
-- of theirs that are held, and what they were asked for besides. A person is named only as they themselves named them.
CREATE FUNCTION wanted() RETURNS TABLE (what text, reference text, rule text, outcome text, sentence text, person text, due date, asked_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH me AS (
    SELECT a.authority, coalesce(a.organisation, 'cassr:' || a.authority) AS key, o.organisation AS sender
    FROM actor() a LEFT JOIN organisation o ON o.authority = a.authority
      AND o.scheme || ':' || o.code = coalesce(a.organisation, 'cassr:' || a.authority)),
  asked AS (
    SELECT e.event, e.content::json->>'finding' AS finding, e.content::json->>'about' AS about, (e.content::json->>'sent')::date AS sent
    FROM me JOIN event e USING (authority) WHERE e.kind = 'reminder' AND e.content IS NOT NULL AND e.content::json->>'to' = me.key)
  SELECT 'finding', finding_name(s.finding), s.rule, s.outcome, s.sentence,
    (SELECT split_part(i.value, '/', 2) FROM identifier i WHERE i.authority = me.authority AND i.subject = s.subject AND i.scheme = 'sender'
       AND split_part(i.value, '/', 1) = me.key ORDER BY i.number LIMIT 1),
    s.due, (SELECT max(q.sent) FROM asked q WHERE q.finding = finding_name(s.finding))
  FROM me JOIN finding_current c USING (authority) JOIN finding_step s USING (authority, finding, run)
  WHERE s.actor = me.key AND NOT s.withdrawn AND s.outcome IN ('breached', 'not-evidenced', 'contradicted', 'unknown')
    AND NOT EXISTS (SELECT FROM finding_decision d WHERE d.authority = s.authority AND d.finding = s.finding AND d.decision = 'set-aside'
      AND d.outcome = s.outcome AND (d.until IS NULL OR d.until >= (now() AT TIME ZONE 'Europe/London')::date)
      AND NOT EXISTS (SELECT FROM finding_decision l WHERE l.authority = d.authority AND l.finding = d.finding AND l.ordinal > d.ordinal))
  UNION ALL
  SELECT 'held-record', h.held::text, NULL, NULL, 'It was held: mend it and send it again.', h.id, NULL, u.received_at::date
  FROM me JOIN submission u ON u.authority = me.authority AND u.sender = me.sender
    JOIN held_record h ON h.authority = u.authority AND h.submission = u.submission
  WHERE h.bytes IS NOT NULL AND NOT EXISTS (SELECT FROM record r WHERE r.authority = h.authority AND r.sender = u.sender AND r.id = h.id)
    AND NOT EXISTS (SELECT FROM held_record l JOIN submission lu USING (authority, submission)
      WHERE l.authority = h.authority AND lu.sender = u.sender AND l.id = h.id AND l.held > h.held)
  UNION ALL
  SELECT 'asked-for', q.event::text, NULL, NULL, q.about, NULL, NULL, q.sent FROM asked q WHERE q.finding IS NULL
  ORDER BY 7 NULLS LAST, 1, 2 $$;

REVOKE ALL ON FUNCTION want_job(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION want_job(text, text) TO answerable_audit;
GRANT SELECT, INSERT ON job TO answerable_audit;
GRANT UPDATE ON job TO answerable_audit;
GRANT SELECT ON job TO answerable_reports;
GRANT SELECT, INSERT ON idempotency_key TO answerable_ingest;
REVOKE ALL ON FUNCTION finding_name(bigint), wanted(), work_for_submission(), work_for_event() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wanted() TO answerable_ingest, answerable_reports;
GRANT EXECUTE ON FUNCTION finding_name(bigint) TO answerable_audit, answerable_desk, answerable_reports;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['job', 'idempotency_key'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY programs ON %I TO answerable_ingest, answerable_audit, answerable_desk USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
CREATE POLICY reader ON job FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council()) AND (SELECT acts_for_council()));
GRANT SELECT ON job TO answerable_desk;
