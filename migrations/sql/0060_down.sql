drop index concurrently if exists ix_assignments_exercise;
