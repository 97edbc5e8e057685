-- The guardian's report of who read whom: of the same people it asks once, however often one opened them, and of a reader without
-- an account it does not ask whether they share a name.
SET LOCAL search_path TO answerable;

CREATE OR REPLACE FUNCTION reading_report(from_day date, to_day date) RETURNS TABLE (account integer, reader text, people bigint, purposes text,
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
  -- Of each whom a reader opened for a purpose, once.
  whom AS (
    SELECT r.authority, r.account, r.purpose, r.subject,
      -- Not by whom a complaint or an agreement was assigned to.
      (r.purpose = 'complaint' AND NOT EXISTS (SELECT FROM assignment s JOIN identifier i ON i.authority = s.authority AND i.scheme = 'case'
           AND i.value = s.reference WHERE s.authority = r.authority AND s.account = r.account AND s.kind = 'complaint' AND i.subject = r.subject)
         AND NOT EXISTS (SELECT FROM account_role o WHERE o.authority = r.authority AND o.account = r.account AND o.role = 'outside-reader'))
        OR (r.purpose = 'monitoring' AND NOT EXISTS (SELECT FROM assignment s WHERE s.authority = r.authority AND s.account = r.account
           AND s.kind = 'agreement' AND (s.reference = '' OR EXISTS (SELECT FROM record f WHERE f.authority = r.authority AND f.subject = r.subject
             AND f.agreement = s.reference)))) AS unassigned,
      EXISTS (SELECT FROM record f JOIN entry n USING (authority, number) WHERE f.authority = r.authority AND f.subject = r.subject
        AND f.kind = 'person' AND lower(substring(n.attributes::json->>'name' FROM '\S+$')) = lower(substring(r.name FROM '\S+$'))) AS own_surname
    FROM (SELECT DISTINCT authority, account, name, purpose, subject FROM read WHERE account IS NOT NULL AND at::date BETWEEN from_day AND to_day) r),
  told AS (
    SELECT r.*, coalesce(w.unassigned, false) AS unassigned, coalesce(w.own_surname, false) AS own_surname
    FROM read r LEFT JOIN whom w ON w.authority = r.authority AND w.account = r.account AND w.purpose = r.purpose AND w.subject = r.subject
    WHERE r.at::date BETWEEN from_day AND to_day)
  SELECT max(t.account), t.reader, count(DISTINCT t.subject),
    (SELECT json_object_agg(purpose, n)::text FROM (SELECT purpose, count(*) AS n FROM told o WHERE o.reader = t.reader GROUP BY 1 ORDER BY 1) x),
    (SELECT max(d.people) FROM day d WHERE d.reader = t.reader AND d.day BETWEEN from_day AND to_day),
    coalesce((SELECT u.people FROM usual u WHERE u.reader = t.reader), 0),
    (SELECT count(*) FROM day d JOIN usual u USING (reader) WHERE d.reader = t.reader AND d.day BETWEEN from_day AND to_day AND d.people > 3 * u.people AND d.people > 5),
    count(*) FILTER (WHERE extract(isodow FROM t.at) > 5 OR t.at::time < '08:00' OR t.at::time >= '18:00'),
    count(*) FILTER (WHERE t.unassigned),
    count(DISTINCT t.subject) FILTER (WHERE t.own_surname)
  FROM told t GROUP BY t.reader $$;
