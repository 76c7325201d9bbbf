do $$
declare
    v_name text;
begin
    foreach v_name in array array['gate.enter', 'gate.readers', 'gate.has_guardians'] loop
        execute replace(
            pg_get_functiondef(v_name::regproc),
            'gate.local_day(c.zone)',
            '(now() at time zone c.zone)::date'
        );
    end loop;
end
$$;
drop function gate.local_day;
