drop trigger only_added_to on reviews;

create or replace function gate.client_of(p_table text, p_id uuid) returns uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    v_client uuid;
    v_practice uuid := nullif(current_setting('app.practice_id', true), '')::uuid;
begin
    if coalesce(current_setting('app.directory', true), '') <> 'all'
       or p_table not in ('assignments', 'occurrences', 'submissions', 'goals', 'notes') then
        return null;
    end if;
    execute format('select client_id from public.%I where practice_id = $1 and id = $2', p_table)
       into v_client using v_practice, p_id;
    if v_client::text = any (string_to_array(current_setting('app.hidden', true), ',')) then
        return null;
    end if;
    return v_client;
end
$$;

drop policy worker_practices on practices;

alter table exercises drop column copied_from;

-- What waits for a session, and what was never published, has no place in the older tables.
alter table exercise_drafts no force row level security;
alter table exercises no force row level security;
delete from exercise_drafts;
delete from exercises where current_version_id is null;
alter table exercises force row level security;
alter table exercises alter column current_version_id set not null;

alter table occurrences no force row level security;
update occurrences set opens_at = created_at where opens_at is null;
alter table occurrences
    drop constraint fk_occurrences_practice_id_client_id_session_id,
    drop column is_extra,
    drop column draft_gone_at,
    drop column draft_version,
    drop column drafted_at,
    drop column session_id,
    alter column opens_at set not null;
alter table occurrences force row level security;

alter table assignments
    drop constraint fk_assignments_practice_id_client_id_program_assignment_id,
    drop column moved_by,
    drop column program_step,
    drop column program_assignment_id,
    drop column body_hash,
    drop column client_key,
    drop column ended_words,
    drop column ended_as,
    drop column step,
    drop column size,
    drop column topics,
    drop column planned_through,
    drop column starts_on,
    drop column zone_follows,
    drop column schedule;
