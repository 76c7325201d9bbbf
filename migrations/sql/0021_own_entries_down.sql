drop index concurrently if exists
    uq_submissions_practice_id_client_id_occurrence_id_guardian_id;
