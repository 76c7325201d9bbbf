drop index concurrently if exists ix_sessions_starts;
drop index concurrently if exists ix_notes_drafts;
create index concurrently if not exists ix_submissions_unread
    on submissions (practice_id, client_id, needs_attention desc, id)
    where reviewed_number is null or reviewed_number < number;
drop index concurrently if exists ix_submissions_queue;
drop index concurrently if exists ix_submissions_assignment;
drop index concurrently if exists ix_assignments_waiting;
drop index concurrently if exists ix_occurrences_remind;
drop index concurrently if exists ix_occurrences_day;
drop index concurrently if exists ix_assignments_program_step;
drop index concurrently if exists ix_assignments_to_plan;
drop index concurrently if exists uq_assignments_practice_id_client_id_client_key;
