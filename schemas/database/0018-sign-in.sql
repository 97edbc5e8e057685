-- What somebody shows to be let in, and how much they may then open: second factors by SHA-256, what the council's single
-- sign-on calls people, an end to opening one person after another. And a person's relations for whoever opened that person.
SET LOCAL search_path TO answerable;

-- Codes by HMAC-SHA-256 with keys of its length (RFC 6238 R6; ASVS 5.0 takes no SHA-1). An app that was set up before makes other
-- codes: its account comes in with a recovery code, or has its second factor taken off, and sets the app up again. Until then
-- its key is one that nobody has, so that nobody comes in without a second factor meanwhile.
ALTER TABLE second_factor DISABLE TRIGGER set, DROP CONSTRAINT second_factor_secret_check, DROP CONSTRAINT second_factor_offered_check;
UPDATE second_factor SET offered = NULL,
  secret = CASE WHEN secret IS NOT NULL THEN sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) END;
ALTER TABLE second_factor ENABLE TRIGGER set, ADD CHECK (octet_length(secret) = 32), ADD CHECK (octet_length(offered) = 32);

-- Who comes by single sign-on is known by what their provider calls them for ever (OpenID Connect's sub, with its issuer), tied
-- to the account when they first come: an address can be given to somebody else later.
ALTER TABLE account ADD COLUMN provider_subject text CHECK (provider_subject <> ''), ADD UNIQUE (authority, provider_subject);
CREATE TRIGGER tied AFTER UPDATE OF provider_subject ON account FOR EACH ROW WHEN (NEW.provider_subject IS NOT NULL)
  EXECUTE FUNCTION note_account('sign-on-tied');
CREATE TRIGGER untied AFTER UPDATE OF provider_subject ON account FOR EACH ROW
  WHEN (OLD.provider_subject IS NOT NULL AND NEW.provider_subject IS NULL) EXECUTE FUNCTION note_account('sign-on-untied');

-- Nobody's work is to read three hundred people within an hour; copying a council out is. What the command line reads stands on
-- the ledger under a name that it was told, and is not bounded: whoever runs it holds the database.
CREATE FUNCTION reading_is_bounded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = answerable, pg_temp AS $$ BEGIN
  IF EXISTS (SELECT FROM actor()) AND (SELECT count(*) >= 300 FROM event e WHERE e.authority = NEW.authority AND e.kind = 'read'
      AND e.at > now() - interval '1 hour' AND e.content::json->>'by' = NEW.content::json->>'by') THEN
    RAISE EXCEPTION USING ERRCODE = 'program_limit_exceeded', CONSTRAINT = 'reading_is_bounded', MESSAGE = '300 people were opened within an hour';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bounded BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.kind = 'read') EXECUTE FUNCTION reading_is_bounded();

-- As 0016 has it, but for whoever has opened the person, or holds the database (answerable_desk): who was acting for nobody was
-- told the numbers of any council's, and who was acting for somebody of anybody's of theirs.
CREATE OR REPLACE FUNCTION relations_naming(council text, of_subject integer, known_at bigint) RETURNS TABLE (number bigint)
  LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = answerable, pg_temp AS $$
  SELECT DISTINCT e.number FROM identifier i JOIN entry e ON e.authority = i.authority AND e.act = 'relationship.started'
    AND e.attributes::jsonb->>'other' = ANY (ARRAY[i.scheme || ':' || i.value, i.scheme || ':' || substr(i.value, strpos(i.value, '/') + 1)])
  WHERE i.authority = council AND i.subject = of_subject AND i.scheme IN ('nhs-number', 'council', 'sender') AND e.number < known_at
    AND (SELECT pg_has_role(session_user, 'answerable_desk', 'MEMBER')
      OR council = acting_council() AND of_subject IN (SELECT readable_subjects())) $$;

REVOKE ALL ON FUNCTION reading_is_bounded() FROM PUBLIC;
