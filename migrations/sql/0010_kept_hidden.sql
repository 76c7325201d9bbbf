alter table submission_versions
    add column kept_hidden text[] default '{}' not null;
