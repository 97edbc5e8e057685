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

REVOKE ALL ON FUNCTION want_job(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION want_job(text, text) TO answerable_audit;
GRANT SELECT, INSERT ON job TO answerable_audit;
GRANT UPDATE ON job TO answerable_audit;
GRANT SELECT ON job TO answerable_reports;
GRANT SELECT, INSERT ON idempotency_key TO answerable_ingest;
