-- What providers and trusts do on their own pages: who sent what from them, held records that were mended, receipts to keep.
SET LOCAL search_path TO answerable;

DO $$ DECLARE kinds text := (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = 'event'::regclass AND conname = 'event_kind_check'); BEGIN
  ALTER TABLE event DROP CONSTRAINT event_kind_check;
  EXECUTE format('ALTER TABLE event ADD CONSTRAINT event_kind_check CHECK (%s OR kind = ''sending'')', kinds);
END $$;

-- Submissions that were sent from a page, and by whom. Others were sent by machines.
CREATE TABLE page_sending (
  authority text NOT NULL REFERENCES authority,
  submission bigint NOT NULL,
  account integer NOT NULL,
  mends bigint,                 -- the held record that it mends
  event bigint NOT NULL,        -- its leaf
  PRIMARY KEY (authority, submission),
  FOREIGN KEY (authority, submission) REFERENCES submission,
  FOREIGN KEY (authority, account) REFERENCES account
);
CREATE INDEX page_sending_mends ON page_sending (authority, mends) WHERE mends IS NOT NULL;
CREATE INDEX held_record_id ON held_record (authority, id);

-- Held records and what became of them: mended by a record of the same id, or by what a page says mends it; or held again.
CREATE VIEW held_state WITH (security_invoker = true) AS
  SELECT h.authority, h.held, h.submission, u.sender, coalesce(h.kind, '') AS kind, coalesce(h.id, '') AS id, h.line, u.received_at,
    h.bytes IS NULL AS erased,
    coalesce((SELECT r.submission FROM record r WHERE r.authority = h.authority AND r.sender = u.sender AND r.id = h.id),
      (SELECT min(m.submission) FROM page_sending m WHERE m.authority = h.authority AND m.mends = h.held)) AS mended_in,
    (SELECT max(l.submission) FROM held_record l JOIN submission lu USING (authority, submission)
      WHERE l.authority = h.authority AND lu.sender = u.sender AND l.id = h.id AND l.held > h.held) AS held_again_in
  FROM held_record h JOIN submission u USING (authority, submission);

-- Notes who sent a submission of their own from a page. Returns false when it is not theirs, or was noted already.
-- \param of_held  the held record that it mends: counts when all it brought was stored
CREATE FUNCTION note_sending(its_submission bigint, of_held bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; s submission; its_event bigint; mended bigint;
BEGIN
  SELECT a.authority, a.account, c.name, o.organisation AS sender INTO who FROM actor() a JOIN account c USING (authority, account)
    JOIN organisation o ON o.authority = a.authority AND o.scheme || ':' || o.code = coalesce(a.organisation, 'cassr:' || a.authority);
  SELECT * INTO s FROM submission u WHERE u.authority = who.authority AND u.submission = its_submission AND u.sender = who.sender;
  IF s.submission IS NULL OR EXISTS (SELECT FROM page_sending p WHERE p.authority = s.authority AND p.submission = s.submission) THEN RETURN false; END IF;
  SELECT h.held INTO mended FROM held_record h JOIN submission u USING (authority, submission)
    WHERE h.authority = s.authority AND h.held = of_held AND u.sender = s.sender AND s.stored > 0 AND s.held = 0;
  its_event := append_event(s.authority, 'sending', NULL, json_build_object('submission', s.submission, 'mends', mended, 'by', who.name)::text);
  INSERT INTO page_sending (authority, submission, account, mends, event) VALUES (s.authority, s.submission, who.account, mended, its_event);
  RETURN true;
END $$;

-- The agreements to which whoever a transaction acts for is a party: told to them, although the council sent them.
CREATE FUNCTION agreements_with_me() RETURNS TABLE (reference text, type text, functions text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT DISTINCT ON (i.value) i.value, coalesce(e.attributes::json->>'type', ''), coalesce(e.attributes::json->>'functions', '')
  FROM actor() a JOIN identifier i ON i.authority = a.authority AND i.scheme = 'agreement'
    JOIN record r ON r.authority = i.authority AND r.subject = i.subject AND r.kind = 'agreement'
    JOIN entry e ON e.authority = r.authority AND e.number = r.number AND e.act = 'agreement.made'
  WHERE a.organisation = ANY (string_to_array(e.attributes::json->>'party', ' ')) ORDER BY i.value, r.number DESC $$;

-- Duties of whoever a transaction acts for whose day comes until then. A person is named only as they themselves named them.
CREATE FUNCTION coming_up(until date) RETURNS TABLE (finding bigint, due date, rule text, person text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT o.finding, o.due, o.rule, (SELECT split_part(i.value, '/', 2) FROM identifier i WHERE i.authority = o.authority AND i.subject = o.subject
    AND i.scheme = 'sender' AND split_part(i.value, '/', 1) = o.actor ORDER BY i.number LIMIT 1)
  FROM actor() a JOIN open_finding o ON o.authority = a.authority AND o.actor = a.organisation
  WHERE o.outcome = 'pending' AND o.due BETWEEN (now() AT TIME ZONE 'Europe/London')::date AND until ORDER BY o.due, o.finding $$;

ALTER TABLE page_sending ENABLE ROW LEVEL SECURITY;
ALTER TABLE page_sending FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON page_sending TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY programs ON page_sending TO answerable_audit, answerable_desk USING (true) WITH CHECK (true);
CREATE POLICY reader ON page_sending FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND EXISTS (SELECT FROM submission s WHERE s.authority = page_sending.authority AND s.submission = page_sending.submission));
-- The place of one's own submissions in the ledger: a receipt to keep is made of it.
CREATE POLICY sender ON to_ledger FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council()) AND kind = 'submission'
  AND EXISTS (SELECT FROM submission s WHERE s.authority = to_ledger.authority AND s.submission = to_ledger.key AND s.sender = (SELECT acting_sender())));
CREATE POLICY sender ON ledger_segment FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council())
  AND EXISTS (SELECT FROM to_ledger t WHERE t.authority = ledger_segment.authority AND t.place = ledger_segment.place));
CREATE POLICY sender ON cosignature FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council()) AND (SELECT acting_sender()) IS NOT NULL);
CREATE POLICY sender ON ledger FOR SELECT TO answerable_reports USING (authority = (SELECT acting_council()) AND (SELECT acting_sender()) IS NOT NULL);

GRANT SELECT ON page_sending, held_state TO answerable_reports, answerable_desk;
REVOKE ALL ON FUNCTION note_sending(bigint, bigint), agreements_with_me(), coming_up(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_sending(bigint, bigint), agreements_with_me(), coming_up(date) TO answerable_reports;
