alter table goals drop column quiet_at;
alter table reminder_choices drop column chosen_as;
