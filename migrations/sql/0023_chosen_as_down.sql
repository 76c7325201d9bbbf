alter table reminder_choices drop column chosen_as;
