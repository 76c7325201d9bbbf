drop index concurrently if exists ix_resets_email_hash;
