create function gate.enter(
    p_sign_in uuid, p_user uuid, p_practice uuid, p_kind text, p_role text, p_client uuid,
    p_scope text
) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    v_capacity text := case p_kind when 'client' then 'self' else p_kind end;
    v_hidden uuid[] := '{}';
    v_clients uuid[] := '{}';
    v_writable uuid[] := '{}';
    v_directory text := '';
begin
    perform 1
       from sign_ins s join users u on u.id = s.user_id
      where s.id = p_sign_in and s.user_id = p_user and s.practice_id = p_practice
        and s.kind = case p_kind when 'enrolling' then 'staff' else p_kind end
        and s.ended_at is null and s.expires_at > now() and u.deactivated_at is null
        and (p_kind <> 'staff' or s.second_factor_at is not null);
    if not found then
        raise exception using errcode = 'PX401', message = 'not signed in';
    end if;

    if p_kind in ('staff', 'enrolling') then
        perform 1
           from memberships m
          where m.practice_id = p_practice and m.user_id = p_user
            and array_to_string(m.roles, '_') = p_role
            and m.suspended_at is null and m.starts_at <= now()
            and (m.ends_at is null or m.ends_at > now());
        if not found then
            raise exception using errcode = 'PX401', message = 'not a member';
        end if;
    end if;

    if p_kind = 'staff' then
        select coalesce(array_agg(x.client_id), '{}') into v_hidden
          from (select client_id from client_logins
                 where practice_id = p_practice and user_id = p_user
                union all
                select client_id from guardians
                 where practice_id = p_practice and user_id = p_user
                union all
                select client_id from bars
                 where practice_id = p_practice and user_id = p_user) x;
        if p_role like '%therapist%' then
            select coalesce(array_agg(distinct c.client_id), '{}') into v_writable
              from care_assignments c
             where c.practice_id = p_practice and c.user_id = p_user
               and c.starts_at <= now() and (c.ends_at is null or c.ends_at > now())
               and c.client_id <> all (v_hidden);
        end if;
        select v_writable || coalesce(array_agg(distinct x.client_id), '{}') into v_clients
          from (select c.client_id
                  from supervisions s
                  join care_assignments c
                    on c.practice_id = s.practice_id and c.user_id = s.supervisee_id
                 where s.practice_id = p_practice and s.supervisor_id = p_user
                   and s.starts_at <= now() and (s.ends_at is null or s.ends_at > now())
                   and c.starts_at <= now() and (c.ends_at is null or c.ends_at > now())
                union all
                select b.client_id
                  from break_glasses b
                 where b.practice_id = p_practice and b.user_id = p_user
                   and b.closed_at is null and b.expires_at > now()) x
         where x.client_id <> all (v_hidden);
        if p_role like '%owner%' or p_role like '%assistant%' then
            v_directory := 'all';
        end if;
    elsif p_kind = 'client' then
        perform 1
           from client_logins l
           join clients c on c.practice_id = l.practice_id and c.id = l.client_id
          where l.practice_id = p_practice and l.client_id = p_client and l.user_id = p_user
            and c.status not in ('deceased', 'merged');
        if not found then
            raise exception using errcode = 'PX401', message = 'not this client';
        end if;
        v_clients := array[p_client];
        v_writable := v_clients;
    elsif p_kind = 'guardian' then
        if not exists (
            select 1 from guardians g where g.practice_id = p_practice and g.user_id = p_user
        ) then
            raise exception using errcode = 'PX401', message = 'not a guardian';
        end if;
        if p_client is not null then
            perform 1
               from guardians g
               join clients c on c.practice_id = g.practice_id and c.id = g.client_id
              where g.practice_id = p_practice and g.client_id = p_client and g.user_id = p_user
                and g.revoked_at is null and c.status not in ('deceased', 'merged');
            if not found then
                raise exception using errcode = 'PX404', message = 'not acting for this client';
            end if;
            -- A suspended guardian's door looks empty; one outside the dates has no scope.
            perform 1
               from guardians g
               join clients c on c.practice_id = g.practice_id and c.id = g.client_id
              where g.practice_id = p_practice and g.client_id = p_client and g.user_id = p_user
                and g.revoked_at is null
                and (g.suspended_at is not null
                     or ((now() at time zone c.zone)::date between g.starts_on
                             and coalesce(g.ends_on, 'infinity'::date)
                         and (p_scope is null or p_scope = any (g.scopes))));
            if not found then
                raise exception using errcode = 'PX403', message = 'outside the guardianship';
            end if;
            select coalesce(array_agg(g.client_id), '{}') into v_clients
              from guardians g
             where g.practice_id = p_practice and g.client_id = p_client and g.user_id = p_user
               and g.revoked_at is null and g.suspended_at is null;
            v_writable := v_clients;
        end if;
    elsif p_kind <> 'enrolling' then
        raise exception using errcode = 'PX401', message = 'unknown kind of caller';
    end if;

    perform set_config('app.practice_id', p_practice::text, true),
            set_config('app.user_id', p_user::text, true),
            set_config('app.capacity', v_capacity, true),
            set_config('app.clients', array_to_string(v_clients, ','), true),
            set_config('app.writable', array_to_string(v_writable, ','), true),
            set_config('app.hidden', array_to_string(v_hidden, ','), true),
            set_config('app.directory', v_directory, true);
end
$$;

-- Whose thing an id is, for those who keep the directory: so that they are told 403, not 404.
create function gate.client_of(p_table text, p_id uuid) returns uuid
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

-- How much the worker has before it, for the service's own metrics: counts of no practice.
create function gate.events_waiting(out waiting bigint, out oldest_seconds double precision)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
    select count(*), coalesce(extract(epoch from now() - min(e.at)), 0)
      from (select at from events where dispatched_at is null limit 10000) e
$$;

alter function gate.enter owner to praxis_gate;
alter function gate.client_of owner to praxis_gate;
alter function gate.events_waiting owner to praxis_gate;
revoke all on function gate.enter, gate.client_of, gate.events_waiting from public;
grant usage on schema gate to praxis_application, praxis_worker;
grant execute on function gate.enter, gate.client_of to praxis_application, praxis_worker;
grant execute on function gate.events_waiting to praxis_application, praxis_worker;

-- A process says whether the database is at its own revision.
grant select on alembic_version to praxis_application, praxis_worker;
