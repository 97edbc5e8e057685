-- Who may see what. Every row is hidden from answerable_reports unless a policy shows it to whoever a transaction acts for;
-- whom it acts for is told by a secret (a session's token or an API key), never by a name that anybody could set.
-- The programs' roles: answerable_ingest adds, answerable_audit judges, answerable_reports serves people under these policies,
-- answerable_desk is the command line of whoever holds the database itself, answerable_door knows accounts and no records.
SET LOCAL search_path TO answerable;

DO $$ DECLARE r text; BEGIN
  FOREACH r IN ARRAY ARRAY['answerable_desk', 'answerable_door'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', r); END IF;
    EXECUTE format('GRANT %I TO CURRENT_USER', r);
    EXECUTE format('GRANT USAGE ON SCHEMA answerable TO %I', r);
  END LOOP;
  -- Services connect as their own role. On the private server only its own operating-system user can reach the socket;
  -- on a server of your own: ALTER ROLE answerable_… LOGIN PASSWORD '…', and a line in pg_hba.conf.
  IF current_setting('listen_addresses') = '' AND current_setting('unix_socket_permissions') = '0700' THEN
    FOREACH r IN ARRAY ARRAY['answerable_ingest', 'answerable_audit', 'answerable_reports', 'answerable_desk', 'answerable_door'] LOOP
      IF NOT (SELECT rolcanlogin FROM pg_roles WHERE rolname = r) THEN EXECUTE format('ALTER ROLE %I LOGIN', r); END IF;
    END LOOP;
  END IF;
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
GRANT SELECT ON ALL TABLES IN SCHEMA answerable TO answerable_desk;

-- Accounts: people, and machines that send. Each belongs to one council.
CREATE TABLE account (
  authority text NOT NULL REFERENCES authority,
  account integer GENERATED ALWAYS AS IDENTITY,
  email text NOT NULL CHECK (email = lower(email) AND email <> ''),  -- for a machine, any name
  name text NOT NULL CHECK (name <> ''),
  organisation text,            -- scheme:code of the provider they belong to; NULL: the council's own, or an outside reader
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz,
  PRIMARY KEY (authority, account),
  UNIQUE (authority, email)
);
CREATE TABLE account_role (
  authority text NOT NULL,
  account integer NOT NULL,
  role text NOT NULL CHECK (role IN ('provider-submitter', 'provider-manager', 'contract-monitoring-officer', 'complaints-officer',
    'auditor', 'guardian', 'administrator', 'outside-reader')),
  case_reference text,          -- the one complaint of an outside reader
  until date,                   -- the last day it holds; NULL: until it is taken away
  PRIMARY KEY (authority, account, role),
  FOREIGN KEY (authority, account) REFERENCES account,
  CHECK ((role = 'outside-reader') = (case_reference IS NOT NULL)),
  CHECK (role <> 'outside-reader' OR until IS NOT NULL)
);
-- What somebody is assigned to: agreements they monitor ('' is every one of the council's), complaints they handle.
CREATE TABLE assignment (
  authority text NOT NULL,
  account integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('agreement', 'complaint')),
  reference text NOT NULL CHECK (kind = 'agreement' OR reference <> ''),
  assigned_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (authority, account, kind, reference),
  FOREIGN KEY (authority, account) REFERENCES account
);
-- How an account shows who it is. Only answerable_door reads these; of everything that opens a door only a hash is kept,
-- except the TOTP secret, which has to be known to be checked.
CREATE TABLE password (
  authority text NOT NULL,
  account integer NOT NULL,
  hash text NOT NULL,           -- argon2id, as libsodium writes it
  set_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (authority, account),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE TABLE second_factor (
  authority text NOT NULL,
  account integer NOT NULL,
  secret bytea CHECK (octet_length(secret) = 20),  -- RFC 6238, SHA-1
  offered bytea CHECK (octet_length(offered) = 20),  -- the next one: shown, and not yet proved to work
  last_step bigint NOT NULL DEFAULT 0,  -- a code is accepted once
  PRIMARY KEY (authority, account),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE TABLE recovery_code (
  authority text NOT NULL,
  account integer NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  PRIMARY KEY (authority, account, sha256),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE TABLE one_time_link (
  authority text NOT NULL,
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  account integer NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('first-administrator', 'invitation', 'password-reset')),
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (authority, sha256),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE TABLE session (
  authority text NOT NULL,
  session bigint GENERATED ALWAYS AS IDENTITY,
  account integer NOT NULL,
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),  -- of the token: nothing to be learnt from its being taken
  how text NOT NULL CHECK (how IN ('password', 'link', 'certificate', 'proxy')),
  began_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  idle interval NOT NULL DEFAULT '30 minutes',  -- over when not seen for as long
  ends_at timestamptz NOT NULL DEFAULT now() + interval '12 hours',
  PRIMARY KEY (authority, session),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE INDEX session_account ON session (authority, account);
CREATE TABLE api_key (
  authority text NOT NULL,
  key text NOT NULL,            -- the public part
  account integer NOT NULL,
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),  -- of the whole, ans_<key>_<secret>
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['submit', 'check', 'receipts', 'wanted'] AND cardinality(scopes) > 0),
  made_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (authority, key),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE TABLE certificate (
  authority text NOT NULL,
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),  -- SHA-256 of its DER
  account integer NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (authority, fingerprint),
  FOREIGN KEY (authority, account) REFERENCES account
);
-- Failed attempts to sign in, by account and by address (hashed): each makes the next wait longer.
CREATE TABLE sign_in_failure (
  authority text NOT NULL REFERENCES authority,
  whose bytea NOT NULL CHECK (octet_length(whose) = 32),
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (authority, whose)
);
-- Why somebody opens a person's record. Made by open_record() alone, with its leaf on the ledger.
CREATE TABLE purpose (
  authority text NOT NULL,
  event bigint NOT NULL,        -- the read on the ledger
  account integer NOT NULL,
  subject integer NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('complaint', 'monitoring', 'audit', 'subject-access')),
  reference text NOT NULL,
  stated_at timestamptz NOT NULL DEFAULT now(),
  until timestamptz NOT NULL,
  stated_in xid8 NOT NULL DEFAULT pg_current_xact_id(),  -- counts for later transactions only: nobody reads and then rolls the leaf back
  PRIMARY KEY (authority, event),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE INDEX purpose_account ON purpose (authority, account, until);
CREATE INDEX purpose_subject ON purpose (authority, subject);
-- What somebody asks and another person decides.
CREATE TABLE approval (
  authority text NOT NULL,
  approval bigint GENERATED ALWAYS AS IDENTITY,
  what text NOT NULL CHECK (what IN ('set-aside', 'bundle', 'disposal')),
  about text NOT NULL CHECK (about <> ''),  -- a finding, a case, a person's subject number
  subject integer,              -- the person it concerns, when it concerns one
  reason text NOT NULL CHECK (reason <> ''),
  asked_by integer NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  decided_by integer,
  decided_at timestamptz,
  decision text CHECK (decision IN ('approved', 'refused')),
  PRIMARY KEY (authority, approval),
  FOREIGN KEY (authority, asked_by) REFERENCES account,
  FOREIGN KEY (authority, decided_by) REFERENCES account,
  CHECK (decided_by <> asked_by),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (decision IS NULL))
);
CREATE INDEX event_read ON event (authority, at) WHERE kind = 'read';
CREATE INDEX subject_other ON subject (authority, subject) WHERE type <> 'person';

-- An administrator of accounts reads no records, and a provider's people are not the council's.
CREATE FUNCTION role_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = answerable, pg_temp AS $$
DECLARE of_provider boolean := NEW.role IN ('provider-submitter', 'provider-manager');
BEGIN
  PERFORM FROM account a WHERE a.authority = NEW.authority AND a.account = NEW.account FOR UPDATE;
  IF of_provider IS DISTINCT FROM (SELECT organisation IS NOT NULL FROM account a WHERE a.authority = NEW.authority AND a.account = NEW.account)
     OR EXISTS (SELECT FROM account_role r WHERE r.authority = NEW.authority AND r.account = NEW.account AND r.role <> NEW.role
       AND ('administrator' IN (r.role, NEW.role) OR 'outside-reader' IN (r.role, NEW.role))) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'role_fits', MESSAGE = 'the role does not fit the account';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT OR UPDATE ON account_role FOR EACH ROW EXECUTE FUNCTION role_fits();

-- Whom the transaction acts for: nobody (no row) unless answerable.token is the secret of a session or key that holds.
CREATE FUNCTION actor(OUT authority text, OUT account integer, OUT organisation text, OUT roles text[]) RETURNS SETOF record
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH shown AS (
    SELECT s.authority, s.account FROM session s
    WHERE s.sha256 = sha256(convert_to(current_setting('answerable.token', true), 'UTF8')) AND now() < s.ends_at AND now() < s.seen_at + s.idle
    UNION ALL
    SELECT k.authority, k.account FROM api_key k
    WHERE k.sha256 = sha256(convert_to(current_setting('answerable.token', true), 'UTF8')) AND now() < k.ends_at AND k.revoked_at IS NULL)
  SELECT a.authority, a.account, a.organisation,
    ARRAY(SELECT r.role FROM account_role r WHERE r.authority = a.authority AND r.account = a.account
      AND (r.until IS NULL OR r.until >= (now() AT TIME ZONE 'Europe/London')::date))
  FROM shown JOIN account a USING (authority, account) WHERE a.disabled_at IS NULL $$;

-- What the policies ask, once a query each.
CREATE FUNCTION acting_council() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT authority FROM actor() $$;
CREATE FUNCTION acting_account() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT account FROM actor() $$;
CREATE FUNCTION acts_as(VARIADIC wanted text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT coalesce((SELECT roles && wanted FROM actor()), false) $$;
-- Of a provider's people: their organisation, as scheme:code and as the council numbered it.
CREATE FUNCTION acting_provider() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT organisation FROM actor() WHERE roles && ARRAY['provider-submitter', 'provider-manager'] $$;
CREATE FUNCTION acting_sender() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT o.organisation FROM actor() a JOIN organisation o ON o.authority = a.authority
    AND o.scheme = split_part(a.organisation, ':', 1) AND o.code = substr(a.organisation, strpos(a.organisation, ':') + 1)
  WHERE a.roles && ARRAY['provider-submitter', 'provider-manager'] $$;
-- The agreements somebody monitors; '' among them is every agreement.
CREATE FUNCTION monitored_agreements() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT s.reference FROM actor() a JOIN assignment s USING (authority, account)
  WHERE s.kind = 'agreement' AND 'contract-monitoring-officer' = ANY (a.roles) $$;
-- The people whose complaint was given to somebody: they show who it is about, not yet what is recorded.
CREATE FUNCTION case_subjects() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT i.subject FROM actor() a JOIN assignment s USING (authority, account)
    JOIN identifier i ON i.authority = a.authority AND i.scheme = 'case' AND i.value = s.reference
  WHERE s.kind = 'complaint' AND 'complaints-officer' = ANY (a.roles)
  UNION ALL
  SELECT i.subject FROM actor() a JOIN account_role r USING (authority, account)
    JOIN identifier i ON i.authority = a.authority AND i.scheme = 'case' AND i.value = r.case_reference
  WHERE r.role = 'outside-reader' AND 'outside-reader' = ANY (a.roles) $$;
CREATE FUNCTION acts_for_council() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT acts_as('contract-monitoring-officer', 'complaints-officer', 'auditor', 'guardian', 'outside-reader') $$;
-- The purposes for which a role opens people at all.
CREATE FUNCTION opens_for(roles text[], why text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT 'guardian' = ANY (roles) OR CASE why WHEN 'audit' THEN 'auditor' = ANY (roles) WHEN 'monitoring' THEN 'contract-monitoring-officer' = ANY (roles)
    WHEN 'complaint' THEN roles && ARRAY['complaints-officer', 'outside-reader'] WHEN 'subject-access' THEN 'complaints-officer' = ANY (roles) END $$;
-- Whether somebody may open this person for it: an outside reader only the one of their case, a monitoring officer only
-- those with a record under an agreement of theirs.
CREATE FUNCTION may_open(about integer, why text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT EXISTS (SELECT FROM actor() a JOIN subject s USING (authority) WHERE s.subject = about AND s.type = 'person' AND opens_for(a.roles, why)
    AND (NOT 'outside-reader' = ANY (a.roles) OR about IN (SELECT case_subjects()))
    AND (why <> 'monitoring' OR 'guardian' = ANY (a.roles) OR EXISTS (SELECT FROM record r WHERE r.authority = a.authority AND r.subject = about
      AND (r.agreement IN (SELECT monitored_agreements()) OR '' IN (SELECT monitored_agreements()))))) $$;
-- Whose records may be read: people opened for a purpose that still holds, and what is about no person.
CREATE FUNCTION readable_subjects() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT p.subject FROM actor() a JOIN purpose p USING (authority, account)
  WHERE now() < p.until AND p.stated_in IS DISTINCT FROM pg_current_xact_id_if_assigned()
    AND opens_for(a.roles, p.purpose)  -- the role may have ended meanwhile
  UNION ALL
  SELECT s.subject FROM actor() a JOIN subject s USING (authority) WHERE s.type <> 'person'
    AND acts_for_council() $$;
-- What they came in.
CREATE FUNCTION readable_submissions() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT DISTINCT r.submission FROM readable_subjects() AS s (subject) JOIN record r ON r.authority = acting_council() AND r.subject = s.subject $$;

-- Opens a person's record for a purpose, and puts that on the ledger in the same breath: no other way leads to a row of
-- theirs. NULL, whatever the cause, when it may not be. What it opens can be read from the next transaction on.
CREATE FUNCTION open_record(about integer, why text, reference text, what text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE
  who record; its_event bigint;
BEGIN
  SELECT a.authority, a.account, c.name, c.email,
    (SELECT min(r.until + 1)::timestamp AT TIME ZONE 'Europe/London' FROM account_role r
      WHERE r.authority = a.authority AND r.account = a.account AND r.role = 'outside-reader') AS ends
    INTO who FROM actor() a JOIN account c USING (authority, account);
  IF who.account IS NULL OR NOT coalesce(may_open(about, why), false) THEN RETURN NULL; END IF;
  its_event := append_event(who.authority, 'read', about, json_build_object('by', who.name || ' <' || who.email || '>', 'purpose', why,
    'what', what, 'reference', reference)::text);
  INSERT INTO purpose (authority, event, account, subject, purpose, reference, until)
    VALUES (who.authority, its_event, who.account, about, why, reference, least(now() + interval '8 hours', who.ends));
  RETURN its_event;
END $$;
-- The number of the person with exactly this identifier, for those who may open people; NULL otherwise.
CREATE FUNCTION find_person(of_scheme text, of_value text) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT i.subject FROM actor() a JOIN identifier i USING (authority) JOIN subject s USING (authority, subject)
  WHERE i.scheme = of_scheme AND i.value = of_value AND s.type = 'person'
    AND (may_open(i.subject, 'complaint') OR may_open(i.subject, 'monitoring') OR may_open(i.subject, 'audit')) $$;
-- What is kept of who read a person goes with them, and what was said of them; the leaves stay (0006).
CREATE FUNCTION forget_reading() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  DELETE FROM purpose WHERE authority = OLD.authority AND subject = OLD.subject;
  UPDATE approval SET about = 'disposed of', reason = 'disposed of', subject = NULL WHERE authority = OLD.authority AND subject = OLD.subject;
  RETURN NULL;
END $$;
CREATE TRIGGER forget AFTER DELETE ON subject FOR EACH ROW EXECUTE FUNCTION forget_reading();

-- Sign-off: who may ask for what, and who of them, but another person, decides.
CREATE FUNCTION may_sign_off(what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT CASE what WHEN 'set-aside' THEN acts_as('contract-monitoring-officer', 'complaints-officer', 'guardian')
    WHEN 'bundle' THEN acts_as('complaints-officer', 'guardian') WHEN 'disposal' THEN acts_as('guardian', 'auditor') ELSE false END $$;
CREATE FUNCTION may_ask_for(what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT may_sign_off(what) OR (what = 'disposal' AND acts_as('complaints-officer')) $$;
CREATE FUNCTION ask_approval(what text, about text, subject integer, reason text) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  INSERT INTO approval (authority, what, about, subject, reason, asked_by) SELECT authority, $1, $2, $3, $4, account FROM actor() WHERE may_ask_for($1)
  RETURNING approval $$;
CREATE FUNCTION decide_approval(number bigint, its_decision text) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH decided AS (
    UPDATE approval p SET decided_by = a.account, decided_at = now(), decision = its_decision FROM actor() a
    WHERE p.authority = a.authority AND p.approval = number AND p.decision IS NULL AND p.asked_by <> a.account AND may_sign_off(p.what)
    RETURNING 1)
  SELECT EXISTS (SELECT FROM decided) $$;

-- Who read whom, for the guardian: services' readers by their account, the command line's by the name they gave.
CREATE FUNCTION reading_report(from_day date, to_day date) RETURNS TABLE (account integer, reader text, people bigint, purposes text,
    busiest bigint, usual double precision, beyond bigint, outside bigint, unassigned bigint, own_surname bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH read AS (
    SELECT e.authority, p.account, coalesce(c.name || ' <' || c.email || '>', nullif(e.content::json->>'by', ''), 'not said') AS reader, c.name, e.subject,
      coalesce(nullif(e.content::json->>'purpose', ''), 'not-stated') AS purpose, e.at AT TIME ZONE 'Europe/London' AS at
    FROM actor() a JOIN event e USING (authority) LEFT JOIN purpose p ON p.authority = e.authority AND p.event = e.event
      LEFT JOIN account c ON c.authority = p.authority AND c.account = p.account
    WHERE 'guardian' = ANY (a.roles) AND e.kind = 'read' AND e.subject IS NOT NULL),
  day AS (SELECT reader, at::date AS day, count(DISTINCT subject) AS people FROM read GROUP BY 1, 2),
  usual AS (
    SELECT reader, percentile_cont(0.5) WITHIN GROUP (ORDER BY people) AS people
    FROM (SELECT *, row_number() OVER (PARTITION BY reader ORDER BY day DESC) AS ago FROM day WHERE day < from_day) d WHERE ago <= 30 GROUP BY 1),
  told AS (
    SELECT r.*,
      -- Not by whom a complaint or an agreement was assigned to.
      r.account IS NOT NULL AND (
        (r.purpose = 'complaint' AND NOT EXISTS (SELECT FROM assignment s JOIN identifier i ON i.authority = s.authority AND i.scheme = 'case'
           AND i.value = s.reference WHERE s.authority = r.authority AND s.account = r.account AND s.kind = 'complaint' AND i.subject = r.subject)
         AND NOT EXISTS (SELECT FROM account_role o WHERE o.authority = r.authority AND o.account = r.account AND o.role = 'outside-reader'))
        OR (r.purpose = 'monitoring' AND NOT EXISTS (SELECT FROM assignment s WHERE s.authority = r.authority AND s.account = r.account
           AND s.kind = 'agreement' AND (s.reference = '' OR EXISTS (SELECT FROM record f WHERE f.authority = r.authority AND f.subject = r.subject
             AND f.agreement = s.reference))))) AS unassigned,
      EXISTS (SELECT FROM record f JOIN entry n USING (authority, number) WHERE f.authority = r.authority AND f.subject = r.subject
        AND n.act LIKE 'person.%' AND lower(substring(n.attributes::json->>'name' FROM '\S+$')) = lower(substring(r.name FROM '\S+$'))) AS own_surname
    FROM read r WHERE r.at::date BETWEEN from_day AND to_day)
  SELECT max(t.account), t.reader, count(DISTINCT t.subject),
    (SELECT json_object_agg(purpose, n)::text FROM (SELECT purpose, count(*) AS n FROM told o WHERE o.reader = t.reader GROUP BY 1 ORDER BY 1) x),
    (SELECT max(d.people) FROM day d WHERE d.reader = t.reader AND d.day BETWEEN from_day AND to_day),
    coalesce((SELECT u.people FROM usual u WHERE u.reader = t.reader), 0),
    (SELECT count(*) FROM day d JOIN usual u USING (reader) WHERE d.reader = t.reader AND d.day BETWEEN from_day AND to_day AND d.people > 3 * u.people AND d.people > 5),
    count(*) FILTER (WHERE extract(isodow FROM t.at) > 5 OR t.at::time < '08:00' OR t.at::time >= '18:00'),
    count(*) FILTER (WHERE t.unassigned),
    count(DISTINCT t.subject) FILTER (WHERE t.own_surname)
  FROM told t GROUP BY t.reader $$;

-- Intake compares what was sent again with what is held, and reads no bodies.
CREATE FUNCTION body_digests(council text, numbers bigint[]) RETURNS TABLE (number bigint, digest bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT found.* FROM unnest(numbers) AS wanted (number) CROSS JOIN LATERAL (
    SELECT b.number, sha256(b.body) FROM record_body b WHERE b.authority = council AND b.number = wanted.number OFFSET 0) AS found $$;

-- COPY refuses a table with row-level security, whatever its policies say, and INSERT would take intake more than twice as
-- long. So what is copied in comes through a door of the same shape: a table in answerable_in whose only partition is the
-- real one. Nobody can read through it.
CREATE SCHEMA answerable_in;
GRANT USAGE ON SCHEMA answerable_in TO answerable_ingest, answerable_audit;
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['organisation', 'subject', 'identifier', 'record', 'record_body', 'entry', 'evidence', 'held_record',
      'submission_part', 'fault', 'finding_step', 'finding_current'] LOOP
    EXECUTE format('CREATE TABLE answerable_in.%1$I (LIKE answerable.%1$I INCLUDING DEFAULTS) PARTITION BY LIST (authority)', t);
    EXECUTE format('ALTER TABLE answerable_in.%1$I ATTACH PARTITION answerable.%1$I DEFAULT', t);
    EXECUTE format('GRANT INSERT ON answerable_in.%I TO %s', t, CASE WHEN t LIKE 'finding_%' THEN 'answerable_audit' ELSE 'answerable_ingest' END);
  END LOOP;
END $$;

-- Everything is shut, and the programs are let in: what each of them may do with a table is for its grants to say.
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'answerable' AND tablename <> 'migration' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);  -- the functions above
    EXECUTE format('CREATE POLICY programs ON %I TO answerable_audit, answerable_desk, answerable_door USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY intake ON %I TO answerable_ingest USING (%s) WITH CHECK (true)', t,
      CASE t WHEN 'entry' THEN 'act IN (''agreement.made'', ''agreement.revoked'')' ELSE 'true' END);
  END LOOP;
END $$;
ALTER VIEW finding SET (security_invoker = true);
ALTER VIEW hold SET (security_invoker = true);

-- What answerable_reports sees. Alike tables first.
DO $$ DECLARE t text; own text := 'authority = (SELECT acting_council()) AND '; BEGIN
  -- The council's, without a person in it.
  FOREACH t IN ARRAY ARRAY['counter', 'audit_run', 'council_rule', 'disposed_leaf', 'to_ledger', 'ledger', 'ledger_segment', 'ledger_tile',
      'cosignature', 'verification'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO answerable_reports USING (%s (SELECT acts_for_council()))', t, own);
  END LOOP;
  -- By whom it is about.
  FOREACH t IN ARRAY ARRAY['subject_judged', 'mark'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO answerable_reports USING (%s subject IN (SELECT readable_subjects()))', t, own);
  END LOOP;
  -- By the record, which has a policy of its own.
  FOREACH t IN ARRAY ARRAY['record_body', 'entry', 'evidence'] LOOP
    EXECUTE format('CREATE POLICY reader ON %1$I FOR SELECT TO answerable_reports USING (%2$s EXISTS (SELECT FROM record r
      WHERE r.authority = %1$I.authority AND r.number = %1$I.number))', t, own);
  END LOOP;
  -- What came back to who sent it.
  FOREACH t IN ARRAY ARRAY['held_record', 'fault', 'submission_part', 'receipt_proof'] LOOP
    EXECUTE format('CREATE POLICY reader ON %1$I FOR SELECT TO answerable_reports USING (%2$s EXISTS (SELECT FROM submission s
      WHERE s.authority = %1$I.authority AND s.submission = %1$I.submission AND s.sender = (SELECT acting_sender())))', t, own);
  END LOOP;
  -- Anybody of the council, its providers too.
  FOREACH t IN ARRAY ARRAY['authority', 'ledger_key', 'checkpoint'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO answerable_reports USING (%s true)', t, own);
  END LOOP;
  -- Law is everybody's.
  FOREACH t IN ARRAY ARRAY['rule_file', 'rule_set'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO answerable_reports USING (true)', t);
  END LOOP;
END $$;
CREATE POLICY reader ON organisation FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (organisation = (SELECT acting_sender()) OR (SELECT acts_for_council()) OR (SELECT acts_as('administrator'))));
CREATE POLICY reader ON submission FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (sender = (SELECT acting_sender()) OR agreement IN (SELECT monitored_agreements()) OR '' IN (SELECT monitored_agreements())
    OR (SELECT acts_as('auditor', 'guardian')) OR submission IN (SELECT readable_submissions())));
CREATE POLICY reader ON subject FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (subject IN (SELECT readable_subjects()) OR subject IN (SELECT case_subjects()) OR (SELECT acts_as('auditor', 'guardian'))));
CREATE POLICY reader ON identifier FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (subject IN (SELECT readable_subjects()) OR subject IN (SELECT case_subjects())));
CREATE POLICY reader ON record FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (subject IN (SELECT readable_subjects()) OR sender = (SELECT acting_sender())));
CREATE POLICY reader ON finding_step FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (actor = (SELECT acting_provider()) OR agreement IN (SELECT nullif(m, '') FROM monitored_agreements() m) OR '' IN (SELECT monitored_agreements())
    OR (SELECT acts_as('auditor', 'guardian')) OR subject IN (SELECT readable_subjects()) OR subject IN (SELECT case_subjects())));
CREATE POLICY reader ON finding_current FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND EXISTS (SELECT FROM finding_step s WHERE s.authority = finding_current.authority AND s.finding = finding_current.finding AND s.run = finding_current.run));
CREATE POLICY reader ON finding_decision FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council()) AND (SELECT acts_for_council())
  AND EXISTS (SELECT FROM finding_current c WHERE c.authority = finding_decision.authority AND c.finding = finding_decision.finding));
CREATE POLICY reader ON event FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (subject IN (SELECT readable_subjects()) OR (subject IS NULL AND (SELECT acts_for_council())) OR (SELECT acts_as('guardian'))));
CREATE POLICY reader ON account FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (account = (SELECT acting_account()) OR (SELECT acts_as('administrator', 'guardian'))
    OR (organisation IS NULL AND (SELECT acts_as('contract-monitoring-officer', 'complaints-officer', 'auditor')))));
CREATE POLICY reader ON account_role FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (account = (SELECT acting_account()) OR (SELECT acts_as('administrator', 'guardian'))));
CREATE POLICY reader ON assignment FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (account = (SELECT acting_account()) OR (SELECT acts_as('administrator', 'guardian'))));
CREATE POLICY reader ON purpose FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (account = (SELECT acting_account()) OR (SELECT acts_as('guardian'))));
CREATE POLICY reader ON approval FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (asked_by = (SELECT acting_account())
    OR what IN (SELECT w FROM unnest(ARRAY['set-aside', 'bundle', 'disposal']) w WHERE may_sign_off(w))));

-- The least each needs. Whoever runs the command line holds the database, and answers for what they read by its leaf.
REVOKE ALL ON ALL TABLES IN SCHEMA answerable FROM answerable_ingest, answerable_reports;
GRANT SELECT ON authority, counter, organisation, submission, subject, identifier, record, record_body, submission_part, held_record, fault, entry,
  evidence, rule_file, rule_set, audit_run, finding_step, finding_current, subject_judged, finding, finding_decision, council_rule, mark, ledger,
  to_ledger, ledger_segment, event, ledger_tile, ledger_key, checkpoint, cosignature, receipt_proof, disposed_leaf, verification, hold,
  account, account_role, assignment, purpose, approval, migration TO answerable_reports;
GRANT SELECT ON authority, counter, organisation, submission, fault, receipt_proof, disposed_leaf, migration TO answerable_ingest;
GRANT SELECT (authority, subject, type) ON subject TO answerable_ingest;
GRANT SELECT (authority, scheme, value, subject, number) ON identifier TO answerable_ingest;
GRANT SELECT (authority, number, submission, sender, id, subject, kind, corrects, position) ON record TO answerable_ingest;
GRANT SELECT (authority, number, ordinal, act, first, last, precision, until_first, until_last, until_precision, attributes) ON entry TO answerable_ingest;
GRANT SELECT (authority, held, submission, kind, id, position, line) ON held_record TO answerable_ingest;
GRANT SELECT (authority, event, kind, at) ON event TO answerable_ingest;
GRANT INSERT ON authority, counter, submission TO answerable_ingest;
GRANT UPDATE ON counter TO answerable_ingest;
REVOKE INSERT ON finding_current FROM answerable_audit;
GRANT SELECT ON authority, organisation, migration TO answerable_door;
GRANT INSERT ON authority TO answerable_door;  -- accounts come before the first record
GRANT SELECT, INSERT, UPDATE, DELETE ON account, account_role, assignment, password, second_factor, recovery_code, one_time_link, session, api_key,
  certificate, sign_in_failure TO answerable_door;
GRANT SELECT ON account, account_role, assignment, purpose, approval TO answerable_desk;
GRANT SELECT ON migration TO answerable_audit;

ALTER FUNCTION measured(text, text, bigint) SET search_path = answerable, pg_temp;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA answerable FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION append_event(text, text, integer, text) FROM answerable_reports;
GRANT EXECUTE ON FUNCTION append_event(text, text, integer, text) TO answerable_desk;
GRANT EXECUTE ON FUNCTION names_of(text, integer), names_person(text, integer, text, bytea), held_about(text, integer), faults_about(text, integer),
  leaves_about(text, integer) TO answerable_audit, answerable_desk;
GRANT EXECUTE ON FUNCTION body_digests(text, bigint[]) TO answerable_ingest;
GRANT EXECUTE ON FUNCTION actor(), acting_council(), acting_account(), acts_as(text[]), acting_provider(), acting_sender(), monitored_agreements(),
  case_subjects(), acts_for_council(), opens_for(text[], text), may_open(integer, text), readable_subjects(), readable_submissions(), open_record(integer, text, text, text),
  find_person(text, text), may_sign_off(text), may_ask_for(text), ask_approval(text, text, integer, text), decide_approval(bigint, text),
  reading_report(date, date) TO answerable_reports;
GRANT EXECUTE ON FUNCTION actor() TO answerable_door;
