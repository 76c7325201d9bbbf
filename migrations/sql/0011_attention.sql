-- How soon a therapist should see something, and why, on the row itself, so that lists need no
-- join. Nothing is rewritten: columns are empty or have a constant for their default.
alter table submissions
    add column attention_level text,
    add column attention_reasons text[] default '{}' not null,
    add constraint ck_submissions_attention_level
        check (attention_level in ('urgent','soon')) not valid;

alter table submission_versions
    add column attention_level text,
    add column unsafe_from text,
    add constraint ck_submission_versions_attention_level
        check (attention_level in ('urgent','soon')) not valid,
    add constraint ck_submission_versions_unsafe_from
        check (unsafe_from in ('myself','someone','not_sure')) not valid;

alter table repetitions
    add column attention_level text,
    add column attention_reasons text[] default '{}' not null,
    add column unsafe_from text,
    add constraint ck_repetitions_attention_level
        check (attention_level in ('urgent','soon')) not valid,
    add constraint ck_repetitions_unsafe_from
        check (unsafe_from in ('myself','someone','not_sure')) not valid;
