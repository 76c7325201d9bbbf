-- Words to the client may follow an acknowledgement: once, and then they stay.
alter table reviews
    add column commented_at timestamp with time zone,
    add column commented_by uuid;

create function gate.keep_review() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
    v_open text[] := array['guardian_level', 'comment', 'commented_at', 'commented_by'];
begin
    if to_jsonb(new) - v_open <> to_jsonb(old) - v_open
       or new.guardian_level > old.guardian_level
       or ((new.comment, new.commented_at, new.commented_by)
               is distinct from (old.comment, old.commented_at, old.commented_by)
           and (old.comment is not null
                or current_setting('app.capacity', true) not in ('staff', 'job')))
    then
        raise exception using errcode = 'PX409', message = 'what was said never changes';
    end if;
    return new;
end
$$;

drop trigger never_widened on reviews;
create trigger kept before update on reviews
for each row execute function gate.keep_review();
grant update (comment, commented_at, commented_by) on reviews to praxis_application, praxis_worker;
alter policy wall_change on reviews using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid))))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[])) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('self') and guardian_id is null) or ((select nullif(current_setting('app.capacity', true), '')::text) in ('guardian') and guardian_id = (select nullif(current_setting('app.user_id', true), '')::uuid)))));
