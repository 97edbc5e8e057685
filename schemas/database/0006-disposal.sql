-- Erasure under retention: what is held about a person goes, and what the ledger says of it stays (schemas/formats/leaf.md).
-- A record that was disposed of has subject 0, which is nobody: no timeline, list or audit finds it.
SET LOCAL search_path TO answerable;

ALTER TABLE held_record ALTER COLUMN bytes DROP NOT NULL, ADD CHECK ((bytes IS NULL) = (salt IS NULL));  -- NULL: disposed of
ALTER TABLE submission_part ALTER COLUMN bytes DROP NOT NULL;
CREATE INDEX event_kind ON event (authority, kind) WHERE kind <> 'read';  -- those are many, and asked for by person

-- Legal holds that stand: nothing of the person may be disposed of.
CREATE VIEW hold AS
  SELECT authority, event AS hold, subject, at, content::json->>'by' AS by, content::json->>'reason' AS reason
  FROM event placed WHERE kind = 'hold' AND content IS NOT NULL AND content::json->>'lifts' IS NULL
    AND NOT EXISTS (SELECT FROM event lifted WHERE lifted.authority = placed.authority AND lifted.kind = 'hold'
      AND (lifted.content::json->>'lifts')::bigint = placed.event);

-- How XML that somebody sent would name the person: a pattern for its escaped bytes, and the bare number within.
CREATE FUNCTION names_of(council text, about integer) RETURNS TABLE (bare bytea, sender text, pattern text)
  LANGUAGE sql STABLE SET search_path = answerable, pg_temp AS $$
  SELECT convert_to(value, 'UTF8'), sender,
         CASE scheme WHEN 'nhs-number' THEN '>\s*' WHEN 'case' THEN '>\s*' ELSE 'scheme\s*=\s*["'']' || scheme || '["''][^<>]*>\s*' END
         || regexp_replace(encode(convert_to(value, 'UTF8'), 'escape'), '([^[:alnum:]])', '\\\1', 'g') || '\s*<'
  FROM (SELECT scheme, CASE scheme WHEN 'sender' THEN substr(value, strpos(value, '/') + 1) ELSE value END AS value,
               CASE scheme WHEN 'sender' THEN split_part(value, '/', 1) END AS sender  -- a number of their own: in what they sent
        FROM identifier WHERE authority = council AND subject = about) i $$;
CREATE FUNCTION names_person(council text, about integer, sent_by text, bytes bytea) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = answerable, pg_temp AS $$
  SELECT EXISTS (SELECT FROM names_of(council, about) n WHERE (n.sender IS NULL OR n.sender = sent_by)
    AND position(n.bare IN bytes) > 0 AND encode(bytes, 'escape') ~ n.pattern) $$;
-- Held records about the person: the first person they name. Nobody could read them, so this goes by their bytes.
CREATE FUNCTION held_about(council text, about integer) RETURNS TABLE (held bigint, submission bigint, id text)
  LANGUAGE sql STABLE SET search_path = answerable, pg_temp AS $$
  SELECT h.held, h.submission, h.id FROM held_record h JOIN submission s ON s.authority = h.authority AND s.submission = h.submission
    JOIN organisation o ON o.authority = s.authority AND o.organisation = s.sender
  WHERE h.authority = council AND names_person(council, about, o.scheme || ':' || o.code,
    convert_to(substring(encode(h.bytes, 'escape') FROM '<(?:[[:alnum:]_.-]+:)?person\s[^<>]*scheme[^<>]*>[^<]*<'), 'UTF8')) $$;
-- What was wrong with one of their records quotes it.
CREATE FUNCTION faults_about(council text, about integer) RETURNS TABLE (submission bigint, ordinal integer)
  LANGUAGE sql STABLE SET search_path = answerable, pg_temp AS $$
  SELECT f.submission, f.ordinal FROM record r JOIN submission s ON s.authority = r.authority AND s.sender = r.sender
    JOIN fault f ON f.authority = s.authority AND f.submission = s.submission AND f.record_id = r.id
  WHERE r.authority = council AND r.subject = about
  UNION
  SELECT f.submission, f.ordinal FROM held_about(council, about) h JOIN fault f ON f.authority = council AND f.submission = h.submission AND f.record_id = h.id
  WHERE h.id <> '' $$;
-- The leaves whose content is about the person.
CREATE FUNCTION leaves_about(council text, about integer) RETURNS TABLE (kind text, key bigint, finding bigint)
  LANGUAGE sql STABLE SET search_path = answerable, pg_temp AS $$
  SELECT 'record', number, 0 FROM record WHERE authority = council AND subject = about
  UNION ALL
  SELECT 'held', held, 0 FROM held_about(council, about)
  UNION ALL
  -- All faults of a file are one leaf: for somebody else it may be gone already.
  SELECT DISTINCT 'faults', f.submission, 0 FROM faults_about(council, about) f
  WHERE EXISTS (SELECT FROM submission s WHERE s.authority = council AND s.submission = f.submission AND s.faults_salt IS NOT NULL)
  UNION ALL
  SELECT 'finding', s.run, s.finding FROM finding_step s JOIN finding_current c USING (authority, finding)
  WHERE s.authority = council AND c.subject = about
  UNION ALL
  SELECT 'event', event, 0 FROM event WHERE authority = council AND subject = about $$;

-- Removes everything held about a person. `certificate` is what the ledger will say of it; the leaves, with the commitments
-- that stay of them, must be exactly those of leaves_about(). Returns the number of the event.
CREATE FUNCTION dispose(council text, about integer, certificate text, kinds text[], keys bigint[], findings bigint[], commitments bytea[])
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE its_event bigint; numbers bigint[]; found bigint[];
BEGIN
  -- Nobody audits, takes in records or gets in line until the end: what is gone through here is all there is.
  PERFORM pg_advisory_xact_lock(hashtextextended('answerable audit ' || council, 0));
  PERFORM FROM counter WHERE authority = council FOR UPDATE;
  PERFORM pg_advisory_xact_lock(hashtext('answerable.to_ledger'), hashtext(council));
  IF NOT EXISTS (SELECT FROM subject WHERE authority = council AND subject = about AND type = 'person') THEN
    RAISE EXCEPTION 'subject % of council % is no person that is held', about, council;
  END IF;
  IF EXISTS (SELECT FROM hold WHERE authority = council AND subject = about) THEN
    RAISE EXCEPTION 'a legal hold stands: nothing of this person may be disposed of';
  END IF;
  IF certificate::json->>'by' = certificate::json->>'approved_by' THEN
    RAISE EXCEPTION 'who disposes and who approves must be two people';
  END IF;
  its_event := append_event(council, 'disposal', NULL, certificate);
  INSERT INTO disposed_leaf (authority, kind, key, finding, commitment, disposal)
    SELECT council, l.kind, l.key, l.finding, l.commitment, its_event FROM unnest(kinds, keys, findings, commitments) AS l (kind, key, finding, commitment);
  IF EXISTS ((SELECT * FROM leaves_about(council, about) EXCEPT SELECT * FROM unnest(kinds, keys, findings))
             UNION ALL (SELECT * FROM unnest(kinds, keys, findings) EXCEPT SELECT * FROM leaves_about(council, about))) THEN
    RAISE EXCEPTION 'something about this person came in meanwhile: look again, and ask again';
  END IF;

  numbers := ARRAY(SELECT number FROM record WHERE authority = council AND subject = about);
  found := ARRAY(SELECT finding FROM finding_current WHERE authority = council AND subject = about);
  -- The same record sent again is kept a second time, as a part of its file.
  UPDATE submission_part p SET bytes = NULL FROM submission s
    WHERE p.authority = council AND s.authority = council AND s.submission = p.submission AND s.already_held > 0
      AND EXISTS (SELECT FROM record r JOIN record_body b USING (authority, number)
        WHERE r.authority = council AND r.subject = about AND r.sender = s.sender AND position(b.body IN p.bytes) > 0);
  UPDATE fault f SET field = '', sent = '', problem = 'What was said here has been disposed of.', expected = '', mend = ''
    FROM faults_about(council, about) a WHERE f.authority = council AND f.submission = a.submission AND f.ordinal = a.ordinal;
  UPDATE held_record h SET bytes = NULL, salt = NULL, id = NULL FROM held_about(council, about) a WHERE h.authority = council AND h.held = a.held;
  UPDATE submission s SET faults_salt = NULL
    WHERE s.authority = council AND s.submission IN (SELECT key FROM disposed_leaf d WHERE d.authority = council AND d.kind = 'faults' AND d.disposal = its_event);
  DELETE FROM evidence WHERE authority = council AND number = ANY (numbers);
  UPDATE evidence SET subject = 0 WHERE authority = council AND subject = about;  -- in records about others
  DELETE FROM entry WHERE authority = council AND number = ANY (numbers);
  DELETE FROM record_body WHERE authority = council AND number = ANY (numbers);
  UPDATE record SET subject = 0, worker = NULL, role = NULL, source = NULL, recorded_first = NULL, recorded_last = NULL, recorded_precision = NULL
    WHERE authority = council AND number = ANY (numbers);
  DELETE FROM finding_decision WHERE authority = council AND finding = ANY (found);
  DELETE FROM finding_step WHERE authority = council AND finding = ANY (found);
  DELETE FROM finding_current WHERE authority = council AND finding = ANY (found);
  DELETE FROM subject_judged WHERE authority = council AND subject = about;
  DELETE FROM mark WHERE authority = council AND subject = about;
  UPDATE event SET content = NULL, salt = NULL, subject = NULL WHERE authority = council AND subject = about;
  DELETE FROM identifier WHERE authority = council AND subject = about;
  DELETE FROM subject WHERE authority = council AND subject = about;
  RETURN its_event;
END $$;

GRANT SELECT ON hold TO answerable_audit, answerable_reports;
GRANT SELECT ON disposed_leaf TO answerable_ingest;
GRANT SELECT (authority, event, kind, at) ON event TO answerable_ingest;
REVOKE ALL ON FUNCTION dispose(text, integer, text, text[], bigint[], bigint[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispose(text, integer, text, text[], bigint[], bigint[], bytea[]) TO answerable_audit;
