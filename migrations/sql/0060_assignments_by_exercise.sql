-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Outside a transaction. One that was broken off is there and invalid: drop it and run it again.
create index concurrently if not exists ix_assignments_exercise
    on assignments (practice_id, exercise_version_id)
    where status in ('draft', 'proposed', 'active', 'paused');
