alter table reminder_choices
    add column chosen_as text,
    add constraint ck_reminder_choices_chosen_as
        check (chosen_as in ('self','guardian')) not valid;
alter table goals add column quiet_at timestamp with time zone;
