create index concurrently if not exists ix_repetitions_attention
    on repetitions (practice_id, client_id, id)
    where needs_attention and seen_at is null;
create index concurrently if not exists ix_submissions_queue
    on submissions (practice_id, client_id, needs_attention desc, changed_at, id)
    where reviewed_number is null or reviewed_number < number;
alter table repetitions drop constraint uq_repetitions_practice_id_client_id_id;
drop index concurrently if exists ix_repetitions_urgent;
drop index concurrently if exists ix_repetitions_waiting;
drop index concurrently if exists ix_submissions_urgent;
drop index concurrently if exists ix_submissions_waiting;
