drop index concurrently if exists ix_occurrences_remind;
drop index concurrently if exists ix_occurrences_day;
drop index concurrently if exists ix_assignments_program_step;
drop index concurrently if exists ix_assignments_to_plan;
drop index concurrently if exists uq_assignments_practice_id_client_id_client_key;
