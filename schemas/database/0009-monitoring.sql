-- Contract monitoring: what the council asks of whoever acted for it, what came back, what was done about a finding, and the
-- figures that pages show. What matters to the record is written by the functions here alone, each with its leaf
-- (schemas/formats/leaf.md), for whoever the transaction acts for.
SET LOCAL search_path TO answerable;

ALTER TABLE event DROP CONSTRAINT event_kind_check, ADD CONSTRAINT event_kind_check CHECK (kind IN ('ledger-opened', 'ledger-closed', 'key', 'rule-set',
  'council-rule', 'decision', 'read', 'reminder', 'bundle', 'hold', 'disposal',
  'request', 'reply', 'reply-decision', 'action-plan', 'escalation', 'complaint-link', 'sample'));

-- What an organisation was asked for, about one finding or, where that is NULL, in words alone. Asked about several
-- findings at once, they are one letter. Open until it has a reply that was not turned down, or its finding is closed.
CREATE TABLE request (
  authority text NOT NULL REFERENCES authority,
  request bigint GENERATED ALWAYS AS IDENTITY,
  letter bigint NOT NULL,       -- the first request of those asked together
  asked_of text NOT NULL,       -- scheme:code
  finding bigint,
  subject integer,              -- of the finding
  agreement text NOT NULL,      -- of the finding, or the one it is asked under; '' when none
  what text NOT NULL CHECK (what <> ''),
  account integer NOT NULL,
  asked_by text NOT NULL,       -- their name then
  asked_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  until date NOT NULL,          -- the last day to answer
  event bigint NOT NULL,        -- its leaf
  PRIMARY KEY (authority, request),
  FOREIGN KEY (authority, account) REFERENCES account,
  CHECK ((finding IS NULL) = (subject IS NULL))
);
CREATE INDEX request_asked_of ON request (authority, asked_of, until);
CREATE INDEX request_finding ON request (authority, finding) WHERE finding IS NOT NULL;
CREATE INDEX request_subject ON request (authority, subject) WHERE subject IS NOT NULL;
-- What came back: words, and the submission by which evidence was sent. An officer accepts the explanation, or does not
-- and says why; neither closes the finding: only records by which its rule passes do.
CREATE TABLE request_reply (
  authority text NOT NULL,
  reply bigint GENERATED ALWAYS AS IDENTITY,
  request bigint NOT NULL,
  words text NOT NULL CHECK (words <> ''),
  submission bigint,            -- with the evidence; NULL: words alone
  account integer NOT NULL,
  replied_by text NOT NULL,
  replied_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  event bigint NOT NULL,
  decision text CHECK (decision IN ('accepted', 'not-accepted')),
  reason text CHECK (reason <> ''),
  decided_by text,
  decided_at timestamptz,
  PRIMARY KEY (authority, reply),
  FOREIGN KEY (authority, request) REFERENCES request ON DELETE CASCADE,
  FOREIGN KEY (authority, account) REFERENCES account,
  FOREIGN KEY (authority, submission) REFERENCES submission,
  CHECK (num_nulls(decision, reason, decided_by, decided_at) IN (0, 4))
);
CREATE INDEX request_reply_request ON request_reply (authority, request);
CREATE INDEX request_reply_undecided ON request_reply (authority, replied_at) WHERE decision IS NULL;
-- That a request was repeated. Its leaf is an event `reminder`, as those of the command line.
CREATE TABLE reminder (
  authority text NOT NULL,
  event bigint NOT NULL,
  request bigint NOT NULL,
  reminded_by text NOT NULL,
  reminded_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (authority, event),
  FOREIGN KEY (authority, request) REFERENCES request ON DELETE CASCADE
);
CREATE INDEX reminder_request ON reminder (authority, request);

-- An action plan: issues, each a finding, and what is to be done about each and by when. A draft until it is sent.
CREATE TABLE action_plan (
  authority text NOT NULL REFERENCES authority,
  plan bigint GENERATED ALWAYS AS IDENTITY,
  asked_of text NOT NULL,       -- scheme:code: who is to act
  title text NOT NULL CHECK (title <> ''),
  account integer NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  sent_at timestamptz,
  PRIMARY KEY (authority, plan),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE INDEX action_plan_asked_of ON action_plan (authority, asked_of);
CREATE TABLE action_plan_issue (
  authority text NOT NULL,
  plan bigint NOT NULL,
  finding bigint NOT NULL,
  subject integer NOT NULL,
  agreement text NOT NULL,
  event bigint,                 -- its leaf, once sent
  PRIMARY KEY (authority, plan, finding),
  FOREIGN KEY (authority, plan) REFERENCES action_plan
);
CREATE INDEX action_plan_issue_finding ON action_plan_issue (authority, finding);
CREATE INDEX action_plan_issue_subject ON action_plan_issue (authority, subject);
CREATE TABLE action (
  authority text NOT NULL,
  plan bigint NOT NULL,
  finding bigint NOT NULL,
  ordinal integer NOT NULL,     -- from 1, of the plan
  what text NOT NULL CHECK (what <> ''),
  until date NOT NULL,
  PRIMARY KEY (authority, plan, ordinal),
  FOREIGN KEY (authority, plan, finding) REFERENCES action_plan_issue ON DELETE CASCADE
);

CREATE TABLE escalation (
  authority text NOT NULL,
  event bigint NOT NULL,
  finding bigint NOT NULL,
  subject integer NOT NULL,
  agreement text NOT NULL,
  escalated_to text NOT NULL CHECK (escalated_to <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  escalated_by text NOT NULL,
  escalated_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (authority, event)
);
CREATE INDEX escalation_finding ON escalation (authority, finding);
CREATE INDEX escalation_subject ON escalation (authority, subject);
-- Which complaint a finding belongs to, as an officer says. Whether there is such a complaint is not told here.
CREATE TABLE complaint_link (
  authority text NOT NULL,
  finding bigint NOT NULL,
  case_reference text NOT NULL CHECK (case_reference <> ''),
  subject integer NOT NULL,
  agreement text NOT NULL,
  linked_by text NOT NULL,
  linked_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  event bigint NOT NULL,
  PRIMARY KEY (authority, finding, case_reference)
);
CREATE INDEX complaint_link_subject ON complaint_link (authority, subject);
CREATE INDEX complaint_link_case ON complaint_link (authority, case_reference);

-- Of an approval to set a finding aside: the last day it is to hold, and what the finding came to when it was asked.
ALTER TABLE approval ADD COLUMN until date, ADD COLUMN outcome text;

-- Each account's own.
CREATE TABLE last_looked (
  authority text NOT NULL,
  account integer NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (authority, account),
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE TABLE saved_view (
  authority text NOT NULL,
  account integer NOT NULL,
  name text NOT NULL CHECK (name <> '' AND length(name) <= 80),
  query text NOT NULL CHECK (length(query) <= 1000),  -- of /findings
  PRIMARY KEY (authority, account, name),
  FOREIGN KEY (authority, account) REFERENCES account
);
-- Cases drawn for a deep audit: those whose SHA-256 of "seed/number" comes first (reports/service/monitoring/sample.hpp).
CREATE TABLE sample (
  authority text NOT NULL,
  event bigint NOT NULL,        -- its leaf: nobody draws until they like what comes
  agreement text NOT NULL,      -- people with a record under it
  known_at bigint NOT NULL,     -- among the records numbered below this
  seed text NOT NULL CHECK (seed <> ''),
  subjects integer[] NOT NULL,  -- in the order drawn
  drawn_by text NOT NULL,
  drawn_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  PRIMARY KEY (authority, event)
);

-- Findings that are open, or will be when their day comes (pending, with a day). Kept by follow_run(), so that a page never
-- looks through everything that was ever judged.
CREATE TABLE open_finding (
  authority text NOT NULL,
  finding bigint NOT NULL,
  run bigint NOT NULL,          -- its newest step
  subject integer NOT NULL,
  rule text NOT NULL,
  severity text NOT NULL,
  outcome text NOT NULL,
  due date,
  flagged_since date,
  actor text NOT NULL,
  agreement text NOT NULL,
  found_on date NOT NULL,       -- the day an audit first found it so: those it is about have been shown it since
  PRIMARY KEY (authority, finding)
);
CREATE INDEX open_finding_actor ON open_finding (authority, actor, due);
CREATE INDEX open_finding_due ON open_finding (authority, due);
CREATE INDEX open_finding_flagged ON open_finding (authority, flagged_since);
CREATE INDEX open_finding_subject ON open_finding (authority, subject);
-- How many findings stand how, by the month their duty fell due or, without a day, was brought about.
CREATE TABLE finding_tally (
  authority text NOT NULL,
  actor text NOT NULL,
  agreement text NOT NULL,
  rule text NOT NULL,
  outcome text NOT NULL,
  month date NOT NULL,
  findings bigint NOT NULL,
  PRIMARY KEY (authority, actor, agreement, rule, outcome, month)
);
-- What each audit changed.
CREATE TABLE run_change (
  authority text NOT NULL,
  run bigint NOT NULL,
  actor text NOT NULL,
  agreement text NOT NULL,
  at timestamptz NOT NULL,
  opened bigint NOT NULL,       -- came to need attention
  closed bigint NOT NULL,       -- no longer do: met, met late, or nothing calls for them
  PRIMARY KEY (authority, run, actor, agreement)
);
CREATE INDEX run_change_at ON run_change (authority, at);
-- Reviews that were done and late: by how many days. What survival curves are made of, with finding_tally and open_finding.
CREATE TABLE late_review (
  authority text NOT NULL,
  finding bigint NOT NULL,
  actor text NOT NULL,
  agreement text NOT NULL,
  days integer NOT NULL CHECK (days > 0),  -- from the day it was due to the day it was done
  PRIMARY KEY (authority, finding)
);
CREATE INDEX late_review_actor ON late_review (authority, actor, days);
CREATE INDEX submission_sender ON submission (authority, sender, submission);
CREATE INDEX submission_received ON submission (authority, received_at);

CREATE FUNCTION needs_attention(outcome text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT outcome IN ('breached', 'not-evidenced', 'contradicted', 'error') $$;
CREATE FUNCTION finding_month(due date, brought_about date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT date_trunc('month', coalesce(due, brought_about)::timestamp)::date $$;
-- The rules by which a review is due on a day.
CREATE FUNCTION is_review(rule text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT rule IN ('review.annual', 'review.initial', 'review.general', 'dp.review.first', 'dp.review.annual', 'regime.trans.review', 'old.review') $$;

-- Carries what an audit changed into open_finding, finding_tally, late_review and run_change. Work proportional to its steps.
CREATE FUNCTION follow_run(r audit_run) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
BEGIN
  WITH changed AS (
    SELECT s.actor, s.agreement, s.rule, s.outcome, s.withdrawn, finding_month(s.due, s.trigger_last) AS month, b.*
    FROM finding_step s LEFT JOIN LATERAL (
      SELECT p.actor AS old_actor, p.agreement AS old_agreement, p.rule AS old_rule, p.outcome AS old_outcome,
        finding_month(p.due, p.trigger_last) AS old_month, NOT p.withdrawn AS stood
      FROM finding_step p WHERE r.run > 1 AND p.authority = s.authority AND p.finding = s.finding AND p.run < s.run ORDER BY p.run DESC LIMIT 1) b ON true
    WHERE s.authority = r.authority AND s.run = r.run),
  told AS (
    INSERT INTO run_change (authority, run, actor, agreement, at, opened, closed)
      SELECT r.authority, r.run, c.actor, c.agreement, r.started_at, count(*) FILTER (WHERE c.now_open AND NOT c.was_open),
        count(*) FILTER (WHERE c.was_open AND NOT c.now_open)
      FROM (SELECT actor, agreement, needs_attention(outcome) AND NOT withdrawn AS now_open, coalesce(needs_attention(old_outcome) AND stood, false) AS was_open
            FROM changed) c WHERE c.now_open <> c.was_open GROUP BY c.actor, c.agreement)
  INSERT INTO finding_tally AS t (authority, actor, agreement, rule, outcome, month, findings)
    SELECT r.authority, d.actor, d.agreement, d.rule, d.outcome, d.month, sum(d.more)
    FROM (SELECT actor, agreement, rule, outcome, month, 1 AS more FROM changed WHERE NOT withdrawn
          UNION ALL
          SELECT old_actor, old_agreement, old_rule, old_outcome, old_month, -1 FROM changed WHERE stood) d
    GROUP BY 2, 3, 4, 5, 6 HAVING sum(d.more) <> 0
    ON CONFLICT (authority, actor, agreement, rule, outcome, month) DO UPDATE SET findings = t.findings + excluded.findings;

  DELETE FROM late_review l USING finding_step s
    WHERE s.authority = r.authority AND s.run = r.run AND r.run > 1 AND is_review(s.rule) AND l.authority = s.authority AND l.finding = s.finding;
  INSERT INTO late_review (authority, finding, actor, agreement, days)
    SELECT s.authority, s.finding, s.actor, s.agreement, d.done - s.due FROM finding_step s CROSS JOIN LATERAL (
      SELECT min(e.first) AS done FROM record c JOIN entry e USING (authority, number)
      WHERE c.authority = s.authority AND c.subject = s.subject AND c.number < r.known_at AND e.act = 'review.completed' AND e.first > s.due) d
    WHERE s.authority = r.authority AND s.run = r.run AND NOT s.withdrawn AND is_review(s.rule) AND s.outcome = 'met-late' AND d.done IS NOT NULL;

  DELETE FROM open_finding o USING finding_step s
    WHERE s.authority = r.authority AND s.run = r.run AND r.run > 1 AND o.authority = s.authority AND o.finding = s.finding
      AND (s.withdrawn OR s.outcome IN ('met', 'met-late', 'exempt') OR (s.outcome = 'pending' AND s.due IS NULL));
  INSERT INTO open_finding AS o (authority, finding, run, subject, rule, severity, outcome, due, flagged_since, actor, agreement, found_on)
    SELECT s.authority, s.finding, s.run, s.subject, s.rule, s.severity, s.outcome, s.due, s.flagged_since, s.actor, s.agreement,
      (r.started_at AT TIME ZONE 'Europe/London')::date
    FROM finding_step s WHERE s.authority = r.authority AND s.run = r.run AND NOT s.withdrawn
      AND (needs_attention(s.outcome) OR s.outcome = 'unknown' OR (s.outcome = 'pending' AND s.due IS NOT NULL))
    ON CONFLICT (authority, finding) DO UPDATE SET run = excluded.run, rule = excluded.rule, severity = excluded.severity, outcome = excluded.outcome,
      due = excluded.due, flagged_since = excluded.flagged_since, actor = excluded.actor, agreement = excluded.agreement,
      found_on = CASE WHEN needs_attention(o.outcome) = needs_attention(excluded.outcome) AND o.actor = excluded.actor THEN o.found_on ELSE excluded.found_on END;
END $$;
CREATE FUNCTION on_run_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  PERFORM follow_run(NEW);
  RETURN NULL;
END $$;
SELECT follow_run(r) FROM (SELECT * FROM audit_run ORDER BY authority, run) r;
CREATE CONSTRAINT TRIGGER follow AFTER INSERT ON audit_run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION on_run_follow();

-- What is disposed of is no longer counted or asked about.
CREATE FUNCTION forget_finding() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  IF NOT OLD.withdrawn AND EXISTS (SELECT FROM finding_current c WHERE c.authority = OLD.authority AND c.finding = OLD.finding AND c.run = OLD.run) THEN
    DELETE FROM open_finding WHERE authority = OLD.authority AND finding = OLD.finding;
    DELETE FROM late_review WHERE authority = OLD.authority AND finding = OLD.finding;
    UPDATE finding_tally SET findings = findings - 1 WHERE authority = OLD.authority AND actor = OLD.actor AND agreement = OLD.agreement
      AND rule = OLD.rule AND outcome = OLD.outcome AND month = finding_month(OLD.due, OLD.trigger_last);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER forget AFTER DELETE ON finding_step FOR EACH ROW EXECUTE FUNCTION forget_finding();
CREATE FUNCTION forget_asking() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  DELETE FROM request WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM action_plan_issue WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM escalation WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM complaint_link WHERE authority = OLD.authority AND subject = OLD.subject;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_asking AFTER DELETE ON subject FOR EACH ROW EXECUTE FUNCTION forget_asking();

-- Who acts, with their name: nobody when their role is none of these.
CREATE FUNCTION acting_as(VARIADIC wanted text[]) RETURNS TABLE (authority text, account integer, organisation text, name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT a.authority, a.account, a.organisation, c.name FROM actor() a JOIN account c USING (authority, account) WHERE a.roles && wanted $$;
-- The newest step of a finding whose follow-up is the actor's: under an agreement they monitor, or about the person of a
-- complaint they handle.
CREATE FUNCTION finding_to_follow(number bigint) RETURNS SETOF finding_step LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT s.* FROM actor() a JOIN finding_current c ON c.authority = a.authority AND c.finding = number
    JOIN finding_step s ON s.authority = c.authority AND s.finding = c.finding AND s.run = c.run
  WHERE NOT s.withdrawn AND (s.agreement IN (SELECT nullif(m, '') FROM monitored_agreements() m) OR '' IN (SELECT monitored_agreements())
    OR ('complaints-officer' = ANY (a.roles) AND s.subject IN (SELECT case_subjects()))) $$;
-- Whether an organisation is one that the actor monitors: every one, or a party to an agreement of theirs.
CREATE FUNCTION monitors_organisation(key text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT '' IN (SELECT monitored_agreements()) OR EXISTS (
    SELECT FROM actor() a JOIN identifier i ON i.authority = a.authority AND i.scheme = 'agreement' JOIN record r ON r.authority = i.authority AND r.subject = i.subject
      JOIN entry e ON e.authority = r.authority AND e.number = r.number
    WHERE i.value IN (SELECT monitored_agreements()) AND e.act = 'agreement.made' AND key = ANY (string_to_array(e.attributes::json->>'party', ' '))) $$;
-- When each organisation that the actor monitors last sent a file; NULL: never.
CREATE FUNCTION last_sent() RETURNS TABLE (organisation integer, key text, name text, received_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT o.organisation, o.scheme || ':' || o.code, o.name,
    (SELECT s.received_at FROM submission s WHERE s.authority = o.authority AND s.sender = o.organisation ORDER BY s.submission DESC LIMIT 1)
  FROM actor() a JOIN organisation o USING (authority)
  WHERE (SELECT acts_as('auditor', 'guardian')) OR '' IN (SELECT monitored_agreements()) OR monitors_organisation(o.scheme || ':' || o.code) $$;
-- A finding that waits for nothing more: set aside as it stands, or its explanation was accepted.
CREATE FUNCTION set_aside_now(council text, number bigint, its_outcome text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT EXISTS (SELECT FROM finding_decision d WHERE d.authority = council AND d.finding = number AND d.decision = 'set-aside' AND d.outcome = its_outcome
    AND (d.until IS NULL OR d.until >= (now() AT TIME ZONE 'Europe/London')::date)
    AND NOT EXISTS (SELECT FROM finding_decision l WHERE l.authority = d.authority AND l.finding = d.finding AND l.ordinal > d.ordinal)) $$;

-- How duties stand, for a scorecard: by whose they were, agreement and rule. What needs attention counts `against` once the
-- right of reply is over, 14 days from when it was first found, and no reply waits for a decision; until then it is
-- `replying`. By an index for each organisation, be it one or all. \param of  one organisation; '': every one the actor sees
CREATE FUNCTION standings(of text) RETURNS TABLE (actor text, agreement text, rule text, standing text, findings bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH me AS (SELECT a.authority, acting_provider() AS provider, acts_as('auditor', 'guardian') OR '' IN (SELECT monitored_agreements()) AS all_of_them,
      (now() AT TIME ZONE 'Europe/London')::date AS today FROM actor() a),
  monitored AS (SELECT m AS agreement FROM monitored_agreements() m WHERE m <> ''),
  whose AS (SELECT of AS key WHERE of <> '' UNION ALL SELECT o.scheme || ':' || o.code FROM me JOIN organisation o USING (authority) WHERE of = ''
    UNION SELECT 'cassr:' || authority FROM me WHERE of = ''),
  answered AS (SELECT q.finding, q.asked_of, bool_or(p.decision IS NULL) AS undecided, bool_or(p.decision = 'accepted') AS accepted
    FROM me JOIN request q USING (authority) JOIN request_reply p USING (authority, request) WHERE q.finding IS NOT NULL AND (of = '' OR q.asked_of = of) GROUP BY 1, 2),
  decided AS (SELECT DISTINCT ON (d.finding) d.finding, d.decision, d.until, d.outcome FROM me JOIN finding_decision d USING (authority) ORDER BY d.finding, d.ordinal DESC)
  SELECT t.actor, t.agreement, t.rule, t.outcome, sum(t.findings)::bigint
  FROM me CROSS JOIN whose w CROSS JOIN LATERAL (SELECT * FROM finding_tally y WHERE y.authority = me.authority AND y.actor = w.key OFFSET 0) t
  WHERE t.outcome IN ('met', 'met-late', 'unknown', 'pending', 'exempt')
    AND (me.all_of_them OR t.actor = me.provider OR t.agreement IN (SELECT agreement FROM monitored)) GROUP BY 1, 2, 3, 4 HAVING sum(t.findings) > 0
  UNION ALL
  SELECT o.actor, o.agreement, o.rule, CASE WHEN d.decision = 'set-aside' AND d.outcome = o.outcome AND coalesce(d.until >= me.today, true) THEN 'set-aside'
      WHEN r.accepted THEN 'explained' WHEN r.undecided OR o.found_on > me.today - 14 THEN 'replying' ELSE 'against' END, count(*)
  FROM me CROSS JOIN whose w CROSS JOIN LATERAL (SELECT * FROM open_finding y WHERE y.authority = me.authority AND y.actor = w.key OFFSET 0) o
    LEFT JOIN answered r ON r.finding = o.finding AND r.asked_of = o.actor LEFT JOIN decided d ON d.finding = o.finding
  WHERE needs_attention(o.outcome) AND (me.all_of_them OR o.actor = me.provider OR o.agreement IN (SELECT agreement FROM monitored))
  GROUP BY 1, 2, 3, 4 $$;

-- Asks whoever acted, or should have, about a finding. Returns the request's number; NULL when the finding is not the actor's
-- to follow up, needs nothing, or was asked about and no explanation accepted (a reminder repeats that). Raises when `until` is past.
-- \param part_of  the request it is asked together with; NULL: the first
CREATE FUNCTION ask_about_finding(number bigint, words text, last_day date, part_of bigint) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; f finding_step; its_number bigint := nextval(pg_get_serial_sequence('request', 'request')); its_event bigint;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer', 'complaints-officer');
  SELECT * INTO f FROM finding_to_follow(number);
  IF who.account IS NULL OR f.finding IS NULL OR NOT (needs_attention(f.outcome) OR f.outcome = 'unknown') OR EXISTS (
      SELECT FROM request q WHERE q.authority = f.authority AND q.finding = f.finding AND q.asked_of = f.actor AND NOT EXISTS (
        SELECT FROM request_reply p WHERE p.authority = q.authority AND p.request = q.request AND p.decision = 'accepted')) THEN
    RETURN NULL;
  END IF;
  PERFORM check_last_day(last_day);
  its_event := append_event(f.authority, 'request', f.subject, json_build_object('request', its_number, 'to', f.actor, 'finding', finding_name(f.finding),
    'what', words, 'until', last_day, 'by', who.name)::text);
  INSERT INTO request (authority, request, letter, asked_of, finding, subject, agreement, what, account, asked_by, until, event) OVERRIDING SYSTEM VALUE
    VALUES (f.authority, its_number, coalesce((SELECT q.letter FROM request q WHERE q.authority = f.authority AND q.request = part_of AND q.account = who.account), its_number),
      f.actor, f.finding, f.subject, f.agreement, words, who.account, who.name, last_day, its_event);
  RETURN its_number;
END $$;
CREATE FUNCTION check_last_day(last_day date) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF last_day < (now() AT TIME ZONE 'Europe/London')::date THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'the last day is past'; END IF;
END $$;
-- Asks an organisation for something that no finding is about.
CREATE FUNCTION ask_organisation(key text, words text, last_day date) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; its_number bigint := nextval(pg_get_serial_sequence('request', 'request')); its_event bigint;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer');
  IF who.account IS NULL OR NOT monitors_organisation(key) OR NOT EXISTS (
      SELECT FROM organisation o WHERE o.authority = who.authority AND o.scheme || ':' || o.code = key) THEN
    RETURN NULL;
  END IF;
  PERFORM check_last_day(last_day);
  its_event := append_event(who.authority, 'request', NULL, json_build_object('request', its_number, 'to', key, 'what', words, 'until', last_day,
    'by', who.name)::text);
  INSERT INTO request (authority, request, letter, asked_of, agreement, what, account, asked_by, until, event) OVERRIDING SYSTEM VALUE
    VALUES (who.authority, its_number, its_number, key, '', words, who.account, who.name, last_day, its_event);
  RETURN its_number;
END $$;
-- A provider's answer. Returns its number; NULL when nothing of that number was asked of them, or an answer of theirs waits
-- or was accepted. \param sent  the submission with the evidence, one of their own; NULL: words alone
CREATE FUNCTION reply_to_request(number bigint, says text, sent bigint) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; q request; its_event bigint; its_number bigint;
BEGIN
  SELECT * INTO who FROM acting_as('provider-manager', 'provider-submitter');
  SELECT * INTO q FROM request WHERE authority = who.authority AND request = number AND asked_of = who.organisation FOR UPDATE;
  IF q.request IS NULL
     OR EXISTS (SELECT FROM request_reply p WHERE p.authority = q.authority AND p.request = q.request AND p.decision IS DISTINCT FROM 'not-accepted')
     OR (sent IS NOT NULL AND NOT EXISTS (SELECT FROM submission s WHERE s.authority = q.authority AND s.submission = sent AND s.sender = acting_sender())) THEN
    RETURN NULL;
  END IF;
  its_event := append_event(q.authority, 'reply', q.subject, json_build_object('request', q.request, 'from', q.asked_of, 'finding', finding_name(q.finding),
    'words', says, 'submission', sent, 'by', who.name)::text);
  INSERT INTO request_reply (authority, request, words, submission, account, replied_by, event)
    VALUES (q.authority, q.request, says, sent, who.account, who.name, its_event) RETURNING reply INTO its_number;
  RETURN its_number;
END $$;
-- Whether a request is the actor's to follow up.
CREATE FUNCTION follows_request(q request) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT EXISTS (SELECT FROM acting_as('contract-monitoring-officer', 'complaints-officer') a WHERE a.authority = q.authority
    AND (a.account = q.account OR '' IN (SELECT monitored_agreements()) OR q.agreement IN (SELECT nullif(m, '') FROM monitored_agreements() m)
      OR (acts_as('complaints-officer') AND q.subject IN (SELECT case_subjects())))) $$;
-- Accepts an explanation, or does not. False when there is none that waits, or it is not the actor's to decide.
CREATE FUNCTION decide_reply(number bigint, its_decision text, why text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; q request;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer', 'complaints-officer');
  SELECT r.* INTO q FROM request_reply p JOIN request r USING (authority, request) WHERE p.authority = who.authority AND p.reply = number AND p.decision IS NULL
    FOR UPDATE OF p;
  IF q.request IS NULL OR NOT follows_request(q) THEN RETURN false; END IF;
  UPDATE request_reply SET decision = its_decision, reason = why, decided_by = who.name, decided_at = statement_timestamp()
    WHERE authority = q.authority AND reply = number;
  PERFORM append_event(q.authority, 'reply-decision', q.subject, json_build_object('request', q.request, 'reply', number, 'finding', finding_name(q.finding),
    'decision', its_decision, 'reason', why, 'by', who.name)::text);
  RETURN true;
END $$;
-- Repeats a request that has not been answered. Nothing is posted: it is shown to the provider, on its page and in wanted().
CREATE FUNCTION remind_of_request(number bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; q request; its_event bigint; today date := (now() AT TIME ZONE 'Europe/London')::date;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer', 'complaints-officer');
  SELECT * INTO q FROM request WHERE authority = who.authority AND request = number FOR UPDATE;
  IF q.request IS NULL OR NOT follows_request(q)
     OR EXISTS (SELECT FROM request_reply p WHERE p.authority = q.authority AND p.request = q.request AND p.decision IS DISTINCT FROM 'not-accepted')
     OR EXISTS (SELECT FROM reminder m WHERE m.authority = q.authority AND m.request = q.request AND (m.reminded_at AT TIME ZONE 'Europe/London')::date = today) THEN
    RETURN false;
  END IF;
  its_event := append_event(q.authority, 'reminder', q.subject, json_strip_nulls(json_build_object('to', q.asked_of, 'about', q.what,
    'finding', finding_name(q.finding), 'sent', today, 'how', 'portal', 'delivered', 'unknown', 'by', who.name, 'request', q.request))::text);
  INSERT INTO reminder (authority, event, request, reminded_by) VALUES (q.authority, its_event, q.request, who.name);
  RETURN true;
END $$;

-- A draft of what an organisation is to do about findings. Returns its number; NULL when one of them is not the actor's to
-- follow up, needs nothing, or is another organisation's.
CREATE FUNCTION draft_plan(key text, its_title text, findings bigint[]) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; its_number bigint; issues bigint;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer');
  IF who.account IS NULL OR coalesce(cardinality(findings), 0) = 0 THEN RETURN NULL; END IF;
  INSERT INTO action_plan (authority, asked_of, title, account, made_by) VALUES (who.authority, key, its_title, who.account, who.name) RETURNING plan INTO its_number;
  INSERT INTO action_plan_issue (authority, plan, finding, subject, agreement)
    SELECT who.authority, its_number, f.finding, f.subject, f.agreement FROM (SELECT DISTINCT unnest(findings) AS number) n CROSS JOIN LATERAL finding_to_follow(n.number) f
    WHERE f.actor = key AND (needs_attention(f.outcome) OR f.outcome = 'unknown');
  GET DIAGNOSTICS issues = ROW_COUNT;
  IF issues <> (SELECT count(DISTINCT n) FROM unnest(findings) n) THEN
    DELETE FROM action_plan_issue WHERE authority = who.authority AND plan = its_number;
    DELETE FROM action_plan WHERE authority = who.authority AND plan = its_number;
    RETURN NULL;
  END IF;
  RETURN its_number;
END $$;
-- Whether a plan is the actor's draft.
CREATE FUNCTION own_draft(number bigint) RETURNS SETOF action_plan LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT p.* FROM acting_as('contract-monitoring-officer') a JOIN action_plan p ON p.authority = a.authority AND p.account = a.account
  WHERE p.plan = number AND p.sent_at IS NULL FOR UPDATE OF p $$;
CREATE FUNCTION add_action(number bigint, about bigint, words text, last_day date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE p action_plan;
BEGIN
  SELECT * INTO p FROM own_draft(number);
  IF p.plan IS NULL OR NOT EXISTS (SELECT FROM action_plan_issue i WHERE i.authority = p.authority AND i.plan = p.plan AND i.finding = about) THEN RETURN false; END IF;
  PERFORM check_last_day(last_day);
  INSERT INTO action (authority, plan, finding, ordinal, what, until)
    SELECT p.authority, p.plan, about, coalesce(max(a.ordinal), 0) + 1, words, last_day FROM action a WHERE a.authority = p.authority AND a.plan = p.plan;
  RETURN true;
END $$;
CREATE FUNCTION remove_action(number bigint, its_ordinal integer) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH gone AS (DELETE FROM action a USING own_draft(number) p WHERE a.authority = p.authority AND a.plan = p.plan AND a.ordinal = its_ordinal RETURNING 1)
  SELECT EXISTS (SELECT FROM gone) $$;
-- Sends a draft, with a leaf an issue. False while an issue has no action: a plan that says nothing of an issue is none.
CREATE FUNCTION send_plan(number bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE p action_plan; i action_plan_issue; its_event bigint;
BEGIN
  SELECT * INTO p FROM own_draft(number);
  IF p.plan IS NULL OR NOT EXISTS (SELECT FROM action_plan_issue n WHERE n.authority = p.authority AND n.plan = p.plan)
     OR EXISTS (SELECT FROM action_plan_issue n WHERE n.authority = p.authority AND n.plan = p.plan
       AND NOT EXISTS (SELECT FROM action a WHERE a.authority = n.authority AND a.plan = n.plan AND a.finding = n.finding)) THEN
    RETURN false;
  END IF;
  FOR i IN SELECT * FROM action_plan_issue n WHERE n.authority = p.authority AND n.plan = p.plan ORDER BY n.finding LOOP
    its_event := append_event(p.authority, 'action-plan', i.subject, json_build_object('plan', p.plan, 'title', p.title, 'to', p.asked_of,
      'finding', finding_name(i.finding), 'actions', (SELECT json_agg(json_build_object('action', a.ordinal, 'what', a.what, 'until', a.until) ORDER BY a.ordinal)
        FROM action a WHERE a.authority = i.authority AND a.plan = i.plan AND a.finding = i.finding), 'by', p.made_by)::text);
    UPDATE action_plan_issue n SET event = its_event WHERE n.authority = i.authority AND n.plan = i.plan AND n.finding = i.finding;
  END LOOP;
  UPDATE action_plan SET sent_at = statement_timestamp() WHERE authority = p.authority AND plan = p.plan;
  RETURN true;
END $$;

CREATE FUNCTION escalate_finding(number bigint, to_whom text, why text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; f finding_step; its_event bigint;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer', 'complaints-officer');
  SELECT * INTO f FROM finding_to_follow(number);
  IF who.account IS NULL OR f.finding IS NULL THEN RETURN false; END IF;
  its_event := append_event(f.authority, 'escalation', f.subject, json_build_object('finding', finding_name(f.finding), 'to', to_whom, 'reason', why,
    'by', who.name)::text);
  INSERT INTO escalation (authority, event, finding, subject, agreement, escalated_to, reason, escalated_by)
    VALUES (f.authority, its_event, f.finding, f.subject, f.agreement, to_whom, why, who.name);
  RETURN true;
END $$;
CREATE FUNCTION link_complaint(number bigint, reference text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; f finding_step; its_event bigint;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer', 'complaints-officer');
  SELECT * INTO f FROM finding_to_follow(number);
  IF who.account IS NULL OR f.finding IS NULL THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM complaint_link l WHERE l.authority = f.authority AND l.finding = f.finding AND l.case_reference = reference) THEN RETURN true; END IF;
  its_event := append_event(f.authority, 'complaint-link', f.subject, json_build_object('finding', finding_name(f.finding), 'complaint', reference,
    'by', who.name)::text);
  INSERT INTO complaint_link (authority, finding, case_reference, subject, agreement, linked_by, event)
    VALUES (f.authority, f.finding, reference, f.subject, f.agreement, who.name, its_event);
  RETURN true;
END $$;

-- Asks that a finding be set aside. Returns the approval's number; NULL when it is not the actor's to follow up, needs no
-- attention, is set aside already, or was asked for and waits. When another person approves, it is carried out in that act.
CREATE FUNCTION ask_set_aside(number bigint, why text, last_day date) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE f finding_step; its_approval bigint;
BEGIN
  SELECT * INTO f FROM finding_to_follow(number);
  IF f.finding IS NULL OR NOT needs_attention(f.outcome) OR set_aside_now(f.authority, f.finding, f.outcome) OR EXISTS (
      SELECT FROM approval p WHERE p.authority = f.authority AND p.what = 'set-aside' AND p.about = finding_name(f.finding) AND p.decision IS NULL) THEN
    RETURN NULL;
  END IF;
  PERFORM check_last_day(last_day);
  its_approval := ask_approval('set-aside', finding_name(f.finding), f.subject, why);
  UPDATE approval SET until = last_day, outcome = f.outcome WHERE authority = f.authority AND approval = its_approval;
  RETURN its_approval;
END $$;
-- The step it was asked for may be over, or the finding may have come to something else: then nothing is set aside.
CREATE FUNCTION carry_out_set_aside() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  INSERT INTO finding_decision (authority, finding, ordinal, decision, decided_at, decided_by, reason, until, outcome)
    SELECT o.authority, o.finding, coalesce((SELECT max(d.ordinal) FROM finding_decision d WHERE d.authority = o.authority AND d.finding = o.finding), 0) + 1,
      'set-aside', statement_timestamp(), format('%s, approved by %s (approval %s)', a.name, b.name, NEW.approval), NEW.reason, NEW.until, o.outcome
    FROM open_finding o JOIN account a ON a.authority = o.authority AND a.account = NEW.asked_by
      JOIN account b ON b.authority = o.authority AND b.account = NEW.decided_by
    WHERE o.authority = NEW.authority AND o.subject = NEW.subject AND finding_name(o.finding) = NEW.about AND needs_attention(o.outcome)
      AND o.outcome = coalesce(NEW.outcome, o.outcome) AND NOT set_aside_now(o.authority, o.finding, o.outcome)
      AND (NEW.until IS NULL OR NEW.until >= (now() AT TIME ZONE 'Europe/London')::date);
  RETURN NULL;
END $$;
CREATE TRIGGER carry_out AFTER UPDATE OF decision ON approval FOR EACH ROW WHEN (NEW.what = 'set-aside' AND NEW.decision = 'approved')
  EXECUTE FUNCTION carry_out_set_aside();
-- Its leaf is appended whoever's transaction ends there.
ALTER FUNCTION on_decision() SECURITY DEFINER SET search_path = answerable, pg_temp;

-- Draws cases, and says so on the ledger. Returns the sample's number.
CREATE FUNCTION draw_sample(of_agreement text, its_seed text, size integer) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; horizon bigint; drawn integer[]; its_event bigint;
BEGIN
  SELECT * INTO who FROM acting_as('contract-monitoring-officer', 'auditor');
  IF who.account IS NULL OR NOT (acts_as('auditor') OR of_agreement IN (SELECT monitored_agreements()) OR '' IN (SELECT monitored_agreements()))
     OR NOT EXISTS (SELECT FROM identifier i WHERE i.authority = who.authority AND i.scheme = 'agreement' AND i.value = of_agreement) THEN
    RETURN NULL;
  END IF;
  SELECT next_record INTO horizon FROM counter c WHERE c.authority = who.authority;
  drawn := ARRAY(SELECT d.subject FROM sample_order(who.authority, of_agreement, horizon, its_seed) d LIMIT size);
  its_event := append_event(who.authority, 'sample', NULL, json_build_object('agreement', of_agreement, 'known_at', horizon, 'seed', its_seed,
    'cases', to_json(drawn), 'by', who.name)::text);
  INSERT INTO sample (authority, event, agreement, known_at, seed, subjects, drawn_by) VALUES (who.authority, its_event, of_agreement, horizon, its_seed, drawn, who.name);
  RETURN its_event;
END $$;
-- People with a record under an agreement, in the order in which a seed draws them. Lazy: whoever takes a few pays for a few.
CREATE FUNCTION sample_order(council text, of_agreement text, horizon bigint, its_seed text) RETURNS TABLE (subject integer, hash bytea)
  LANGUAGE sql STABLE SET search_path = answerable, pg_temp AS $$
  SELECT h.subject, h.hash FROM (SELECT s.subject, sha256(convert_to(its_seed || '/' || s.subject, 'UTF8')) AS hash FROM subject s
    WHERE s.authority = council AND s.type = 'person' ORDER BY 2) h
  WHERE EXISTS (SELECT FROM record r WHERE r.authority = council AND r.subject = h.subject AND r.agreement = of_agreement AND r.number < horizon)
  ORDER BY h.hash $$;

-- A sample's cases: those drawn, each with a number by which it can be opened (and only then with a purpose stated), or the
-- whole population in the order drawn, by bare number. No row for whoever does not monitor the agreement.
CREATE FUNCTION sample_cases(number bigint, everybody boolean) RETURNS TABLE (subject integer, identifier text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH it AS (SELECT s.* FROM acting_as('contract-monitoring-officer', 'auditor') a JOIN sample s USING (authority)
    WHERE s.event = number AND (acts_as('auditor') OR s.agreement IN (SELECT monitored_agreements()) OR '' IN (SELECT monitored_agreements())))
  (SELECT d.subject, NULL FROM it CROSS JOIN LATERAL sample_order(it.authority, it.agreement, it.known_at, it.seed) d WHERE everybody)
  UNION ALL
  (SELECT d.subject, (SELECT i.scheme || ':' || i.value FROM identifier i WHERE i.authority = it.authority AND i.subject = d.subject
     AND i.scheme IN ('sender', 'council', 'nhs-number') ORDER BY array_position(ARRAY['sender', 'council', 'nhs-number'], i.scheme), i.value LIMIT 1)
   FROM it CROSS JOIN LATERAL unnest(it.subjects) WITH ORDINALITY AS d (subject, place) WHERE NOT everybody ORDER BY d.place) $$;

-- As 0008 has it, by open_finding; and what was asked for by a request, and an action plan's actions. Set aside, or with an
-- explanation that was accepted, a finding is not wanted.
CREATE OR REPLACE FUNCTION wanted() RETURNS TABLE (what text, reference text, rule text, outcome text, sentence text, person text, due date, asked_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH me AS (
    SELECT a.authority, coalesce(a.organisation, 'cassr:' || a.authority) AS key, o.organisation AS sender
    FROM actor() a LEFT JOIN organisation o ON o.authority = a.authority
      AND o.scheme || ':' || o.code = coalesce(a.organisation, 'cassr:' || a.authority)),
  asked AS (
    SELECT e.event, e.content::json->>'finding' AS finding, e.content::json->>'about' AS about, (e.content::json->>'sent')::date AS sent,
      e.content::json->>'request' AS request
    FROM me JOIN event e USING (authority) WHERE e.kind = 'reminder' AND e.content IS NOT NULL AND e.content::json->>'to' = me.key),
  found AS (
    SELECT o.*, (SELECT split_part(i.value, '/', 2) FROM identifier i WHERE i.authority = me.authority AND i.subject = o.subject AND i.scheme = 'sender'
       AND split_part(i.value, '/', 1) = me.key ORDER BY i.number LIMIT 1) AS person
    FROM me JOIN open_finding o ON o.authority = me.authority AND o.actor = me.key
    WHERE o.outcome <> 'pending' AND NOT set_aside_now(o.authority, o.finding, o.outcome) AND NOT EXISTS (
      SELECT FROM request q JOIN request_reply p USING (authority, request)
      WHERE q.authority = o.authority AND q.finding = o.finding AND q.asked_of = o.actor AND p.decision = 'accepted'))
  SELECT 'finding', finding_name(f.finding), f.rule, f.outcome, s.sentence, f.person, f.due,
    greatest((SELECT max(q.sent) FROM asked q WHERE q.finding = finding_name(f.finding)),
      (SELECT max(q.asked_at AT TIME ZONE 'Europe/London')::date FROM request q WHERE q.authority = f.authority AND q.finding = f.finding AND q.asked_of = f.actor))
  FROM found f JOIN finding_step s USING (authority, finding, run)
  UNION ALL
  SELECT 'request', q.request::text, f.rule, f.outcome, q.what, f.person, q.until, (q.asked_at AT TIME ZONE 'Europe/London')::date
  FROM me JOIN request q ON q.authority = me.authority AND q.asked_of = me.key LEFT JOIN found f ON f.finding = q.finding
  WHERE (q.finding IS NULL OR f.finding IS NOT NULL)
    AND NOT EXISTS (SELECT FROM request_reply p WHERE p.authority = q.authority AND p.request = q.request AND p.decision IS DISTINCT FROM 'not-accepted')
  UNION ALL
  SELECT 'action', n.plan || '/' || n.ordinal, f.rule, f.outcome, n.what, f.person, n.until, (p.sent_at AT TIME ZONE 'Europe/London')::date
  FROM me JOIN action_plan p ON p.authority = me.authority AND p.asked_of = me.key AND p.sent_at IS NOT NULL JOIN action n ON n.authority = p.authority AND n.plan = p.plan
    JOIN found f ON f.finding = n.finding
  UNION ALL
  SELECT 'held-record', h.held::text, NULL, NULL, 'It was held: mend it and send it again.', h.id, NULL, u.received_at::date
  FROM me JOIN submission u ON u.authority = me.authority AND u.sender = me.sender
    JOIN held_record h ON h.authority = u.authority AND h.submission = u.submission
  WHERE h.bytes IS NOT NULL AND NOT EXISTS (SELECT FROM record r WHERE r.authority = h.authority AND r.sender = u.sender AND r.id = h.id)
    AND NOT EXISTS (SELECT FROM held_record l JOIN submission lu USING (authority, submission)
      WHERE l.authority = h.authority AND lu.sender = u.sender AND l.id = h.id AND l.held > h.held)
  UNION ALL
  SELECT 'asked-for', q.event::text, NULL, NULL, q.about, NULL, NULL, q.sent FROM asked q WHERE q.finding IS NULL AND q.request IS NULL
  ORDER BY 7 NULLS LAST, 1, 2 $$;

CREATE FUNCTION plans_for_me() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT p.plan FROM actor() a JOIN action_plan p USING (authority) WHERE p.sent_at IS NOT NULL AND p.asked_of = acting_provider() $$;

-- Who sees what (0007).
DO $$ DECLARE t text; own text := 'authority = (SELECT acting_council()) AND ';
  -- Of the agreements somebody monitors; of a council's people to whom all are open; of who is concerned.
  monitored text := '(agreement IN (SELECT nullif(m, '''') FROM monitored_agreements() m) OR '''' IN (SELECT monitored_agreements()) OR (SELECT acts_as(''auditor'', ''guardian''))';
  concerned text := ' OR subject IN (SELECT readable_subjects()) OR subject IN (SELECT case_subjects()))';
BEGIN
  FOREACH t IN ARRAY ARRAY['request', 'request_reply', 'reminder', 'action_plan', 'action_plan_issue', 'action', 'escalation', 'complaint_link', 'last_looked',
      'saved_view', 'sample', 'open_finding', 'finding_tally', 'late_review', 'run_change'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY programs ON %I TO answerable_audit, answerable_desk USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT ON %I TO answerable_reports, answerable_desk', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['finding_tally', 'late_review', 'run_change'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO answerable_reports USING (%s (actor = (SELECT acting_provider()) OR %s))', t, own, monitored || ')');
  END LOOP;
  EXECUTE format('CREATE POLICY reader ON open_finding FOR SELECT TO answerable_reports USING (%s (actor = (SELECT acting_provider()) OR %s))', own, monitored || concerned);
  EXECUTE format('CREATE POLICY reader ON request FOR SELECT TO answerable_reports USING (%s (asked_of = (SELECT acting_provider())
    OR account = (SELECT acting_account()) OR %s))', own, monitored || concerned);
  FOREACH t IN ARRAY ARRAY['escalation', 'complaint_link'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO answerable_reports USING (%s (SELECT acts_for_council()) AND %s)', t, own, monitored || concerned);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['last_looked', 'saved_view'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I TO answerable_reports USING (%2$s account = (SELECT acting_account())) WITH CHECK (%2$s account = (SELECT acting_account()))', t, own);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO answerable_reports', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['request_reply', 'reminder'] LOOP
    EXECUTE format('CREATE POLICY reader ON %1$I FOR SELECT TO answerable_reports USING (%2$s EXISTS (SELECT FROM request q
      WHERE q.authority = %1$I.authority AND q.request = %1$I.request))', t, own);
  END LOOP;
  EXECUTE format('CREATE POLICY reader ON sample FOR SELECT TO answerable_reports USING (%s (SELECT acts_for_council()) AND %s)', own, monitored || ')');
END $$;
-- A draft is its maker's; sent, it is also the organisation's, and of those who monitor it.
CREATE POLICY reader ON action_plan FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (account = (SELECT acting_account()) OR (sent_at IS NOT NULL AND (asked_of = (SELECT acting_provider()) OR '' IN (SELECT monitored_agreements())
    OR (SELECT acts_as('auditor', 'guardian')) OR EXISTS (SELECT FROM action_plan_issue i WHERE i.authority = action_plan.authority AND i.plan = action_plan.plan
      AND i.agreement IN (SELECT nullif(m, '') FROM monitored_agreements() m))))));
CREATE POLICY reader ON action_plan_issue FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (agreement IN (SELECT nullif(m, '') FROM monitored_agreements() m) OR '' IN (SELECT monitored_agreements()) OR (SELECT acts_as('auditor', 'guardian'))
    OR plan IN (SELECT plans_for_me())));
CREATE POLICY reader ON action FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND EXISTS (SELECT FROM action_plan_issue i WHERE i.authority = action.authority AND i.plan = action.plan AND i.finding = action.finding));

REVOKE ALL ON FUNCTION needs_attention(text), finding_month(date, date), follow_run(audit_run), on_run_follow(), forget_finding(), forget_asking(), acting_as(text[]),
  finding_to_follow(bigint), monitors_organisation(text), last_sent(), set_aside_now(text, bigint, text), is_review(text), standings(text), ask_about_finding(bigint, text, date, bigint), check_last_day(date),
  ask_organisation(text, text, date), reply_to_request(bigint, text, bigint), follows_request(request), decide_reply(bigint, text, text),
  remind_of_request(bigint), draft_plan(text, text, bigint[]), own_draft(bigint), add_action(bigint, bigint, text, date), remove_action(bigint, integer),
  send_plan(bigint), escalate_finding(bigint, text, text), link_complaint(bigint, text), ask_set_aside(bigint, text, date), carry_out_set_aside(),
  draw_sample(text, text, integer), sample_order(text, text, bigint, text), sample_cases(bigint, boolean), plans_for_me() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION needs_attention(text), finding_month(date, date), is_review(text), standings(text), ask_about_finding(bigint, text, date, bigint), ask_organisation(text, text, date),
  reply_to_request(bigint, text, bigint), decide_reply(bigint, text, text), remind_of_request(bigint), draft_plan(text, text, bigint[]),
  add_action(bigint, bigint, text, date), remove_action(bigint, integer), send_plan(bigint), escalate_finding(bigint, text, text), link_complaint(bigint, text),
  ask_set_aside(bigint, text, date), draw_sample(text, text, integer), sample_cases(bigint, boolean), plans_for_me(), monitors_organisation(text), last_sent() TO answerable_reports;
