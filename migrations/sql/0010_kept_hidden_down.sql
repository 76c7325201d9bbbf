alter table submission_versions drop column kept_hidden;
