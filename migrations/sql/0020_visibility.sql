-- squawk-ignore-file ban-drop-constraint
-- Who reads what was sent: levels that only become less, a guardian's own entries, and what a client
-- keeps from guardians. The rules are widened in one transaction and checked later, by 0022.
alter table assignments
    add column answered_as text,
    add column kept_by uuid,
    add constraint ck_assignments_answered_as
        check (answered_as in ('self','guardian')) not valid;
alter table occurrences
    add column quiet_at timestamp with time zone,
    add column kept_by uuid;
alter table submissions
    add column guardian_id uuid,
    add column guardian_level integer default 2 not null,
    add column guardian_version integer,
    add column guardian_changed_at timestamp with time zone,
    add column kept_by uuid,
    add constraint ck_submissions_guardian_level
        check (guardian_level between 0 and 2) not valid;
alter table submission_versions
    add column met integer,
    add column guardian_id uuid,
    add column guardian_level integer default 2 not null,
    add column staff_level integer default 2 not null,
    add constraint ck_submission_versions_guardian_level
        check (guardian_level between 0 and 2) not valid,
    add constraint ck_submission_versions_staff_level
        check (staff_level between 0 and 2) not valid,
    drop constraint ck_submission_versions_answers_visible,
    add constraint ck_submission_versions_answers_visible
        check (answers_visible in ('shared','therapist','summary_only')) not valid;
alter table submission_answers
    add column guardian_id uuid,
    add column guardian_level integer default 2 not null,
    add column staff_level integer default 2 not null,
    add constraint ck_submission_answers_guardian_level
        check (guardian_level between 0 and 2) not valid,
    add constraint ck_submission_answers_staff_level
        check (staff_level between 0 and 2) not valid;
alter table reviews
    add column guardian_id uuid,
    add column guardian_level integer default 2 not null,
    add constraint ck_reviews_guardian_level
        check (guardian_level between 0 and 2) not valid;
alter table uploads
    add column reviewed boolean default false not null,
    drop constraint ck_uploads_visible,
    add constraint ck_uploads_visible
        check (visible in ('own','shared','therapist','summary_only')) not valid;
alter table repetitions add column kept_by uuid;
alter table goals
    add column answered_as text,
    add constraint ck_goals_answered_as check (answered_as in ('self','guardian')) not valid;
alter table goal_ratings add column kept_by uuid;

-- What was sent stays as it was: of a row only its levels change, and they become less (0022).
create function gate.refuse_widening() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
    if to_jsonb(new) - 'guardian_level' - 'staff_level'
           <> to_jsonb(old) - 'guardian_level' - 'staff_level'
       or new.guardian_level > old.guardian_level
       or (to_jsonb(new) ->> 'staff_level')::integer > (to_jsonb(old) ->> 'staff_level')::integer
    then
        raise exception using errcode = 'PX409', message = 'what was sent never changes';
    end if;
    return new;
end
$$;

drop trigger only_added_to on submission_versions;
create trigger only_added_to before delete or truncate on submission_versions
for each statement execute function gate.refuse_change();
drop trigger only_added_to on submission_answers;
create trigger only_added_to before delete or truncate on submission_answers
for each statement execute function gate.refuse_change();
drop trigger only_added_to on reviews;
create trigger only_added_to before delete or truncate on reviews
for each statement execute function gate.refuse_change();

-- Whether someone is, or will be, a guardian of this client, also one who is suspended: what a client
-- sends without saying who reads it follows from that, and must not tell of a suspension.
create function gate.has_guardians(p_client uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    return exists (
        select 1
          from guardians g
          join clients c on c.practice_id = g.practice_id and c.id = g.client_id
         where g.practice_id = nullif(current_setting('app.practice_id', true), '')::uuid
           and g.client_id = p_client
           and current_setting('app.capacity', true) in ('self', 'guardian', 'job')
           and g.revoked_at is null
           and (g.ends_on is null or g.ends_on >= (now() at time zone c.zone)::date));
end
$$;

alter function gate.has_guardians owner to praxis_gate;
revoke all on function gate.has_guardians from public;
grant execute on function gate.has_guardians to praxis_application, praxis_worker;

alter policy wall_read on assignments using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy wall_change on assignments using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy wall_read on occurrences using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy wall_change on occurrences using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy wall_read on submissions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy wall_add on submissions with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
alter policy wall_change on submissions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid)))));
alter policy wall_read on submission_versions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or guardian_level > 0 or guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy wall_add on submission_versions with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
create policy wall_change on submission_versions for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid)))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
alter policy wall_read on submission_answers using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'job') or guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and visible <> 'summary_only' and staff_level = 2) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and visible = 'shared' and guardian_level = 2)));
alter policy wall_add on submission_answers with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
create policy wall_change on submission_answers for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid)))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
alter policy wall_read on reviews using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or guardian_level = 2 or guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
create policy wall_change on reviews for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid)))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))));
alter policy wall_read on uploads using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('self') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and ((visible = any (array['shared', 'therapist']) and not taken_back) or reviewed)) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and visible = 'shared' and not taken_back)));
alter policy wall_read on repetitions using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid)));
alter policy wall_read on goal_ratings using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'staff', 'job') or kept_by is null or kept_by = (select nullif(current_setting('app.user_id', true), '')::uuid)));
grant update (guardian_level, staff_level) on submission_versions to praxis_application, praxis_worker;
grant update (guardian_level, staff_level) on submission_answers to praxis_application, praxis_worker;
grant update (guardian_level) on reviews to praxis_application, praxis_worker;
