-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Outside a transaction, without locking writers out. One that was broken off is there and invalid:
-- drop it and run this migration again.
create unique index concurrently if not exists
    uq_submissions_practice_id_client_id_occurrence_id_guardian_id
    on submissions (practice_id, client_id, occurrence_id, guardian_id) nulls not distinct;
