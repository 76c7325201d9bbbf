-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Outside a transaction, one after the other, without locking writers out. One that was broken off
-- is there and invalid: drop it and run this migration again.
create unique index concurrently if not exists uq_assignments_practice_id_client_id_client_key
    on assignments (practice_id, client_id, client_key);
create index concurrently if not exists ix_assignments_to_plan
    on assignments (practice_id, planned_through)
    where status = 'active' and planned_through is not null;
create unique index concurrently if not exists ix_assignments_program_step
    on assignments (practice_id, program_assignment_id, program_step)
    where program_assignment_id is not null;
create index concurrently if not exists ix_occurrences_day
    on occurrences (practice_id, client_id, local_on, id);
create index concurrently if not exists ix_occurrences_remind
    on occurrences (practice_id, remind_at)
    where status = 'upcoming' and remind_at is not null;
create index concurrently if not exists ix_assignments_waiting
    on assignments (practice_id, client_id, id)
    where status in ('proposed', 'declined');
create index concurrently if not exists ix_submissions_assignment
    on submissions (practice_id, assignment_id, id desc);
create index concurrently if not exists ix_submissions_queue
    on submissions (practice_id, client_id, needs_attention desc, changed_at, id)
    where reviewed_number is null or reviewed_number < number;
drop index concurrently if exists ix_submissions_unread;
create index concurrently if not exists ix_notes_drafts
    on notes (practice_id, author_id, id)
    where status in ('draft', 'returned');
create index concurrently if not exists ix_sessions_starts
    on sessions (practice_id, starts_at);
