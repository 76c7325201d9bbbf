drop trigger only_added_to on submission_versions;
drop trigger only_added_to on submission_answers;
drop trigger only_added_to on reviews;
alter policy wall_read on assignments using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_change on assignments using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_read on occurrences using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_change on occurrences using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_read on submissions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_add on submissions with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and (select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'guardian', 'job'));
alter policy wall_change on submissions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_read on submission_versions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_add on submission_versions with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and (select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'guardian', 'job'));
drop policy wall_change on submission_versions;
alter policy wall_read on submission_answers using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'job') or visible = 'shared'));
alter policy wall_add on submission_answers with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and (select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'guardian', 'job'));
drop policy wall_change on submission_answers;
alter policy wall_read on reviews using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
drop policy wall_change on reviews;
alter policy wall_read on uploads using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('self') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) or visible = 'shared'));
alter policy wall_read on repetitions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
alter policy wall_read on goal_ratings using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
revoke update (guardian_level, staff_level) on submission_versions from praxis_application, praxis_worker;
revoke update (guardian_level, staff_level) on submission_answers from praxis_application, praxis_worker;
revoke update (guardian_level) on reviews from praxis_application, praxis_worker;
drop function gate.has_guardians;
alter table goal_ratings drop column kept_by;
alter table goals drop column answered_as;
alter table repetitions drop column kept_by;
alter table uploads no force row level security;
update uploads set visible = 'summary_only' where visible = 'therapist';
alter table uploads force row level security;
alter table uploads
    drop column reviewed,
    drop constraint ck_uploads_visible,
    add constraint ck_uploads_visible check (visible in ('own','shared','summary_only'));
alter table reviews drop column guardian_id, drop column guardian_level;
alter table submission_answers no force row level security;
update submission_answers set visible = 'summary_only' where visible = 'therapist';
alter table submission_answers force row level security;
alter table submission_answers
    drop column guardian_id,
    drop column guardian_level,
    drop column staff_level;
alter table submission_versions no force row level security;
update submission_versions set answers_visible = 'summary_only'
    where answers_visible = 'therapist';
alter table submission_versions force row level security;
alter table submission_versions
    drop column met,
    drop column guardian_id,
    drop column guardian_level,
    drop column staff_level,
    drop constraint ck_submission_versions_answers_visible,
    add constraint ck_submission_versions_answers_visible
        check (answers_visible in ('shared','summary_only'));
alter table submissions
    drop column guardian_id,
    drop column guardian_level,
    drop column guardian_version,
    drop column guardian_changed_at,
    drop column kept_by;
alter table occurrences drop column quiet_at, drop column kept_by;
alter table assignments drop column answered_as, drop column kept_by;
create trigger only_added_to before update or delete or truncate on submission_versions
for each statement execute function gate.refuse_change();
create trigger only_added_to before update or delete or truncate on submission_answers
for each statement execute function gate.refuse_change();
create trigger only_added_to before update or delete or truncate on reviews
for each statement execute function gate.refuse_change();
drop function gate.refuse_widening;
