drop index concurrently if exists ix_uploads_looking;
alter table uploads no force row level security;
update uploads set status = 'refused', refused_code = 'files.lost' where status = 'looking';
alter table uploads force row level security;
alter table uploads drop constraint ck_uploads_status;
alter table uploads add constraint ck_uploads_status
    check (status in ('receiving','ready','refused'));
