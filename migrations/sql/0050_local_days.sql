-- What day it is in a zone. One that this server does not know has the day of UTC: its time zone data
-- may be older than the service's, and nobody is turned away for that (`praxis doctor` names it).
create function gate.local_day(p_zone text) returns date
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return (now() at time zone p_zone)::date;
exception when invalid_parameter_value then
    return (now() at time zone 'UTC')::date;
end
$$;

alter function gate.local_day owner to praxis_gate;
revoke all on function gate.local_day from public;

-- Whoever asks for a client's day asks there, and is the same otherwise.
do $$
declare
    v_name text;
    v_text text;
begin
    foreach v_name in array array['gate.enter', 'gate.readers', 'gate.has_guardians'] loop
        v_text := pg_get_functiondef(v_name::regproc);
        if strpos(v_text, '(now() at time zone c.zone)::date') = 0 then
            raise exception '% asks for no local day', v_name;
        end if;
        execute replace(v_text, '(now() at time zone c.zone)::date', 'gate.local_day(c.zone)');
    end loop;
end
$$;
