alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy wall_read on audit_events for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('staff'));
grant select on audit_events to praxis_application, praxis_worker;
create policy wall_add on audit_events for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid));
grant insert on audit_events to praxis_application, praxis_worker;

alter table events enable row level security;
alter table events force row level security;
create policy wall_read on events for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('job'));
grant select on events to praxis_application, praxis_worker;
create policy wall_add on events for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid));
grant insert on events to praxis_application, praxis_worker;
create policy wall_gate on events for select to praxis_gate using (true);
grant select (at, dispatched_at) on events to praxis_gate;

alter table exercises enable row level security;
alter table exercises force row level security;
create policy wall_read on exercises for select to praxis_application, praxis_worker using ((practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) or practice_id = '00000000-0000-0000-0000-000000000000'::uuid));
grant select on exercises to praxis_application, praxis_worker;
create policy wall_add on exercises for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on exercises to praxis_application, praxis_worker;
create policy wall_change on exercises for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on exercises to praxis_application, praxis_worker;

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy wall_read on idempotency_keys for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant select on idempotency_keys to praxis_application, praxis_worker;
create policy wall_add on idempotency_keys for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant insert on idempotency_keys to praxis_application, praxis_worker;
create policy wall_remove on idempotency_keys for delete to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant delete on idempotency_keys to praxis_application, praxis_worker;

alter table practices enable row level security;
alter table practices force row level security;
create policy wall_read on practices for select to praxis_application, praxis_worker using ((practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) or (select nullif(current_setting('app.capacity', true), '')::text) in ('visitor', 'invited')));
grant select on practices to praxis_application, praxis_worker;
create policy wall_add on practices for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('job'));
grant insert on practices to praxis_application, praxis_worker;
create policy wall_change on practices for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on practices to praxis_application, praxis_worker;
create policy wall_gate on practices for select to praxis_gate using (true);
grant select (practice_id, zone) on practices to praxis_gate;

alter table resets enable row level security;
alter table resets force row level security;
create policy wall_read on resets for select to praxis_application, praxis_worker using ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant select on resets to praxis_application, praxis_worker;
create policy wall_add on resets for insert to praxis_application, praxis_worker with check ((select nullif(current_setting('app.capacity', true), '')::text) in ('visitor', 'invited'));
grant insert on resets to praxis_application, praxis_worker;
create policy wall_change on resets for update to praxis_application, praxis_worker using ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on resets to praxis_application, praxis_worker;
create policy wall_remove on resets for delete to praxis_application, praxis_worker using ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') and created_at < now() - interval '1 day');
grant delete on resets to praxis_application, praxis_worker;

alter table throttles enable row level security;
alter table throttles force row level security;
create policy wall_read on throttles for select to praxis_application, praxis_worker using (((select nullif(current_setting('app.capacity', true), '')::text) in ('visitor', 'invited') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant select on throttles to praxis_application, praxis_worker;
create policy wall_add on throttles for insert to praxis_application, praxis_worker with check ((select nullif(current_setting('app.capacity', true), '')::text) in ('visitor', 'invited'));
grant insert on throttles to praxis_application, praxis_worker;
create policy wall_change on throttles for update to praxis_application, praxis_worker using ((select nullif(current_setting('app.capacity', true), '')::text) in ('visitor', 'invited')) with check ((select nullif(current_setting('app.capacity', true), '')::text) in ('visitor', 'invited'));
grant update on throttles to praxis_application, praxis_worker;
create policy wall_remove on throttles for delete to praxis_application, praxis_worker using ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') and window_ends_at < now());
grant delete on throttles to praxis_application, praxis_worker;

alter table users enable row level security;
alter table users force row level security;
create policy wall_read on users for select to praxis_application, praxis_worker using ((id = (select nullif(current_setting('app.user_id', true), '')::uuid) or email_hash = decode((select nullif(current_setting('app.login', true), '')::text), 'hex') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant select on users to praxis_application, praxis_worker;
create policy wall_add on users for insert to praxis_application, praxis_worker with check ((email_hash = decode((select nullif(current_setting('app.login', true), '')::text), 'hex') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on users to praxis_application, praxis_worker;
create policy wall_change on users for update to praxis_application, praxis_worker using ((id = (select nullif(current_setting('app.user_id', true), '')::uuid) or email_hash = decode((select nullif(current_setting('app.login', true), '')::text), 'hex') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check ((id = (select nullif(current_setting('app.user_id', true), '')::uuid) or email_hash = decode((select nullif(current_setting('app.login', true), '')::text), 'hex') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on users to praxis_application, praxis_worker;
create policy wall_gate on users for select to praxis_gate using (true);
grant select (id, deactivated_at) on users to praxis_gate;

alter table clients enable row level security;
alter table clients force row level security;
create policy wall_read on clients for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant select on clients to praxis_application, praxis_worker;
create policy wall_add on clients for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant insert on clients to praxis_application, praxis_worker;
create policy wall_change on clients for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant update on clients to praxis_application, praxis_worker;
create policy wall_gate on clients for select to praxis_gate using (true);
grant select (practice_id, id, zone, status) on clients to praxis_gate;

alter table exercise_versions enable row level security;
alter table exercise_versions force row level security;
create policy wall_read on exercise_versions for select to praxis_application, praxis_worker using ((practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) or practice_id = '00000000-0000-0000-0000-000000000000'::uuid));
grant select on exercise_versions to praxis_application, praxis_worker;
create policy wall_add on exercise_versions for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on exercise_versions to praxis_application, praxis_worker;

alter table memberships enable row level security;
alter table memberships force row level security;
create policy wall_read on memberships for select to praxis_application, praxis_worker using ((practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) or user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
grant select on memberships to praxis_application, praxis_worker;
create policy wall_add on memberships for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('invited')));
grant insert on memberships to praxis_application, praxis_worker;
create policy wall_change on memberships for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on memberships to praxis_application, praxis_worker;
create policy wall_gate on memberships for select to praxis_gate using (true);
grant select (practice_id, user_id, roles, starts_at, ends_at, suspended_at) on memberships to praxis_gate;

alter table practice_keys enable row level security;
alter table practice_keys force row level security;
create policy wall_read on practice_keys for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid));
grant select on practice_keys to praxis_application, praxis_worker;
create policy wall_add on practice_keys for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('job'));
grant insert on practice_keys to praxis_application, praxis_worker;

alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
create policy wall_read on recovery_codes for select to praxis_application, praxis_worker using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant select on recovery_codes to praxis_application, praxis_worker;
create policy wall_add on recovery_codes for insert to praxis_application, praxis_worker with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant insert on recovery_codes to praxis_application, praxis_worker;
create policy wall_change on recovery_codes for update to praxis_application, praxis_worker using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)) with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant update on recovery_codes to praxis_application, praxis_worker;
create policy wall_remove on recovery_codes for delete to praxis_application, praxis_worker using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant delete on recovery_codes to praxis_application, praxis_worker;

alter table sign_ins enable row level security;
alter table sign_ins force row level security;
create policy wall_read on sign_ins for select to praxis_application, praxis_worker using ((user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant select on sign_ins to praxis_application, praxis_worker;
create policy wall_add on sign_ins for insert to praxis_application, praxis_worker with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant insert on sign_ins to praxis_application, praxis_worker;
create policy wall_change on sign_ins for update to praxis_application, praxis_worker using ((user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check ((user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on sign_ins to praxis_application, praxis_worker;
create policy wall_gate on sign_ins for select to praxis_gate using (true);
grant select (id, user_id, practice_id, kind, client_id, second_factor_at, expires_at, ended_at) on sign_ins to praxis_gate;

alter table bars enable row level security;
alter table bars force row level security;
create policy wall_read on bars for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant select on bars to praxis_application, praxis_worker;
create policy wall_add on bars for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on bars to praxis_application, praxis_worker;
create policy wall_gate on bars for select to praxis_gate using (true);
grant select (practice_id, client_id, user_id) on bars to praxis_gate;

alter table break_glasses enable row level security;
alter table break_glasses force row level security;
create policy wall_read on break_glasses for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant select on break_glasses to praxis_application, praxis_worker;
create policy wall_add on break_glasses for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('staff'));
grant insert on break_glasses to praxis_application, praxis_worker;
create policy wall_change on break_glasses for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on break_glasses to praxis_application, praxis_worker;
create policy wall_gate on break_glasses for select to praxis_gate using (true);
grant select (practice_id, client_id, user_id, expires_at, closed_at) on break_glasses to praxis_gate;

alter table client_keys enable row level security;
alter table client_keys force row level security;
create policy wall_read on client_keys for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))) and (kind <> 'private' or (select nullif(current_setting('app.capacity', true), '')::text) in ('self')));
grant select on client_keys to praxis_application, praxis_worker;
create policy wall_add on client_keys for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))) and (kind <> 'private' or (select nullif(current_setting('app.capacity', true), '')::text) in ('self')));
grant insert on client_keys to praxis_application, praxis_worker;

alter table client_logins enable row level security;
alter table client_logins force row level security;
create policy wall_read on client_logins for select to praxis_application, praxis_worker using ((user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) or practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant select on client_logins to praxis_application, praxis_worker;
create policy wall_add on client_logins for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('invited')));
grant insert on client_logins to praxis_application, praxis_worker;
create policy wall_remove on client_logins for delete to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('job'));
grant delete on client_logins to praxis_application, praxis_worker;
create policy wall_gate on client_logins for select to praxis_gate using (true);
grant select (practice_id, client_id, user_id) on client_logins to praxis_gate;

alter table client_lookups enable row level security;
alter table client_lookups force row level security;
create policy wall_read on client_lookups for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant select on client_lookups to praxis_application, praxis_worker;
create policy wall_add on client_lookups for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant insert on client_lookups to praxis_application, praxis_worker;
create policy wall_remove on client_lookups for delete to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant delete on client_lookups to praxis_application, praxis_worker;

alter table episodes enable row level security;
alter table episodes force row level security;
create policy wall_read on episodes for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant select on episodes to praxis_application, praxis_worker;
create policy wall_add on episodes for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant insert on episodes to praxis_application, praxis_worker;
create policy wall_change on episodes for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant update on episodes to praxis_application, praxis_worker;

alter table external_refs enable row level security;
alter table external_refs force row level security;
create policy wall_read on external_refs for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant select on external_refs to praxis_application, praxis_worker;
create policy wall_add on external_refs for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant insert on external_refs to praxis_application, praxis_worker;
create policy wall_remove on external_refs for delete to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant delete on external_refs to praxis_application, praxis_worker;

alter table guardians enable row level security;
alter table guardians force row level security;
create policy wall_read on guardians for select to praxis_application, praxis_worker using ((user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) or practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff'))));
grant select on guardians to praxis_application, praxis_worker;
create policy wall_add on guardians for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('invited')));
grant insert on guardians to praxis_application, praxis_worker;
create policy wall_change on guardians for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff'))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff')));
grant update on guardians to praxis_application, praxis_worker;
create policy wall_gate on guardians for select to praxis_gate using (true);
grant select (practice_id, client_id, user_id, scopes, starts_on, ends_on, suspended_at, revoked_at) on guardians to praxis_gate;

alter table invitations enable row level security;
alter table invitations force row level security;
create policy wall_read on invitations for select to praxis_application, praxis_worker using ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))));
grant select on invitations to praxis_application, praxis_worker;
create policy wall_add on invitations for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on invitations to praxis_application, praxis_worker;
create policy wall_change on invitations for update to praxis_application, praxis_worker using ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')))) with check ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))));
grant update on invitations to praxis_application, praxis_worker;

alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
create policy wall_read on refresh_tokens for select to praxis_application, praxis_worker using ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) or (select nullif(current_setting('app.capacity', true), '')::text) in ('job') and created_at < now() - interval '30 days' and (rotated_at is not null or idle_until < now())));
grant select on refresh_tokens to praxis_application, praxis_worker;
create policy wall_add on refresh_tokens for insert to praxis_application, praxis_worker with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant insert on refresh_tokens to praxis_application, praxis_worker;
create policy wall_change on refresh_tokens for update to praxis_application, praxis_worker using ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))) with check ((token_hash = decode((select nullif(current_setting('app.secret', true), '')::text), 'hex') or user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)));
grant update on refresh_tokens to praxis_application, praxis_worker;
create policy wall_remove on refresh_tokens for delete to praxis_application, praxis_worker using ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') and created_at < now() - interval '30 days' and (rotated_at is not null or idle_until < now()));
grant delete on refresh_tokens to praxis_application, praxis_worker;

alter table supervisions enable row level security;
alter table supervisions force row level security;
create policy wall_read on supervisions for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid));
grant select on supervisions to praxis_application, praxis_worker;
create policy wall_add on supervisions for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on supervisions to praxis_application, praxis_worker;
create policy wall_change on supervisions for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job'))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant update on supervisions to praxis_application, praxis_worker;
create policy wall_gate on supervisions for select to praxis_gate using (true);
grant select (practice_id, supervisee_id, supervisor_id, starts_at, ends_at) on supervisions to praxis_gate;

alter table care_assignments enable row level security;
alter table care_assignments force row level security;
create policy wall_read on care_assignments for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant select on care_assignments to praxis_application, praxis_worker;
create policy wall_add on care_assignments for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant insert on care_assignments to praxis_application, praxis_worker;
create policy wall_change on care_assignments for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant update on care_assignments to praxis_application, praxis_worker;
create policy wall_gate on care_assignments for select to praxis_gate using (true);
grant select (practice_id, client_id, episode_id, user_id, starts_at, ends_at) on care_assignments to praxis_gate;

alter table episode_focuses enable row level security;
alter table episode_focuses force row level security;
create policy wall_read on episode_focuses for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on episode_focuses to praxis_application, praxis_worker;
create policy wall_add on episode_focuses for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on episode_focuses to praxis_application, praxis_worker;
create policy wall_gate on episode_focuses for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on episode_focuses to praxis_gate;

alter table goals enable row level security;
alter table goals force row level security;
create policy wall_read on goals for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on goals to praxis_application, praxis_worker;
create policy wall_add on goals for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on goals to praxis_application, praxis_worker;
create policy wall_change on goals for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant update on goals to praxis_application, praxis_worker;
create policy wall_gate on goals for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on goals to praxis_gate;

alter table sessions enable row level security;
alter table sessions force row level security;
create policy wall_read on sessions for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))));
grant select on sessions to praxis_application, praxis_worker;
create policy wall_add on sessions for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant insert on sessions to praxis_application, praxis_worker;
create policy wall_change on sessions for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant update on sessions to praxis_application, praxis_worker;

alter table assignments enable row level security;
alter table assignments force row level security;
create policy wall_read on assignments for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on assignments to praxis_application, praxis_worker;
create policy wall_add on assignments for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on assignments to praxis_application, praxis_worker;
create policy wall_change on assignments for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant update on assignments to praxis_application, praxis_worker;
create policy wall_gate on assignments for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on assignments to praxis_gate;

alter table goal_ratings enable row level security;
alter table goal_ratings force row level security;
create policy wall_read on goal_ratings for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on goal_ratings to praxis_application, praxis_worker;
create policy wall_add on goal_ratings for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on goal_ratings to praxis_application, praxis_worker;
create policy wall_gate on goal_ratings for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on goal_ratings to praxis_gate;

alter table notes enable row level security;
alter table notes force row level security;
create policy wall_read on notes for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and author_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or (status in ('signed','cosigned','entered_in_error') and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))) or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) and status not in ('draft','discarded') or (select nullif(current_setting('app.capacity', true), '')::text) in ('self') and client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) and status in ('signed','cosigned','entered_in_error') and released_at <= now() or (select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) and status in ('signed','cosigned','entered_in_error') and released_to_guardians_at <= now()));
grant select on notes to praxis_application, praxis_worker;
create policy wall_add on notes for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and author_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on notes to praxis_application, praxis_worker;
create policy wall_change on notes for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and author_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and author_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant update on notes to praxis_application, praxis_worker;
create policy wall_gate on notes for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on notes to praxis_gate;

alter table note_releases enable row level security;
alter table note_releases force row level security;
create policy wall_read on note_releases for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on note_releases to praxis_application, praxis_worker;
create policy wall_add on note_releases for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on note_releases to praxis_application, praxis_worker;

alter table occurrences enable row level security;
alter table occurrences force row level security;
create policy wall_read on occurrences for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on occurrences to praxis_application, praxis_worker;
create policy wall_add on occurrences for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on occurrences to praxis_application, praxis_worker;
create policy wall_change on occurrences for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant update on occurrences to praxis_application, praxis_worker;
create policy wall_gate on occurrences for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on occurrences to praxis_gate;

alter table signatures enable row level security;
alter table signatures force row level security;
create policy wall_read on signatures for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on signatures to praxis_application, praxis_worker;
create policy wall_add on signatures for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or (select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant insert on signatures to praxis_application, praxis_worker;

alter table submissions enable row level security;
alter table submissions force row level security;
create policy wall_read on submissions for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on submissions to praxis_application, praxis_worker;
create policy wall_add on submissions for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and (select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'guardian', 'job'));
grant insert on submissions to praxis_application, praxis_worker;
create policy wall_change on submissions for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])));
grant update on submissions to praxis_application, praxis_worker;
create policy wall_gate on submissions for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on submissions to praxis_gate;

alter table reviews enable row level security;
alter table reviews force row level security;
create policy wall_read on reviews for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on reviews to praxis_application, praxis_worker;
create policy wall_add on reviews for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on reviews to praxis_application, praxis_worker;
create policy wall_gate on reviews for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on reviews to praxis_gate;

alter table submission_versions enable row level security;
alter table submission_versions force row level security;
create policy wall_read on submission_versions for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])));
grant select on submission_versions to praxis_application, praxis_worker;
create policy wall_add on submission_versions for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and (select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'guardian', 'job'));
grant insert on submission_versions to praxis_application, praxis_worker;
create policy wall_gate on submission_versions for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on submission_versions to praxis_gate;

alter table team_comments enable row level security;
alter table team_comments force row level security;
create policy wall_read on team_comments for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant select on team_comments to praxis_application, praxis_worker;
create policy wall_add on team_comments for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or (select nullif(current_setting('app.capacity', true), '')::text) in ('job')));
grant insert on team_comments to praxis_application, praxis_worker;
create policy wall_gate on team_comments for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on team_comments to praxis_gate;

alter table submission_answers enable row level security;
alter table submission_answers force row level security;
create policy wall_read on submission_answers for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'job') or visible = 'shared'));
grant select on submission_answers to praxis_application, praxis_worker;
create policy wall_add on submission_answers for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and (select nullif(current_setting('app.capacity', true), '')::text) in ('self', 'guardian', 'job'));
grant insert on submission_answers to praxis_application, praxis_worker;
create policy wall_gate on submission_answers for select to praxis_gate using (true);
grant select (practice_id, client_id, id) on submission_answers to praxis_gate;
