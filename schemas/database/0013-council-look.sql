-- How a council's pages look: the name in their header, and the header's colour. Whether letters can be read on the colour is
-- checked before it comes here.
SET LOCAL search_path TO answerable;

CREATE TABLE council_look (
  authority text PRIMARY KEY REFERENCES authority,
  name text NOT NULL CHECK (name <> '' AND length(name) <= 100),
  colour text NOT NULL CHECK (colour ~ '^[0-9a-f]{6}$'),
  set_by integer NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (authority, set_by) REFERENCES account
);

-- False for whoever is no administrator.
CREATE FUNCTION set_council_look(its_name text, its_colour text) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$
  WITH done AS (
    INSERT INTO council_look (authority, name, colour, set_by)
    SELECT authority, its_name, its_colour, account FROM actor() WHERE 'administrator' = ANY (roles)
    ON CONFLICT (authority) DO UPDATE SET name = EXCLUDED.name, colour = EXCLUDED.colour, set_by = EXCLUDED.set_by, set_at = now()
    RETURNING 1)
  SELECT EXISTS (SELECT FROM done) $$;

ALTER TABLE council_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE council_look FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON council_look TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY programs ON council_look FOR SELECT TO answerable_door USING (true);  -- who comes in sees it on every page

GRANT SELECT ON council_look TO answerable_door;
REVOKE ALL ON FUNCTION set_council_look(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION set_council_look(text, text) TO answerable_reports;
