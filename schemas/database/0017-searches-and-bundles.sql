-- The words that somebody searched records for are theirs or a third person's as often as the person's whose record holds them:
-- a name, an illness. What is kept of a search for good is who searched, when, for what purpose and reference, and whom it found.
SET LOCAL search_path TO answerable;

-- An outside reader's one person is looked through, not what everybody's records say.
CREATE INDEX record_words_subject ON record_words (authority, subject);

-- As 0015 has it, but for the words in the event; and bounded: of whoever monitors some agreements alone, at most 20,000
-- records are looked at. Words that more hold are refused with program_limit_exceeded, and nobody is read.
CREATE OR REPLACE FUNCTION search_words(sought text, why text, reference text) RETURNS TABLE (subject integer, scheme text, value text, kind text, id text,
    sender text, received_on date)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
DECLARE who record; wanted tsquery := websearch_to_tsquery('english', sought); everywhere boolean; most bigint := 500;
BEGIN
  SELECT a.authority, a.roles, c.name, c.email INTO who FROM actor() a JOIN account c USING (authority, account);
  IF who.authority IS NULL OR NOT coalesce(opens_for(who.roles, why), false) OR numnode(wanted) = 0 THEN RETURN; END IF;
  everywhere := why <> 'monitoring' OR 'guardian' = ANY (who.roles) OR '' IN (SELECT monitored_agreements());
  IF NOT everywhere THEN
    most := 20000;
    IF (SELECT count(*) > most FROM (SELECT FROM record_words w WHERE w.authority = who.authority AND w.words @@ wanted LIMIT most + 1) c) THEN
      RAISE program_limit_exceeded USING MESSAGE = 'more than 20,000 records hold these words';
    END IF;
  END IF;
  RETURN QUERY WITH held AS MATERIALIZED (
      SELECT w.number, w.subject FROM (
        SELECT w.number, w.subject FROM record_words w WHERE w.authority = who.authority AND w.words @@ wanted
          AND 'outside-reader' <> ALL (who.roles) LIMIT most) w
        WHERE everywhere OR EXISTS (SELECT FROM record r WHERE r.authority = who.authority AND r.number = w.number
          AND r.agreement IN (SELECT monitored_agreements()))
      UNION ALL SELECT w.number, w.subject FROM (SELECT DISTINCT c FROM case_subjects() c) s(one) JOIN record_words w ON w.authority = who.authority AND w.subject = s.one
        WHERE 'outside-reader' = ANY (who.roles) AND w.words @@ wanted
      LIMIT 500),
    people AS MATERIALIZED (SELECT h.subject FROM held h GROUP BY h.subject ORDER BY max(h.number) DESC LIMIT 20),
    read AS MATERIALIZED (SELECT p.subject, append_event(who.authority, 'read', p.subject, json_build_object('by',
      who.name || ' <' || who.email || '>', 'purpose', why, 'what', 'found by words', 'reference', reference)::text) FROM people p)
    SELECT r.subject, i.scheme, i.value, r.kind, r.id, o.name, r.received_on FROM held h JOIN read d USING (subject)
      JOIN record r ON r.authority = who.authority AND r.number = h.number
      JOIN organisation o ON o.authority = r.authority AND o.organisation = r.sender
      CROSS JOIN LATERAL (SELECT n.scheme, n.value FROM identifier n WHERE n.authority = r.authority AND n.subject = r.subject
        ORDER BY n.scheme = 'nhs-number' DESC, n.scheme = 'council' DESC, n.scheme, n.value LIMIT 1) i
    ORDER BY r.subject, r.number DESC LIMIT 100;
END $$;

-- Where findings stand among the leaves of their run, counted over all of it: whoever sees a part of a council's findings alone
-- would else count those, and prove with a bundle that something else is on the ledger. Places only, of those asked for.
CREATE FUNCTION finding_places(council text, of_run bigint, wanted bigint[]) RETURNS TABLE (finding bigint, place bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  SELECT l.finding, l.place FROM (SELECT e.finding, row_number() OVER (ORDER BY e.finding) AS place FROM (
      SELECT s.finding FROM finding_step s WHERE s.authority = council AND s.run = of_run
      UNION SELECT d.finding FROM disposed_leaf d WHERE d.authority = council AND d.kind = 'finding' AND d.key = of_run) e) l
  WHERE wanted <> '{}' AND l.finding = ANY (wanted) AND council = coalesce(acting_council(), council) $$;
REVOKE ALL ON FUNCTION finding_places(text, bigint, bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finding_places(text, bigint, bigint[]) TO answerable_reports, answerable_desk, answerable_audit;
