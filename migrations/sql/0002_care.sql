-- Whose care ends, owners decide; and whoever opens an episode says what it is about.
alter policy wall_change on care_assignments using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))));
alter policy wall_add on episode_focuses with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or ((select nullif(current_setting('app.directory', true), '')::text) = 'all' and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant select (part) on care_assignments to praxis_gate;
grant select (relation) on guardians to praxis_gate;

-- Who can read something of the client's who asks, or is acted for, now: what `gate.enter` would let
-- in, seen from the other side. Of other guardians a guardian learns only that there are some.
create function gate.readers() returns table (
    user_id uuid, part text, until timestamp with time zone,
    relation text, scopes text[], last_on date
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with client as (
        select c.practice_id, c.id, (now() at time zone c.zone)::date as today,
               current_setting('app.capacity', true) = 'self' as in_person,
               nullif(current_setting('app.user_id', true), '')::uuid as me
          from clients c
         where c.practice_id = nullif(current_setting('app.practice_id', true), '')::uuid
           and c.id = any (string_to_array(
                   nullif(current_setting('app.clients', true), ''), ',')::uuid[])
           and current_setting('app.capacity', true) in ('self', 'guardian')
    ), hidden as (
        select x.user_id
          from (select l.practice_id, l.client_id, l.user_id from client_logins l
                union all
                select g.practice_id, g.client_id, g.user_id from guardians g
                union all
                select b.practice_id, b.client_id, b.user_id from bars b) x
          join client c on c.practice_id = x.practice_id and c.id = x.client_id
    ), staff as (
        select m.user_id, m.roles
          from client c
          join memberships m on m.practice_id = c.practice_id
          join users u on u.id = m.user_id
         where m.suspended_at is null and m.starts_at <= now()
           and (m.ends_at is null or m.ends_at > now())
           and u.deactivated_at is null
           and m.user_id not in (select h.user_id from hidden h)
    ), team as (
        select a.user_id, a.part, a.ends_at
          from client c
          join care_assignments a on a.practice_id = c.practice_id and a.client_id = c.id
         where a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
    )
    select t.user_id, t.part, t.ends_at, null::text, null::text[], null::date
      from team t join staff s on s.user_id = t.user_id
     where 'therapist' = any (s.roles)
    union all
    select v.supervisor_id, 'supervisor', least(v.ends_at, t.ends_at), null, null, null
      from client c
      join supervisions v on v.practice_id = c.practice_id
      join team t on t.user_id = v.supervisee_id
      join staff s on s.user_id = v.supervisor_id
     where v.starts_at <= now() and (v.ends_at is null or v.ends_at > now())
    union all
    select b.user_id, 'break_glass', b.expires_at, null, null, null
      from client c
      join break_glasses b on b.practice_id = c.practice_id and b.client_id = c.id
      join staff s on s.user_id = b.user_id
     where b.closed_at is null and b.expires_at > now()
    union all
    select s.user_id, r.role, null, null, null, null
      from staff s cross join unnest(s.roles) r (role)
     where r.role in ('owner', 'assistant')
    union all
    select case when c.in_person or g.user_id = c.me then g.user_id end, 'guardian', null,
           case when c.in_person or g.user_id = c.me then g.relation end,
           case when c.in_person or g.user_id = c.me then g.scopes end,
           case when c.in_person or g.user_id = c.me then g.ends_on end
      from client c
      join guardians g on g.practice_id = c.practice_id and g.client_id = c.id
     where g.revoked_at is null and g.suspended_at is null
       and c.today between g.starts_on and coalesce(g.ends_on, 'infinity'::date);
end
$$;

alter function gate.readers owner to praxis_gate;
revoke all on function gate.readers from public;
grant execute on function gate.readers to praxis_application;
