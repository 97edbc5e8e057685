-- What the measures compare, kept by what records share, so that an audit asks about what its new records share with others
-- and not about everything.
SET LOCAL search_path TO answerable;

-- Of records that stand: one that is corrected is taken out again.
CREATE TABLE compared (
  authority text NOT NULL,
  act text NOT NULL,            -- of the measure's marks
  number bigint NOT NULL,
  ordinal smallint NOT NULL,    -- the record's entry
  subject integer NOT NULL,
  key text NOT NULL,            -- what is alike: entries of one key are compared with each other
  first date NOT NULL,          -- when it happened
  last date NOT NULL,
  PRIMARY KEY (authority, act, number, ordinal)
);
CREATE INDEX compared_key ON compared (authority, act, key, first);
-- Keys of which somebody was disposed of: to be asked about again, without new records.
CREATE TABLE compared_again (
  authority text NOT NULL,
  act text NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (authority, act, key)
);
-- How far each measure has been asked. With another digest it is another question, and all is asked anew.
CREATE TABLE measure_asked (
  authority text NOT NULL REFERENCES authority,
  act text NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),  -- SHA-256 of the measure's file
  known_at bigint NOT NULL,     -- the records numbered below this are in compared
  PRIMARY KEY (authority, act)
);
ALTER TABLE mark ADD COLUMN key text;  -- of compared; NULL on marks from before there was one
CREATE INDEX mark_key ON mark (authority, act, key) WHERE over IS NULL;

-- A key that nobody else has goes with the person.
CREATE FUNCTION forget_compared() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  WITH gone AS (DELETE FROM compared WHERE authority = OLD.authority AND subject = OLD.subject RETURNING act, key)
  INSERT INTO compared_again SELECT DISTINCT OLD.authority, g.act, g.key FROM gone g
    WHERE EXISTS (SELECT FROM compared c WHERE c.authority = OLD.authority AND c.act = g.act AND c.key = g.key AND c.subject <> OLD.subject)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_compared AFTER DELETE ON subject FOR EACH ROW EXECUTE FUNCTION forget_compared();
REVOKE ALL ON FUNCTION forget_compared() FROM PUBLIC;

-- The two SELECTs of a measure, as schemas/measure/1/measure.xsd tells them. STABLE: the server itself refuses anything in them
-- that would change data.
DROP FUNCTION measured(text, text, bigint);
CREATE FUNCTION compares(query text, council text, since bigint, known_at bigint)
  RETURNS TABLE (number bigint, ordinal smallint, subject integer, key text, first date, last date)
  LANGUAGE plpgsql STABLE SET search_path = answerable, pg_temp AS $$ BEGIN RETURN QUERY EXECUTE query USING council, since, known_at; END $$;
CREATE FUNCTION measured(query text, council text, keys text[])
  RETURNS TABLE (key text, subject integer, number bigint, happened date, since bigint, attributes jsonb)
  LANGUAGE plpgsql STABLE SET search_path = answerable, pg_temp AS $$ BEGIN RETURN QUERY EXECUTE query USING council, keys; END $$;
REVOKE ALL ON FUNCTION compares(text, text, bigint, bigint), measured(text, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compares(text, text, bigint, bigint), measured(text, text, text[]) TO answerable_audit;

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['compared', 'compared_again', 'measure_asked'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY programs ON %I TO answerable_audit USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, DELETE ON compared TO answerable_audit;
GRANT SELECT, DELETE ON compared_again TO answerable_audit;
GRANT SELECT, INSERT, UPDATE ON measure_asked TO answerable_audit;
