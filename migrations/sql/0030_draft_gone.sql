-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Outside a transaction. An index that was broken off is there and invalid: drop it and run this
-- migration again.
create index concurrently if not exists ix_occurrences_draft_gone
    on occurrences (practice_id, client_id, draft_gone_at)
    where draft_gone_at is not null;
