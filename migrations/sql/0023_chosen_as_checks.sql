-- Outside a transaction, under a lock that lets writers by. What was broken off can be run again.
alter table reminder_choices no force row level security;
alter table reminder_choices validate constraint ck_reminder_choices_chosen_as;
alter table reminder_choices force row level security;
