-- What needs a second person's name is not done without it; what changes about accounts is on the ledger; an assignment taken
-- away closes what it opened.
SET LOCAL search_path TO answerable;

-- Sign-off. An approval is used once: by who asked for it or who gave it, or by whoever holds the database. What it is used for
-- names it.
ALTER TABLE approval ADD COLUMN used_at timestamptz,
  ADD COLUMN used_in xid8,      -- the transaction that used it
  ADD CHECK ((used_at IS NULL) = (used_in IS NULL) AND (used_at IS NULL OR decision = 'approved'));
ALTER TABLE finding_decision ADD COLUMN approval bigint,  -- NULL: not signed off
  ADD COLUMN approved_by text CHECK (approved_by <> ''),  -- who gave the approval; without one, whom the command line was told
  ADD CHECK (approval IS NULL OR approved_by IS NOT NULL),
  ADD UNIQUE (authority, approval),
  ADD FOREIGN KEY (authority, approval) REFERENCES approval;

-- The roles of those who sign off.
CREATE FUNCTION signing_roles(what text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE what WHEN 'set-aside' THEN ARRAY['contract-monitoring-officer', 'complaints-officer', 'guardian']
    WHEN 'bundle' THEN ARRAY['complaints-officer', 'guardian'] WHEN 'disposal' THEN ARRAY['guardian', 'auditor'] ELSE '{}' END $$;
CREATE OR REPLACE FUNCTION may_sign_off(what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT acts_as(VARIADIC signing_roles(what)) $$;
-- Whether anybody has an account to sign it off with. While nobody has (a demonstration, a council that only has the command
-- line), it may be done without, and the ledger says that it was not signed off.
CREATE FUNCTION must_be_signed_off(council text, what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT EXISTS (SELECT FROM account_role r JOIN account a USING (authority, account) WHERE r.authority = council AND r.role = ANY (signing_roles(what))
    AND a.disabled_at IS NULL AND (r.until IS NULL OR r.until >= (now() AT TIME ZONE 'Europe/London')::date)) $$;

-- Uses an approval up, and tells what it was for; no row when there is none, it was not approved, or it was used already.
CREATE FUNCTION use_approval(council text, number bigint)
  RETURNS TABLE (what text, about text, subject integer, reason text, asked_by text, approved_by text)
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  UPDATE approval p SET used_at = now(), used_in = pg_current_xact_id() FROM account a, account d
  WHERE p.authority = council AND p.approval = number AND p.decision = 'approved' AND p.used_at IS NULL
    AND a.authority = council AND a.account = p.asked_by AND d.authority = council AND d.account = p.decided_by
  RETURNING p.what, p.about, p.subject, p.reason, a.name || ' <' || a.email || '>', d.name || ' <' || d.email || '>' $$;
-- The same for whoever a transaction acts for: one of the two people.
CREATE FUNCTION use_approval(number bigint)
  RETURNS TABLE (what text, about text, subject integer, reason text, asked_by text, approved_by text)
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT u.* FROM actor() a JOIN approval p ON p.authority = a.authority AND p.approval = number AND a.account IN (p.asked_by, p.decided_by)
    CROSS JOIN LATERAL use_approval(p.authority, p.approval) u $$;

-- Nothing of the three gets on record without: the approval it names is of just this, and is used up with it.
CREATE FUNCTION demand_sign_off(council text, what text, number bigint, fits boolean) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  IF fits THEN PERFORM use_approval(council, number); END IF;
  IF number IS NULL AND must_be_signed_off(council, what) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off', MESSAGE = format('a %s needs the approval of a second person', what);
  ELSIF number IS NOT NULL AND NOT (coalesce(fits, false) AND EXISTS (SELECT FROM approval p WHERE p.authority = council AND p.approval = number
      AND p.used_in = pg_current_xact_id())) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off', MESSAGE = format('approval %s is not of this %s, or was used already', number, what);
  END IF;
END $$;
CREATE FUNCTION is_for_use(p approval) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT p.decision = 'approved' AND (p.used_in IS NULL OR p.used_in = pg_current_xact_id()) $$;
CREATE FUNCTION decision_is_signed_off() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  PERFORM demand_sign_off(NEW.authority, 'set-aside', NEW.approval, EXISTS (SELECT FROM approval p JOIN account d ON d.authority = p.authority
    AND d.account = p.decided_by WHERE p.authority = NEW.authority AND p.approval = NEW.approval AND is_for_use(p)
    AND p.what = 'set-aside' AND p.about = finding_name(NEW.finding) AND NEW.approved_by = d.name || ' <' || d.email || '>'));
  RETURN NEW;
END $$;
CREATE TRIGGER signed_off BEFORE INSERT ON finding_decision FOR EACH ROW WHEN (NEW.decision = 'set-aside') EXECUTE FUNCTION decision_is_signed_off();
-- What the pages set aside when a second person approves (0009), with that person's name beside it.
CREATE OR REPLACE FUNCTION carry_out_set_aside() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  INSERT INTO finding_decision (authority, finding, ordinal, decision, decided_at, decided_by, reason, until, outcome, approval, approved_by)
    SELECT o.authority, o.finding, coalesce((SELECT max(d.ordinal) FROM finding_decision d WHERE d.authority = o.authority AND d.finding = o.finding), 0) + 1,
      'set-aside', statement_timestamp(), a.name || ' <' || a.email || '>', NEW.reason, NEW.until, o.outcome, NEW.approval, b.name || ' <' || b.email || '>'
    FROM open_finding o JOIN account a ON a.authority = o.authority AND a.account = NEW.asked_by
      JOIN account b ON b.authority = o.authority AND b.account = NEW.decided_by
    WHERE o.authority = NEW.authority AND o.subject = NEW.subject AND finding_name(o.finding) = NEW.about AND needs_attention(o.outcome)
      AND o.outcome = coalesce(NEW.outcome, o.outcome) AND NOT set_aside_now(o.authority, o.finding, o.outcome)
      AND (NEW.until IS NULL OR NEW.until >= (now() AT TIME ZONE 'Europe/London')::date);
  RETURN NULL;
END $$;
-- Of a bundle, the person, and the case where it is about one; whom a disposal is about its certificate does not say: dispose() looks.
CREATE FUNCTION event_is_signed_off() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE says json := NEW.content::json;
BEGIN
  PERFORM demand_sign_off(NEW.authority, NEW.kind, (says->>'approval')::bigint, EXISTS (SELECT FROM approval p JOIN account d ON d.authority = p.authority
    AND d.account = p.decided_by WHERE p.authority = NEW.authority AND p.approval = (says->>'approval')::bigint AND is_for_use(p)
    AND p.what = NEW.kind AND (NEW.kind = 'disposal' OR p.subject = NEW.subject AND coalesce(says->>'case', '') IN ('', p.about))
    AND coalesce(says->>'approved_by', '') IN ('', d.name || ' <' || d.email || '>')));
  RETURN NEW;
END $$;
CREATE TRIGGER signed_off BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.kind IN ('bundle', 'disposal')) EXECUTE FUNCTION event_is_signed_off();
ALTER FUNCTION dispose(text, integer, text, text[], bigint[], bigint[], bytea[]) RENAME TO dispose_of;
CREATE FUNCTION dispose(council text, about integer, certificate text, kinds text[], keys bigint[], findings bigint[], commitments bytea[])
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE number bigint := (certificate::json->>'approval')::bigint;
BEGIN
  PERFORM demand_sign_off(council, 'disposal', number, EXISTS (SELECT FROM approval p WHERE p.authority = council AND p.approval = number AND p.subject = $2 AND is_for_use(p)));
  RETURN dispose_of(council, about, certificate, kinds, keys, findings, commitments);
END $$;
CREATE OR REPLACE FUNCTION append_decision(d finding_decision) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT append_event(d.authority, 'decision', (SELECT subject FROM finding_current c WHERE c.authority = d.authority AND c.finding = d.finding),
    json_build_object('finding', d.finding, 'ordinal', d.ordinal, 'decision', d.decision, 'by', d.decided_by, 'reason', d.reason,
      'until', d.until, 'outcome', d.outcome, 'signed_off', d.approval IS NOT NULL, 'approval', d.approval, 'approved_by', d.approved_by)::text) $$;

-- What changes about accounts is a leaf each, whoever changed it and however: by number, since leaves of no person are never
-- disposed of. `by` is the account that did it; without it, whoever held the database, or had a one-time link.
DO $$ DECLARE kinds text := (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = 'event'::regclass AND conname = 'event_kind_check'); BEGIN
  ALTER TABLE event DROP CONSTRAINT event_kind_check;
  EXECUTE format('ALTER TABLE event ADD CONSTRAINT event_kind_check CHECK (%s OR kind = ''account'')', kinds);
END $$;
CREATE FUNCTION note_account() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE its jsonb := to_jsonb(coalesce(NEW, OLD));
BEGIN
  PERFORM append_event(its->>'authority', 'account', NULL, json_strip_nulls(json_build_object('account', its->'account', 'what', TG_ARGV[0],
    'by', (SELECT account FROM actor()), 'role', its->'role', 'until', its->'until', 'purpose', its->'purpose', 'key', its->'key',
    'scopes', its->'scopes'))::text);
  RETURN NULL;
END $$;
CREATE TRIGGER made AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION note_account('made');
CREATE TRIGGER renamed AFTER UPDATE OF name, email, organisation ON account FOR EACH ROW EXECUTE FUNCTION note_account('renamed');
CREATE TRIGGER disabled AFTER UPDATE OF disabled_at ON account FOR EACH ROW
  WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL) EXECUTE FUNCTION note_account('disabled');
CREATE TRIGGER enabled AFTER UPDATE OF disabled_at ON account FOR EACH ROW
  WHEN (OLD.disabled_at IS NOT NULL AND NEW.disabled_at IS NULL) EXECUTE FUNCTION note_account('enabled');
CREATE TRIGGER given AFTER INSERT OR UPDATE ON account_role FOR EACH ROW EXECUTE FUNCTION note_account('role-given');
CREATE TRIGGER taken AFTER DELETE ON account_role FOR EACH ROW EXECUTE FUNCTION note_account('role-taken');
CREATE TRIGGER chosen AFTER INSERT OR UPDATE OF set_at ON password FOR EACH ROW EXECUTE FUNCTION note_account('password-chosen');
CREATE TRIGGER set AFTER UPDATE OF secret ON second_factor FOR EACH ROW WHEN (NEW.secret IS NOT NULL) EXECUTE FUNCTION note_account('second-factor-set');
CREATE TRIGGER removed AFTER DELETE ON second_factor FOR EACH ROW WHEN (OLD.secret IS NOT NULL) EXECUTE FUNCTION note_account('second-factor-removed');
CREATE TRIGGER made AFTER INSERT ON one_time_link FOR EACH ROW EXECUTE FUNCTION note_account('link-made');
CREATE TRIGGER made AFTER INSERT ON api_key FOR EACH ROW EXECUTE FUNCTION note_account('key-made');
CREATE TRIGGER revoked AFTER UPDATE OF revoked_at ON api_key FOR EACH ROW EXECUTE FUNCTION note_account('key-revoked');
CREATE TRIGGER added AFTER INSERT ON certificate FOR EACH ROW EXECUTE FUNCTION note_account('certificate-added');
CREATE TRIGGER revoked AFTER UPDATE OF revoked_at ON certificate FOR EACH ROW EXECUTE FUNCTION note_account('certificate-revoked');
-- They are for those who look after the system.
ALTER POLICY reader ON event USING (authority = (SELECT acting_council()) AND (subject IN (SELECT readable_subjects())
  OR (subject IS NULL AND kind <> 'account' AND (SELECT acts_for_council())) OR (SELECT acts_as('guardian'))
  OR (kind = 'account' AND (SELECT acts_as('auditor', 'administrator')))));

-- An assignment taken away closes at once whom it opened.
CREATE FUNCTION close_opened() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  UPDATE purpose p SET until = now() WHERE p.authority = OLD.authority AND p.account = OLD.account AND now() < p.until
    AND CASE OLD.kind WHEN 'complaint' THEN p.purpose = 'complaint' AND EXISTS (SELECT FROM identifier i WHERE i.authority = OLD.authority
        AND i.scheme = 'case' AND i.value = OLD.reference AND i.subject = p.subject)
      ELSE p.purpose = 'monitoring' AND NOT EXISTS (SELECT FROM assignment s WHERE s.authority = OLD.authority AND s.account = OLD.account
        AND s.kind = 'agreement' AND (s.reference = '' OR EXISTS (SELECT FROM record r WHERE r.authority = OLD.authority AND r.subject = p.subject
          AND r.agreement = s.reference))) END;
  RETURN NULL;
END $$;
CREATE TRIGGER closes AFTER DELETE ON assignment FOR EACH ROW EXECUTE FUNCTION close_opened();

-- Rules that a council wrote are its own: seen are those that judged the council, or are loaded for it.
CREATE FUNCTION readable_rule_sets() RETURNS SETOF bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT DISTINCT r.rule_set FROM audit_run r WHERE r.authority = acting_council() $$;
CREATE FUNCTION readable_rule_files() RETURNS SETOF bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT s.file FROM rule_set s WHERE s.digest IN (SELECT readable_rule_sets())
  UNION
  SELECT c.file FROM council_rule c WHERE c.authority = acting_council() AND c.file IS NOT NULL $$;
ALTER POLICY reader ON rule_set USING (digest IN (SELECT readable_rule_sets()));
ALTER POLICY reader ON rule_file USING (digest IN (SELECT readable_rule_files()));

-- What a provider's people are shown first: findings on what their organisation did.
CREATE INDEX finding_step_actor ON finding_step (authority, actor);

REVOKE ALL ON FUNCTION signing_roles(text), must_be_signed_off(text, text), use_approval(text, bigint), use_approval(bigint),
  demand_sign_off(text, text, bigint, boolean), is_for_use(approval), decision_is_signed_off(), event_is_signed_off(), note_account(), close_opened(),
  dispose(text, integer, text, text[], bigint[], bigint[], bytea[]), readable_rule_sets(), readable_rule_files() FROM PUBLIC;
REVOKE ALL ON FUNCTION dispose_of(text, integer, text, text[], bigint[], bigint[], bytea[]) FROM answerable_audit;
GRANT EXECUTE ON FUNCTION dispose(text, integer, text, text[], bigint[], bigint[], bytea[]) TO answerable_audit;
GRANT EXECUTE ON FUNCTION must_be_signed_off(text, text), use_approval(text, bigint) TO answerable_audit, answerable_desk;
GRANT EXECUTE ON FUNCTION signing_roles(text), must_be_signed_off(text, text), use_approval(bigint), readable_rule_sets(), readable_rule_files() TO answerable_reports;
