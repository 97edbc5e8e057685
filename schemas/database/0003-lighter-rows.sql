-- What intake writes most of, made cheaper to write.
SET LOCAL search_path TO answerable;

-- Still one flat JSON object of strings, but as text: as jsonb the server takes each apart and puts it together again
-- while it is stored, which nobody needs before it is read.
ALTER TABLE entry ALTER COLUMN attributes TYPE text;

-- In the order in which rows come, instead of to and fro by subject: an entry's subject is its record's, and records are
-- found by subject already.
ALTER TABLE entry DROP CONSTRAINT entry_pkey;
ALTER TABLE entry ADD PRIMARY KEY (authority, number, ordinal);

-- Records of ordinary length are kept as they are; only those longer than a page are compressed or moved out.
ALTER TABLE record_body SET (toast_tuple_target = 8160);
