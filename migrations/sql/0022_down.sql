-- Refused while a slot has several entries: which of them stays is nothing a migration decides.
alter table submissions
    add constraint uq_submissions_practice_id_client_id_occurrence_id
    unique (practice_id, client_id, occurrence_id);
alter table submissions
    drop constraint uq_submissions_practice_id_client_id_occurrence_id_guardian_id;
drop trigger never_widened on submission_versions;
drop trigger never_widened on submission_answers;
drop trigger never_widened on reviews;
