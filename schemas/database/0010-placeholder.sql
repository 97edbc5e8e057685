-- Stands where the complaints' migration comes.
SELECT 1;
