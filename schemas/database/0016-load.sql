-- What pages and audits ask of a large council is found without looking through everything.
SET LOCAL search_path TO answerable;

-- Measures ask whether a record was corrected since, and for the acts named here. Few rows are in these indexes, so intake
-- hardly pays for them; without the first, a server that has not counted its rows yet compares every record with every other.
CREATE INDEX record_corrects ON record (authority, corrects) WHERE corrects IS NOT NULL;
CREATE INDEX entry_measured ON entry (authority, act, number) WHERE act IN ('review.completed', 'document.created');

-- An audit tells how all findings stand: as follow_run() counted them.
GRANT SELECT ON finding_tally TO answerable_audit;

-- Counts anew what has grown by a tenth, as autovacuum does within some minutes: after a large intake or audit the server would
-- else go on as if its tables were nearly empty, and compare everything with everything.
CREATE FUNCTION count_rows() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE grown regclass;
BEGIN
  FOR grown IN SELECT s.relid FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
      WHERE s.schemaname = 'answerable' AND s.n_mod_since_analyze > 1000 + c.reltuples / 10 ORDER BY s.relid LOOP
    EXECUTE format('ANALYZE %s', grown);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION count_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_rows() TO answerable_audit;

-- By whom: pages ask for a person's numbers, and for those of each finding that is shown.
CREATE INDEX identifier_subject ON identifier (authority, subject);
-- What was asked of organisations, among everything that was ever read or done.
CREATE INDEX event_reminder ON event (authority, event) WHERE kind = 'reminder';

-- The records that say of somebody else that this person is their carer, advocate or representative. Numbers alone: what stands
-- behind them is for the records' own policy. Here, since an index on what a record says is not used below a policy.
CREATE INDEX entry_relationship ON entry (authority, (attributes::jsonb->>'other')) WHERE act = 'relationship.started';
CREATE FUNCTION relations_naming(council text, of_subject integer, known_at bigint) RETURNS TABLE (number bigint)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = answerable, pg_temp AS $$
  SELECT DISTINCT e.number FROM identifier i JOIN entry e ON e.authority = i.authority AND e.act = 'relationship.started'
    AND e.attributes::jsonb->>'other' = ANY (ARRAY[i.scheme || ':' || i.value, i.scheme || ':' || substr(i.value, strpos(i.value, '/') + 1)])
  WHERE i.authority = council AND i.subject = of_subject AND i.scheme IN ('nhs-number', 'council', 'sender') AND e.number < known_at
    AND council = coalesce(acting_council(), council) $$;
REVOKE ALL ON FUNCTION relations_naming(text, integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relations_naming(text, integer, bigint) TO answerable_reports, answerable_desk;

-- A finding that something is still wanted for: neither set aside as it stands nor explained.
CREATE FUNCTION finding_wanted(council text, number bigint, of_actor text) RETURNS SETOF open_finding
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = answerable, pg_temp AS $$
  SELECT o.* FROM open_finding o WHERE o.authority = council AND o.finding = number AND o.actor = of_actor AND o.outcome <> 'pending'
    AND NOT set_aside_now(o.authority, o.finding, o.outcome) AND NOT EXISTS (
      SELECT FROM request q JOIN request_reply p USING (authority, request)
      WHERE q.authority = o.authority AND q.finding = o.finding AND q.asked_of = o.actor AND p.decision = 'accepted') $$;
-- What wanted() tells (0009), page by page, the earliest due first, with how much there is in all and how much of it is overdue.
-- What is due when is gone through; sentences, people and when they were asked are looked up for the page alone.
-- \param of_what  '' for everything
CREATE FUNCTION wanted_page(of_what text, today date, skip bigint, most bigint) RETURNS TABLE (what text, reference text, rule text, outcome text,
    sentence text, person text, due date, asked_on date, total bigint, overdue bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH me AS MATERIALIZED (
    SELECT a.authority, coalesce(a.organisation, 'cassr:' || a.authority) AS key, o.organisation AS sender
    FROM actor() a LEFT JOIN organisation o ON o.authority = a.authority
      AND o.scheme || ':' || o.code = coalesce(a.organisation, 'cassr:' || a.authority)),
  asked AS MATERIALIZED (
    SELECT e.event, e.content::json->>'finding' AS finding, e.content::json->>'about' AS about, (e.content::json->>'sent')::date AS sent,
      e.content::json->>'request' AS request
    FROM me JOIN event e USING (authority) WHERE e.kind = 'reminder' AND e.content IS NOT NULL AND e.content::json->>'to' = me.key),
  decided AS (SELECT DISTINCT ON (d.finding) d.finding, d.decision, d.until, d.outcome FROM me JOIN finding_decision d USING (authority)
    ORDER BY d.finding, d.ordinal DESC),
  every AS (
    SELECT 'finding' AS what, o.finding, NULL AS reference, o.due, NULL AS about, NULL::date AS asked_on, NULL AS person
    FROM me JOIN open_finding o ON o.authority = me.authority AND o.actor = me.key
    WHERE of_what IN ('', 'finding') AND o.outcome <> 'pending'
      AND (o.finding, o.outcome) NOT IN (SELECT d.finding, d.outcome FROM decided d WHERE d.decision = 'set-aside'
        AND (d.until IS NULL OR d.until >= (now() AT TIME ZONE 'Europe/London')::date))
      AND o.finding NOT IN (SELECT q.finding FROM me JOIN request q ON q.authority = me.authority AND q.asked_of = me.key
        JOIN request_reply p ON p.authority = q.authority AND p.request = q.request WHERE q.finding IS NOT NULL AND p.decision = 'accepted')
    UNION ALL
    SELECT 'request', q.finding, q.request::text, q.until, q.what, (q.asked_at AT TIME ZONE 'Europe/London')::date, NULL
    FROM me JOIN request q ON q.authority = me.authority AND q.asked_of = me.key
    WHERE of_what IN ('', 'request') AND (q.finding IS NULL OR EXISTS (SELECT FROM finding_wanted(q.authority, q.finding, me.key)))
      AND NOT EXISTS (SELECT FROM request_reply p WHERE p.authority = q.authority AND p.request = q.request AND p.decision IS DISTINCT FROM 'not-accepted')
    UNION ALL
    SELECT 'action', n.finding, n.plan || '/' || n.ordinal, n.until, n.what, (p.sent_at AT TIME ZONE 'Europe/London')::date, NULL
    FROM me JOIN action_plan p ON p.authority = me.authority AND p.asked_of = me.key AND p.sent_at IS NOT NULL
      JOIN action n ON n.authority = p.authority AND n.plan = p.plan
    WHERE of_what IN ('', 'action') AND EXISTS (SELECT FROM finding_wanted(n.authority, n.finding, me.key))
    UNION ALL
    SELECT 'held-record', NULL, h.held::text, NULL, 'It was held: mend it and send it again.', u.received_at::date, h.id
    FROM me JOIN submission u ON u.authority = me.authority AND u.sender = me.sender
      JOIN held_record h ON h.authority = u.authority AND h.submission = u.submission
    WHERE of_what IN ('', 'held-record') AND h.bytes IS NOT NULL
      AND NOT EXISTS (SELECT FROM record r WHERE r.authority = h.authority AND r.sender = u.sender AND r.id = h.id)
      AND NOT EXISTS (SELECT FROM held_record l JOIN submission lu USING (authority, submission)
        WHERE l.authority = h.authority AND lu.sender = u.sender AND l.id = h.id AND l.held > h.held)
    UNION ALL
    SELECT 'asked-for', NULL, q.event::text, NULL, q.about, q.sent, NULL FROM asked q
    WHERE of_what IN ('', 'asked-for') AND q.finding IS NULL AND q.request IS NULL),
  page AS (
    SELECT w.*, count(*) OVER () AS total, count(*) FILTER (WHERE w.due < today) OVER () AS overdue FROM every w
    ORDER BY w.due NULLS LAST, w.what, w.reference, w.finding OFFSET skip LIMIT most)
  SELECT w.what, coalesce(w.reference, finding_name(w.finding)), o.rule, o.outcome,
    CASE WHEN w.what = 'finding' THEN (SELECT s.sentence FROM finding_step s WHERE s.authority = o.authority AND s.finding = o.finding AND s.run = o.run)
      ELSE w.about END,
    coalesce(w.person, (SELECT split_part(i.value, '/', 2) FROM identifier i WHERE i.authority = o.authority AND i.subject = o.subject AND i.scheme = 'sender'
      AND split_part(i.value, '/', 1) = me.key ORDER BY i.number LIMIT 1)),
    w.due,
    CASE WHEN w.what = 'finding' THEN greatest((SELECT max(q.sent) FROM asked q WHERE q.finding = finding_name(w.finding)),
      (SELECT max(q.asked_at AT TIME ZONE 'Europe/London')::date FROM request q WHERE q.authority = o.authority AND q.finding = o.finding AND q.asked_of = me.key))
      ELSE w.asked_on END,
    w.total, w.overdue
  FROM page w CROSS JOIN me LEFT JOIN LATERAL (SELECT f.* FROM open_finding f WHERE f.authority = me.authority AND f.finding = w.finding OFFSET 0) o ON true
  ORDER BY w.due NULLS LAST, w.what, w.reference, w.finding $$;
CREATE OR REPLACE FUNCTION wanted() RETURNS TABLE (what text, reference text, rule text, outcome text, sentence text, person text, due date, asked_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT p.what, p.reference, p.rule, p.outcome, p.sentence, p.person, p.due, p.asked_on FROM wanted_page('', NULL, 0, NULL) p $$;
REVOKE ALL ON FUNCTION finding_wanted(text, bigint, text), wanted_page(text, date, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wanted_page(text, date, bigint, bigint) TO answerable_reports;

-- As 0011 has it, at most so many: the people of those alone are looked up.
DROP FUNCTION coming_up(date);
CREATE FUNCTION coming_up(until date, most bigint) RETURNS TABLE (finding bigint, due date, rule text, person text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT o.finding, o.due, o.rule, (SELECT split_part(i.value, '/', 2) FROM identifier i WHERE i.authority = o.authority AND i.subject = o.subject
    AND i.scheme = 'sender' AND split_part(i.value, '/', 1) = o.actor ORDER BY i.number LIMIT 1)
  FROM (SELECT f.* FROM actor() a JOIN open_finding f ON f.authority = a.authority AND f.actor = a.organisation
    WHERE f.outcome = 'pending' AND f.due BETWEEN (now() AT TIME ZONE 'Europe/London')::date AND until ORDER BY f.due, f.finding LIMIT most) o
  ORDER BY o.due, o.finding $$;
REVOKE ALL ON FUNCTION coming_up(date, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION coming_up(date, bigint) TO answerable_reports;
