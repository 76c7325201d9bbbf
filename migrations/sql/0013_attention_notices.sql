CREATE TABLE attention_notices (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    submission_id UUID,
    repetition_id UUID,
    subject_id UUID NOT NULL,
    user_id UUID,
    why TEXT NOT NULL,
    reasons TEXT[] NOT NULL,
    client_name BYTEA,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tried_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    opened_at TIMESTAMP WITH TIME ZONE,
    opened_by UUID,
    settled_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_attention_notices PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_attention_notices_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT fk_attention_notices_practice_id_client_id_submission_id FOREIGN KEY(practice_id, client_id, submission_id) REFERENCES submissions (practice_id, client_id, id),
    CONSTRAINT fk_attention_notices_practice_id_client_id_repetition_id FOREIGN KEY(practice_id, client_id, repetition_id) REFERENCES repetitions (practice_id, client_id, id),
    CONSTRAINT fk_attention_notices_practice_id_user_id FOREIGN KEY(practice_id, user_id) REFERENCES memberships (practice_id, user_id),
    CONSTRAINT uq_attention_notices_practice_id_subject_id_user_id UNIQUE (practice_id, subject_id, user_id),
    CONSTRAINT ck_attention_notices_subject CHECK (num_nonnulls(submission_id, repetition_id) = 1),
    CONSTRAINT ck_attention_notices_why CHECK (why in ('treating','covering','on_call','owner','nobody')),
    CONSTRAINT ck_attention_notices_nobody CHECK ((user_id is null) = (why = 'nobody')),
    CONSTRAINT ck_attention_notices_outcome CHECK (outcome in ('sent','bounced','away'))
);

CREATE INDEX ix_attention_notices_submission ON attention_notices (practice_id, submission_id) WHERE submission_id is not null;

CREATE INDEX ix_attention_notices_unopened ON attention_notices (practice_id, due_at) WHERE opened_at is null;

CREATE INDEX ix_attention_notices_user ON attention_notices (practice_id, user_id) WHERE settled_at is null;

alter table attention_notices enable row level security;
alter table attention_notices force row level security;
create policy wall_read on attention_notices for select to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.clients', true), ''), ',')::uuid[])::uuid[]) or (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant select on attention_notices to praxis_application, praxis_worker;
create policy wall_add on attention_notices for insert to praxis_application, praxis_worker with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and (select nullif(current_setting('app.capacity', true), '')::text) in ('job'));
grant insert on attention_notices to praxis_application, praxis_worker;
create policy wall_change on attention_notices for update to praxis_application, praxis_worker using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[])))))) with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid) and ((select nullif(current_setting('app.capacity', true), '')::text) in ('job') or ((select nullif(current_setting('app.capacity', true), '')::text) in ('staff') and (client_id = any((select string_to_array(nullif(current_setting('app.writable', true), ''), ',')::uuid[])::uuid[]) or (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid) and not client_id = any((select string_to_array(coalesce(current_setting('app.hidden', true), ''), ',')::uuid[])::uuid[]))))));
grant update on attention_notices to praxis_application, praxis_worker;
