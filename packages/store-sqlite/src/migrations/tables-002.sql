-- The vendor's own fee, where an answer told it. Text for the same reason as amount_minor.
ALTER TABLE calls ADD COLUMN fee_minor TEXT;
ALTER TABLE calls ADD COLUMN fee_currency TEXT;
