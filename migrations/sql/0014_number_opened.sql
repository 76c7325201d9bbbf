-- Empty for what was opened before: a version that comes now is told in any case.
alter table attention_notices add column opened_number integer;
