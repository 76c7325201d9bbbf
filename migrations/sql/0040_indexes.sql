-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Outside a transaction. One that was broken off is there and invalid: drop it and run this again.
create index concurrently if not exists ix_resets_email_hash on resets (email_hash, created_at);
