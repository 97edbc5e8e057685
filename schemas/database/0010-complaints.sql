-- What a complaints team works with beside the records: matter that is no record (heads tied to findings, parts asked of a
-- trust, drafts, what is to be kept back), and what a reader outside asks for. All of it is seen by whoever the complaint is
-- assigned to, once they have opened the person's record for a purpose; what is asked of another body is on the ledger.
SET LOCAL search_path TO answerable;

ALTER TABLE event DROP CONSTRAINT event_kind_check, ADD CONSTRAINT event_kind_check CHECK (kind IN ('ledger-opened', 'ledger-closed', 'key',
  'rule-set', 'council-rule', 'decision', 'read', 'reminder', 'bundle', 'hold', 'disposal', 'request', 'reply', 'reply-decision', 'action-plan',
  'escalation', 'complaint-link', 'sample', 'complaint-part', 'evidence-request'));
-- A complaint's records, and people's names, without going through everything else.
CREATE INDEX record_complaint ON record (authority, subject) WHERE kind IN ('complaint', 'ombudsman', 'remedy');
CREATE INDEX record_person ON record (authority, number) WHERE kind = 'person';

-- The matters complained of, in the words the team works with.
CREATE TABLE complaint_head (
  authority text NOT NULL,
  reference text NOT NULL,      -- the complaint's
  head integer NOT NULL,        -- from 1
  subject integer NOT NULL,     -- whom it is about: it goes with them
  words text NOT NULL CHECK (words <> ''),
  by integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  dropped_at timestamptz,
  PRIMARY KEY (authority, reference, head),
  FOREIGN KEY (authority, by) REFERENCES account
);
-- What a head rests on: a finding (its number), a record (its number on the ledger), a party (scheme:code).
CREATE TABLE complaint_tie (
  authority text NOT NULL,
  reference text NOT NULL,
  head integer NOT NULL,
  what text NOT NULL CHECK (what IN ('finding', 'record', 'party')),
  about text NOT NULL CHECK (about <> ''),
  subject integer NOT NULL,
  by integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (authority, reference, head, what, about),
  FOREIGN KEY (authority, reference, head) REFERENCES complaint_head,
  FOREIGN KEY (authority, by) REFERENCES account
);
-- Drafts: of a part of the reply ('how-considered' …), of the answer to a head ('head 2'), or to one of the ombudsman's
-- questions ('question OMB-1 2a'). The newest counts.
CREATE TABLE complaint_draft (
  authority text NOT NULL,
  reference text NOT NULL,
  piece text NOT NULL CHECK (piece <> ''),
  ordinal integer NOT NULL,     -- from 1
  subject integer NOT NULL,
  words text NOT NULL,
  by integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (authority, reference, piece, ordinal),
  FOREIGN KEY (authority, by) REFERENCES account
);
-- A part of the complaint that another body is asked to answer, and its answer.
CREATE TABLE complaint_part (
  authority text NOT NULL,
  part bigint GENERATED ALWAYS AS IDENTITY,
  reference text NOT NULL,
  subject integer NOT NULL,
  body text NOT NULL CHECK (body LIKE '%_:_%'),  -- scheme:code
  words text NOT NULL CHECK (words <> ''),
  due date NOT NULL,
  by integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  event bigint NOT NULL,        -- its leaf
  reply text CHECK (reply <> ''),
  replied_by integer,
  replied_at timestamptz,
  reply_event bigint,
  PRIMARY KEY (authority, part),
  FOREIGN KEY (authority, by) REFERENCES account,
  FOREIGN KEY (authority, replied_by) REFERENCES account,
  CHECK (num_nulls(reply, replied_by, replied_at, reply_event) IN (0, 4))
);
CREATE INDEX complaint_part_case ON complaint_part (authority, reference);
CREATE INDEX complaint_part_body ON complaint_part (authority, body);
-- Evidence that a reader of one case asks for.
CREATE TABLE evidence_request (
  authority text NOT NULL,
  request bigint GENERATED ALWAYS AS IDENTITY,
  reference text NOT NULL,
  subject integer NOT NULL,
  words text NOT NULL CHECK (words <> ''),
  by integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  event bigint NOT NULL,
  answer text CHECK (answer <> ''),
  answered_by integer,
  answered_at timestamptz,
  answer_event bigint,
  PRIMARY KEY (authority, request),
  FOREIGN KEY (authority, by) REFERENCES account,
  FOREIGN KEY (authority, answered_by) REFERENCES account,
  CHECK (num_nulls(answer, answered_by, answered_at, answer_event) IN (0, 4))
);
CREATE INDEX evidence_request_case ON evidence_request (authority, reference);
-- What a bundle is not to show: schemas/redaction/1. A bundle keeps back what stood here when it was asked for.
CREATE TABLE complaint_keep_back (
  authority text NOT NULL,
  item bigint GENERATED ALWAYS AS IDENTITY,
  reference text NOT NULL,
  subject integer NOT NULL,
  what text NOT NULL CHECK (what IN ('person', 'record', 'field')),
  sender text NOT NULL DEFAULT '',  -- of a record or field
  id text NOT NULL DEFAULT '',
  path text NOT NULL DEFAULT '',    -- of a field
  name text NOT NULL DEFAULT '',    -- of a person
  reason text NOT NULL CHECK (reason IN ('third-party', 'not-relevant', 'legal-privilege', 'serious-harm', 'confidential-source', 'security')),
  by integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  dropped_at timestamptz,
  PRIMARY KEY (authority, item),
  FOREIGN KEY (authority, by) REFERENCES account,
  CHECK ((what = 'person') = (name <> '') AND (what = 'person') = (sender = '') AND (sender = '') = (id = '') AND (what = 'field') = (path <> ''))
);
CREATE INDEX complaint_keep_back_case ON complaint_keep_back (authority, reference);
-- The bundle that was made for an approval: whoever fetches it again is given the same bytes.
CREATE TABLE complaint_bundle (
  authority text NOT NULL,
  approval bigint NOT NULL,
  reference text NOT NULL,
  subject integer NOT NULL,
  number text NOT NULL,         -- B-6F2A91C4
  ledger integer NOT NULL,
  size bigint NOT NULL,         -- of the checkpoint that proves it
  as_of date NOT NULL,
  made_for text NOT NULL,
  tagmanifest bytea NOT NULL CHECK (octet_length(tagmanifest) = 32),
  at timestamptz NOT NULL DEFAULT now(),
  event bigint NOT NULL,
  PRIMARY KEY (authority, approval),
  FOREIGN KEY (authority, approval) REFERENCES approval
);
-- What the yearly report says in words (SI 2009/309 reg 18): about the council's work, and about nobody.
CREATE TABLE complaint_lesson (
  authority text NOT NULL REFERENCES authority,
  lesson bigint GENERATED ALWAYS AS IDENTITY,
  year integer NOT NULL,        -- in which it begins, on 1 April
  kind text NOT NULL CHECK (kind IN ('general-importance', 'improvement')),
  words text NOT NULL CHECK (words <> ''),
  by integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  dropped_at timestamptz,
  PRIMARY KEY (authority, lesson),
  FOREIGN KEY (authority, by) REFERENCES account
);
-- People's names as their records give them, for searching: filled by search_people() up to the newest record.
CREATE TABLE person_name (
  authority text NOT NULL,
  number bigint NOT NULL,       -- the record that says so
  subject integer NOT NULL,
  name text NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (authority, number)
);
CREATE INDEX person_name_words ON person_name USING gin (words);
CREATE INDEX person_name_subject ON person_name (authority, subject);

-- What is worked out about a person goes with them (0006); the leaves stay.
CREATE FUNCTION forget_complaint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  DELETE FROM complaint_tie WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM complaint_head WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM complaint_draft WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM complaint_part WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM evidence_request WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM complaint_keep_back WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM complaint_bundle WHERE authority = OLD.authority AND subject = OLD.subject;
  DELETE FROM person_name WHERE authority = OLD.authority AND subject = OLD.subject;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_complaint AFTER DELETE ON subject FOR EACH ROW EXECUTE FUNCTION forget_complaint();

-- The complaints assigned to whoever asks, about whom records are held.
CREATE FUNCTION my_cases() RETURNS TABLE (reference text, subject integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT s.reference, i.subject FROM actor() a JOIN assignment s USING (authority, account)
    JOIN identifier i ON i.authority = a.authority AND i.scheme = 'case' AND i.value = s.reference
  WHERE s.kind = 'complaint' AND 'complaints-officer' = ANY (a.roles) $$;
-- Those of them whose person's record is open to them: only then is there anything to read or to write of what people said.
CREATE FUNCTION open_cases() RETURNS TABLE (reference text, subject integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT m.reference, m.subject FROM my_cases() m WHERE m.subject IN (SELECT readable_subjects()) $$;
CREATE FUNCTION open_case(of_case text) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT subject FROM open_cases() WHERE reference = of_case $$;
-- As the ledger names people.
CREATE FUNCTION acting_name() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT c.name || ' <' || c.email || '>' FROM actor() a JOIN account c USING (authority, account) $$;

-- What the register of complaints says of each (reg 17), by the records that no other has corrected: who did what when, and
-- codes. Nothing that anybody said, and no name of anybody.
CREATE FUNCTION acts_of_cases(council text, cases text[]) RETURNS TABLE (reference text, subject integer, number bigint, ordinal smallint, id text,
    received_on date, act text, first date, last date, "precision" text, until_last date, performer text, performer_name text, attributes jsonb)
  LANGUAGE sql STABLE SET search_path = answerable, pg_temp AS $$
  SELECT i.value, i.subject, r.number, e.ordinal, r.id, r.received_on, e.act, e.first, e.last, e.precision::text, e.until_last,
    o.scheme || ':' || o.code, o.name,
    (SELECT coalesce(jsonb_object_agg(a.key, a.value), '{}') FROM jsonb_each(e.attributes::jsonb) a WHERE a.key IN ('from', 'oral', 'concerns', 'about', 'lead',
      'how', 'may-act', 'to', 'consent', 'received-by-them', 'offered', 'answer-by', 'refused-because', 'told', 'agreed', 'response-parts', 'signed-by',
      'fault-admitted', 'escalated-by', 'outcome', 'heads-outcome', 'body', 'their-reference', 'due', 'extended-to', 'asked', 'enquiry-kind', 'form',
      'amount', 'proof', 'proof-sent', 'satisfied', 'kind', 'for'))
  FROM identifier i JOIN record r ON r.authority = i.authority AND r.subject = i.subject AND r.kind IN ('complaint', 'ombudsman', 'remedy')
    JOIN entry e ON e.authority = r.authority AND e.number = r.number
    JOIN organisation o ON o.authority = e.authority AND o.organisation = e.performer
  WHERE i.authority = council AND i.scheme = 'case' AND i.value = ANY (cases) AND e.attributes::jsonb->>'case' = i.value
    AND NOT EXISTS (SELECT FROM record c WHERE c.authority = r.authority AND c.subject = r.subject AND c.corrects = r.number
      AND c.kind IN ('complaint', 'ombudsman', 'remedy')) $$;
-- Of those assigned to whoever asks; with a reference, of that one.
CREATE FUNCTION complaint_acts(of_case text) RETURNS TABLE (reference text, subject integer, number bigint, ordinal smallint, id text,
    received_on date, act text, first date, last date, "precision" text, until_last date, performer text, performer_name text, attributes jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT t.* FROM acts_of_cases((SELECT acting_council()), ARRAY(SELECT m.reference FROM my_cases() m WHERE of_case IS NULL OR m.reference = of_case)) t $$;
-- Of all the council's, for its yearly report: without reference and without whom they are about.
CREATE FUNCTION complaints_told() RETURNS TABLE (complaint bigint, act text, first date, last date, performer text, attributes jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT dense_rank() OVER (ORDER BY t.reference), t.act, t.first, t.last, t.performer, t.attributes - 'their-reference'
  FROM acts_of_cases((SELECT acting_council()), ARRAY(SELECT value FROM identifier WHERE authority = (SELECT acting_council()) AND scheme = 'case')) t
  WHERE acts_as('complaints-officer', 'auditor', 'guardian') $$;
-- Complaints that nobody handles and nobody has closed, the newest first: their reference, and when word of them came.
CREATE FUNCTION unassigned_complaints() RETURNS TABLE (reference text, received_on date, sender text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT i.value, r.received_on, o.name FROM identifier i JOIN record r ON r.authority = i.authority AND r.number = i.number
    JOIN organisation o ON o.authority = r.authority AND o.organisation = r.sender
  WHERE acts_as('guardian', 'administrator', 'complaints-officer') AND i.authority = (SELECT acting_council()) AND i.scheme = 'case'
    AND NOT EXISTS (SELECT FROM assignment s WHERE s.authority = i.authority AND s.kind = 'complaint' AND s.reference = i.value)
    AND NOT EXISTS (SELECT FROM record c JOIN entry e ON e.authority = c.authority AND e.number = c.number
      WHERE c.authority = i.authority AND c.subject = i.subject AND c.kind IN ('complaint', 'ombudsman', 'remedy') AND e.act IN ('complaint.closed', 'complaint.withdrawn')
        AND e.attributes::jsonb->>'case' = i.value)
  ORDER BY i.number DESC $$;
-- Whoever registers a complaint handles it until somebody else is given it: one that came in just now and that nobody has.
CREATE FUNCTION take_registered(of_case text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH taken AS (
    INSERT INTO assignment (authority, account, kind, reference)
    SELECT a.authority, a.account, 'complaint', i.value FROM actor() a JOIN identifier i ON i.authority = a.authority AND i.scheme = 'case' AND i.value = of_case
      JOIN record r ON r.authority = i.authority AND r.number = i.number JOIN submission s ON s.authority = r.authority AND s.submission = r.submission
      JOIN organisation o ON o.authority = s.authority AND o.organisation = s.sender
    WHERE 'complaints-officer' = ANY (a.roles) AND s.received_at > now() - interval '10 minutes' AND o.scheme = 'cassr' AND o.code = a.authority
      AND NOT EXISTS (SELECT FROM assignment t WHERE t.authority = a.authority AND t.kind = 'complaint' AND t.reference = of_case)
    RETURNING 1)
  SELECT EXISTS (SELECT FROM taken) $$;

-- Each does nothing, and says so with NULL or false, when the complaint is not open to whoever asks.
CREATE FUNCTION add_head(of_case text, its_words text) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  INSERT INTO complaint_head (authority, reference, head, subject, words, by)
  SELECT a.authority, of_case, (SELECT coalesce(max(h.head), 0) + 1 FROM complaint_head h WHERE h.authority = a.authority AND h.reference = of_case),
    open_case(of_case), its_words, a.account FROM actor() a WHERE open_case(of_case) IS NOT NULL
  RETURNING head $$;
CREATE FUNCTION drop_head(of_case text, which integer) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH dropped AS (UPDATE complaint_head h SET dropped_at = now() FROM actor() a WHERE h.authority = a.authority AND h.reference = of_case
    AND h.head = which AND h.dropped_at IS NULL AND open_case(of_case) IS NOT NULL RETURNING 1)
  SELECT EXISTS (SELECT FROM dropped) $$;
CREATE FUNCTION tie_head(of_case text, which integer, to_what text, its_about text) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH tied AS (
    INSERT INTO complaint_tie (authority, reference, head, what, about, subject, by)
    SELECT h.authority, h.reference, h.head, to_what, its_about, h.subject, a.account FROM actor() a JOIN complaint_head h USING (authority)
    WHERE h.reference = of_case AND h.head = which AND h.dropped_at IS NULL AND open_case(of_case) IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT EXISTS (SELECT FROM tied) $$;
CREATE FUNCTION untie_head(of_case text, which integer, from_what text, its_about text) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH untied AS (DELETE FROM complaint_tie t USING actor() a WHERE t.authority = a.authority AND t.reference = of_case AND t.head = which
    AND t.what = from_what AND t.about = its_about AND open_case(of_case) IS NOT NULL RETURNING 1)
  SELECT EXISTS (SELECT FROM untied) $$;
CREATE FUNCTION write_draft(of_case text, its_piece text, its_words text) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  INSERT INTO complaint_draft (authority, reference, piece, ordinal, subject, words, by)
  SELECT a.authority, of_case, its_piece,
    (SELECT coalesce(max(d.ordinal), 0) + 1 FROM complaint_draft d WHERE d.authority = a.authority AND d.reference = of_case AND d.piece = its_piece),
    open_case(of_case), its_words, a.account FROM actor() a WHERE open_case(of_case) IS NOT NULL
  RETURNING ordinal $$;
CREATE FUNCTION ask_part(of_case text, of_body text, its_words text, its_due date) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  INSERT INTO complaint_part (authority, reference, subject, body, words, due, by, event)
  SELECT a.authority, of_case, open_case(of_case), of_body, its_words, its_due, a.account,
    append_event(a.authority, 'complaint-part', open_case(of_case),
      json_build_object('case', of_case, 'to', of_body, 'words', its_words, 'due', its_due, 'by', acting_name())::text)
  FROM actor() a WHERE open_case(of_case) IS NOT NULL
  RETURNING part $$;
-- The body that was asked answers, once.
CREATE FUNCTION reply_part(which bigint, its_words text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH replied AS (
    UPDATE complaint_part p SET reply = its_words, replied_by = a.account, replied_at = now(),
      reply_event = append_event(p.authority, 'complaint-part', p.subject,
        json_build_object('case', p.reference, 'answers', p.event, 'words', its_words, 'by', acting_name())::text)
    FROM actor() a WHERE p.authority = a.authority AND p.part = which AND p.reply IS NULL AND p.body = a.organisation
      AND 'provider-manager' = ANY (a.roles) RETURNING 1)
  SELECT EXISTS (SELECT FROM replied) $$;
CREATE FUNCTION ask_evidence(its_words text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  INSERT INTO evidence_request (authority, reference, subject, words, by, event)
  SELECT a.authority, r.case_reference, i.subject, its_words, a.account,
    append_event(a.authority, 'evidence-request', i.subject, json_build_object('case', r.case_reference, 'words', its_words, 'by', acting_name())::text)
  FROM actor() a JOIN account_role r USING (authority, account) JOIN identifier i ON i.authority = a.authority AND i.scheme = 'case' AND i.value = r.case_reference
  WHERE r.role = 'outside-reader' AND 'outside-reader' = ANY (a.roles)
  RETURNING request $$;
CREATE FUNCTION answer_evidence(which bigint, its_words text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH answered AS (
    UPDATE evidence_request q SET answer = its_words, answered_by = a.account, answered_at = now(),
      answer_event = append_event(q.authority, 'evidence-request', q.subject,
        json_build_object('case', q.reference, 'answers', q.event, 'words', its_words, 'by', acting_name())::text)
    FROM actor() a WHERE q.authority = a.authority AND q.request = which AND q.answer IS NULL
      AND q.reference IN (SELECT reference FROM my_cases()) RETURNING 1)
  SELECT EXISTS (SELECT FROM answered) $$;
CREATE FUNCTION keep_back(of_case text, its_what text, its_sender text, its_id text, its_path text, its_name text, its_reason text) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  INSERT INTO complaint_keep_back (authority, reference, subject, what, sender, id, path, name, reason, by)
  SELECT a.authority, of_case, open_case(of_case), its_what, its_sender, its_id, its_path, its_name, its_reason, a.account
  FROM actor() a WHERE open_case(of_case) IS NOT NULL
  RETURNING item $$;
CREATE FUNCTION show_again(of_case text, which bigint) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH shown AS (UPDATE complaint_keep_back k SET dropped_at = now() FROM actor() a WHERE k.authority = a.authority AND k.reference = of_case
    AND k.item = which AND k.dropped_at IS NULL AND open_case(of_case) IS NOT NULL RETURNING 1)
  SELECT EXISTS (SELECT FROM shown) $$;
-- Puts a bundle that was made on the ledger, once an approval; false when none stands for it. The approval is used up by the
-- same transaction (0012).
CREATE FUNCTION note_bundle(which bigint, its_number text, of_ledger integer, its_size bigint, its_as_of date, its_made_for text, its_tagmanifest bytea,
    its_origin text, its_exhibits bigint, its_redacted bigint) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH made AS (
    INSERT INTO complaint_bundle (authority, approval, reference, subject, number, ledger, size, as_of, made_for, tagmanifest, event)
    SELECT p.authority, p.approval, p.about, p.subject, its_number, of_ledger, its_size, its_as_of, its_made_for, its_tagmanifest,
      append_event(p.authority, 'bundle', p.subject, json_build_object('bundle', its_number, 'by', its_made_for, 'purpose', 'complaint', 'case', p.about,
        'as_of', its_as_of, 'origin', its_origin, 'size', its_size, 'exhibits', its_exhibits, 'redacted', its_redacted, 'approval', p.approval,
        'approved_by', (SELECT d.name || ' <' || d.email || '>' FROM account d WHERE d.authority = p.authority AND d.account = p.decided_by),
        'tagmanifest_sha256', encode(its_tagmanifest, 'hex'))::text)
    FROM actor() a JOIN approval p USING (authority)
    WHERE p.approval = which AND p.what = 'bundle' AND p.decision = 'approved' AND p.subject = open_case(p.about)
      AND NOT EXISTS (SELECT FROM complaint_bundle b WHERE b.authority = p.authority AND b.approval = p.approval)
    RETURNING 1)
  SELECT EXISTS (SELECT FROM made) $$;
CREATE FUNCTION add_lesson(of_year integer, its_kind text, its_words text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  INSERT INTO complaint_lesson (authority, year, kind, words, by) SELECT a.authority, of_year, its_kind, its_words, a.account FROM actor() a
  WHERE 'complaints-officer' = ANY (a.roles) RETURNING lesson $$;
CREATE FUNCTION drop_lesson(which bigint) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH dropped AS (UPDATE complaint_lesson l SET dropped_at = now() FROM actor() a WHERE l.authority = a.authority AND l.lesson = which
    AND l.dropped_at IS NULL AND 'complaints-officer' = ANY (a.roles) RETURNING 1)
  SELECT EXISTS (SELECT FROM dropped) $$;

-- People whose name has a word that begins with each of the words, and whom the searcher may open: a handful, by name, out of
-- the first two hundred who are called so. Names that came since the last search are read out of their records first.
CREATE FUNCTION search_people(sought text) RETURNS TABLE (subject integer, name text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE council text := acting_council(); wanted tsquery; everybody boolean := acts_as('complaints-officer', 'auditor', 'guardian');
BEGIN
  IF NOT acts_as('contract-monitoring-officer', 'complaints-officer', 'auditor', 'guardian', 'outside-reader') THEN RETURN; END IF;
  SELECT string_agg(quote_literal(w.word) || ':*', ' & ')::tsquery INTO wanted
    FROM regexp_split_to_table(lower(sought), '[^[:alnum:]]+') w (word) WHERE w.word <> '';
  IF wanted IS NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('answerable.person_name'), hashtext(council));
  INSERT INTO person_name (authority, number, subject, name, words)
    SELECT council, r.number, r.subject, n.name, to_tsvector('simple', regexp_replace(n.name, '[^[:alnum:]]+', ' ', 'g'))
    FROM record r JOIN record_body b ON b.authority = r.authority AND b.number = r.number
      CROSS JOIN LATERAL (SELECT replace(replace(replace(replace(replace(coalesce(
        substring(convert_from(b.body, 'UTF8') FROM '<(?:[[:alnum:]_.-]+:)?name(?:\s[^>]*)?>([^<]*)<'), ''),
        '&lt;', '<'), '&gt;', '>'), '&apos;', ''''), '&quot;', '"'), '&amp;', '&') AS name) n
    WHERE r.authority = council AND r.kind = 'person' AND r.subject <> 0
      AND r.number > (SELECT coalesce(max(p.number), -1) FROM person_name p WHERE p.authority = council);
  RETURN QUERY SELECT f.subject, f.name FROM (
    SELECT DISTINCT p.name, p.subject FROM person_name p WHERE p.authority = council AND p.words @@ wanted ORDER BY p.name, p.subject LIMIT 200) f
    WHERE everybody OR may_open(f.subject, 'complaint') OR may_open(f.subject, 'monitoring') OR may_open(f.subject, 'audit')
    ORDER BY f.name, f.subject LIMIT 26;
END $$;

-- Everything is shut, and the programs are let in (0007).
DO $$ DECLARE t text; own text := 'authority = (SELECT acting_council()) AND '; BEGIN
  FOREACH t IN ARRAY ARRAY['complaint_head', 'complaint_tie', 'complaint_draft', 'complaint_part', 'evidence_request', 'complaint_keep_back',
      'complaint_bundle', 'complaint_lesson', 'person_name'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY programs ON %I TO answerable_desk USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT ON %I TO answerable_desk', t);
    CONTINUE WHEN t = 'person_name';  -- by search_people() alone
    EXECUTE format('GRANT SELECT ON %I TO answerable_reports', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['complaint_head', 'complaint_tie', 'complaint_draft', 'complaint_keep_back', 'complaint_bundle'] LOOP
    EXECUTE format('CREATE POLICY reader ON %I FOR SELECT TO answerable_reports USING (%s reference IN (SELECT o.reference FROM open_cases() o))', t, own);
  END LOOP;
END $$;
CREATE POLICY reader ON complaint_part FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (reference IN (SELECT o.reference FROM open_cases() o) OR (body = (SELECT acting_provider()) AND (SELECT acts_as('provider-manager')))));
CREATE POLICY reader ON evidence_request FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (by = (SELECT acting_account()) OR reference IN (SELECT m.reference FROM my_cases() m)));
CREATE POLICY reader ON complaint_lesson FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND (SELECT acts_as('complaints-officer', 'auditor', 'guardian')));
-- A bundle holds the receipts of the files its records came in.
CREATE POLICY bundle ON receipt_proof FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND submission IN (SELECT readable_submissions()));

REVOKE ALL ON FUNCTION forget_complaint(), my_cases(), open_cases(), open_case(text), acting_name(), acts_of_cases(text, text[]), complaint_acts(text), complaints_told(),
  unassigned_complaints(), take_registered(text), add_head(text, text), drop_head(text, integer), tie_head(text, integer, text, text),
  untie_head(text, integer, text, text), write_draft(text, text, text), ask_part(text, text, text, date), reply_part(bigint, text), ask_evidence(text),
  answer_evidence(bigint, text), keep_back(text, text, text, text, text, text, text), show_again(text, bigint),
  note_bundle(bigint, text, integer, bigint, date, text, bytea, text, bigint, bigint), add_lesson(integer, text, text), drop_lesson(bigint), search_people(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_cases(), open_cases(), complaint_acts(text), complaints_told(), unassigned_complaints(), take_registered(text),
  add_head(text, text), drop_head(text, integer), tie_head(text, integer, text, text), untie_head(text, integer, text, text),
  write_draft(text, text, text), ask_part(text, text, text, date), reply_part(bigint, text), ask_evidence(text), answer_evidence(bigint, text),
  keep_back(text, text, text, text, text, text, text), show_again(text, bigint),
  note_bundle(bigint, text, integer, bigint, date, text, bytea, text, bigint, bigint), add_lesson(integer, text, text), drop_lesson(bigint),
  search_people(text) TO answerable_reports;
