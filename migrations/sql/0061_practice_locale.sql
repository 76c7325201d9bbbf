-- A constant default: nothing is rewritten.
alter table practices add column locale text default 'en' not null;
