-- Which files a draft names, so that they are kept while it lives. What it says stays sealed.
create table draft_files (
    practice_id uuid not null,
    occurrence_id uuid not null,
    name text not null,
    client_id uuid not null,
    kept_until timestamptz not null,
    constraint pk_draft_files primary key (practice_id, occurrence_id, name),
    constraint fk_draft_files_practice_id_client_id_occurrence_id
        foreign key (practice_id, client_id, occurrence_id)
        references occurrences (practice_id, client_id, id)
);
create index ix_draft_files_name on draft_files (practice_id, client_id, name);
create index ix_draft_files_kept_until on draft_files (practice_id, kept_until);
alter table draft_files enable row level security;
alter table draft_files force row level security;
create policy wall_read on draft_files for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))));
grant select on draft_files to praxis_application, praxis_worker;
create policy wall_add on draft_files for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on draft_files to praxis_application, praxis_worker;
create policy wall_change on draft_files for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant update on draft_files to praxis_application, praxis_worker;
create policy wall_remove on draft_files for delete to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('job'));
grant delete on draft_files to praxis_application, praxis_worker;
-- When a goal was rated, by the device's clock: `at` is that by ours.
alter table goal_ratings add column occurred_at timestamptz;
alter table goal_ratings add column sent_at timestamptz;
