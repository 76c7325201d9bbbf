create function gate.refuse_signed() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
    if tg_op = 'UPDATE' then
        if row (new.practice_id, new.id, new.client_id, new.episode_id, new.session_id,
                new.author_id, new.kind, new.format, new.body, new.revision, new.signed_at)
           is not distinct from
           row (old.practice_id, old.id, old.client_id, old.episode_id, old.session_id,
                old.author_id, old.kind, old.format, old.body, old.revision, old.signed_at)
           and new.status in (old.status, 'entered_in_error') then
            return new;
        end if;
    end if;
    raise exception using errcode = 'PX409', message = 'what is signed never changes';
end
$$;

create trigger signed_never_changes before update or delete on notes
for each row when (old.status in ('signed', 'cosigned', 'entered_in_error'))
execute function gate.refuse_signed();

create function gate.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
    raise exception using errcode = 'PX409', message = 'this table is only added to';
end
$$;

create trigger only_added_to before update or delete or truncate on audit_events
for each statement execute function gate.refuse_change();

create trigger only_added_to before update or delete or truncate on signatures
for each statement execute function gate.refuse_change();

create trigger only_added_to before update or delete or truncate on exercise_versions
for each statement execute function gate.refuse_change();

create trigger only_added_to before update or delete or truncate on submission_versions
for each statement execute function gate.refuse_change();

create trigger only_added_to before update or delete or truncate on submission_answers
for each statement execute function gate.refuse_change();

create trigger only_added_to before update or delete or truncate on goal_ratings
for each statement execute function gate.refuse_change();
