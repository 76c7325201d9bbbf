CREATE TABLE exercise_drafts (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    minutes INTEGER NOT NULL,
    form JSONB NOT NULL,
    texts JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_exercise_drafts PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_exercise_drafts_practice_id_id FOREIGN KEY(practice_id, id) REFERENCES exercises (practice_id, id)
);

CREATE TABLE programs (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    title TEXT NOT NULL,
    steps JSONB NOT NULL,
    is_retired BOOLEAN DEFAULT false NOT NULL,
    made_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_programs PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_programs_practice_id FOREIGN KEY(practice_id) REFERENCES practices (practice_id)
);

CREATE TABLE pins (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    library_id UUID NOT NULL,
    exercise_id UUID NOT NULL,
    pinned_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_pins PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_pins_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT fk_pins_library_id_exercise_id FOREIGN KEY(library_id, exercise_id) REFERENCES exercises (practice_id, id),
    CONSTRAINT uq_pins_practice_id_client_id_exercise_id UNIQUE (practice_id, client_id, exercise_id),
    CONSTRAINT ck_pins_library CHECK (library_id in (practice_id, '00000000-0000-0000-0000-000000000000'))
);

CREATE TABLE topics (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    label BYTEA NOT NULL,
    slug TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_topics PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_topics_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT uq_topics_practice_id_client_id_id UNIQUE (practice_id, client_id, id)
);

CREATE TABLE program_assignments (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    program_id UUID NOT NULL,
    title TEXT NOT NULL,
    status TEXT DEFAULT 'active' NOT NULL,
    agreed BOOLEAN NOT NULL,
    steps JSONB NOT NULL,
    given INTEGER DEFAULT 0 NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    assigned_by UUID NOT NULL,
    ended_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_program_assignments PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_program_assignments_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT fk_program_assignments_practice_id_program_id FOREIGN KEY(practice_id, program_id) REFERENCES programs (practice_id, id),
    CONSTRAINT uq_program_assignments_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT ck_program_assignments_status CHECK (status in ('active','done','ended'))
);

CREATE INDEX ix_program_assignments_client ON program_assignments (practice_id, client_id, id desc);

CREATE INDEX ix_program_assignments_next ON program_assignments (practice_id, next_at) WHERE status = 'active';

CREATE TABLE questions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    assignment_id UUID NOT NULL,
    client_key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    question BYTEA NOT NULL,
    answer BYTEA,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_questions PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_questions_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT fk_questions_practice_id_client_id_assignment_id FOREIGN KEY(practice_id, client_id, assignment_id) REFERENCES assignments (practice_id, client_id, id),
    CONSTRAINT uq_questions_practice_id_client_id_client_key UNIQUE (practice_id, client_id, client_key)
);

CREATE INDEX ix_questions_open ON questions (practice_id, client_id, id) WHERE answered_at is null;

CREATE INDEX ix_questions_page ON questions (practice_id, client_id, id desc);

CREATE TABLE reminder_choices (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    assignment_id UUID,
    channel TEXT,
    remind_at TIME WITHOUT TIME ZONE,
    quiet_from TIME WITHOUT TIME ZONE,
    quiet_to TIME WITHOUT TIME ZONE,
    is_digest BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_reminder_choices PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_reminder_choices_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT fk_reminder_choices_practice_id_client_id_assignment_id FOREIGN KEY(practice_id, client_id, assignment_id) REFERENCES assignments (practice_id, client_id, id),
    CONSTRAINT uq_reminder_choices_practice_id_client_id_assignment_id UNIQUE NULLS NOT DISTINCT (practice_id, client_id, assignment_id),
    CONSTRAINT ck_reminder_choices_channel CHECK (channel in ('none','app','email')),
    CONSTRAINT ck_reminder_choices_chosen CHECK (channel is not null or assignment_id is not null)
);

CREATE TABLE rest_periods (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    assignment_id UUID,
    zone TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    client_key TEXT,
    body_hash BYTEA,
    started_by UUID NOT NULL,
    started_as TEXT NOT NULL,
    ended_by UUID,
    looked_in_at TIMESTAMP WITH TIME ZONE,
    asked_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_rest_periods PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_rest_periods_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT fk_rest_periods_practice_id_client_id_assignment_id FOREIGN KEY(practice_id, client_id, assignment_id) REFERENCES assignments (practice_id, client_id, id),
    CONSTRAINT uq_rest_periods_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT uq_rest_periods_practice_id_client_id_client_key UNIQUE (practice_id, client_id, client_key),
    CONSTRAINT ck_rest_periods_order CHECK (ends_at >= starts_at),
    CONSTRAINT ck_rest_periods_started_as CHECK (started_as in ('self','guardian','staff','job'))
);

CREATE INDEX ix_rest_periods_client ON rest_periods (practice_id, client_id, starts_at);

CREATE INDEX ix_rest_periods_running ON rest_periods (practice_id, starts_at) WHERE assignment_id is null;

CREATE TABLE drafts (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    occurrence_id UUID NOT NULL,
    body BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_drafts PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_drafts_practice_id_client_id_occurrence_id FOREIGN KEY(practice_id, client_id, occurrence_id) REFERENCES occurrences (practice_id, client_id, id),
    CONSTRAINT uq_drafts_practice_id_occurrence_id UNIQUE (practice_id, occurrence_id)
);

CREATE INDEX ix_drafts_client ON drafts (practice_id, client_id);

CREATE TABLE reminders (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    occurrence_id UUID NOT NULL,
    remind_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_reminders PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_reminders_practice_id_client_id_occurrence_id FOREIGN KEY(practice_id, client_id, occurrence_id) REFERENCES occurrences (practice_id, client_id, id),
    CONSTRAINT uq_reminders_practice_id_occurrence_id UNIQUE (practice_id, occurrence_id)
);

CREATE INDEX ix_reminders_client ON reminders (practice_id, client_id);

CREATE TABLE repetitions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    assignment_id UUID,
    occurrence_id UUID,
    library_id UUID NOT NULL,
    exercise_version_id UUID NOT NULL,
    client_key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    times SMALLINT DEFAULT 1 NOT NULL,
    minutes SMALLINT,
    distress_before SMALLINT,
    distress_after SMALLINT,
    obstacles TEXT[] NOT NULL,
    note BYTEA,
    needs_attention BOOLEAN DEFAULT false NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_corrected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    zone TEXT NOT NULL,
    by_user_id UUID NOT NULL,
    capacity TEXT NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    seen_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_repetitions PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_repetitions_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT fk_repetitions_practice_id_client_id_assignment_id FOREIGN KEY(practice_id, client_id, assignment_id) REFERENCES assignments (practice_id, client_id, id),
    CONSTRAINT fk_repetitions_practice_id_client_id_occurrence_id FOREIGN KEY(practice_id, client_id, occurrence_id) REFERENCES occurrences (practice_id, client_id, id),
    CONSTRAINT fk_repetitions_library_id_exercise_version_id FOREIGN KEY(library_id, exercise_version_id) REFERENCES exercise_versions (practice_id, id),
    CONSTRAINT uq_repetitions_practice_id_client_id_client_key UNIQUE (practice_id, client_id, client_key),
    CONSTRAINT ck_repetitions_library CHECK (library_id in (practice_id, '00000000-0000-0000-0000-000000000000')),
    CONSTRAINT ck_repetitions_times CHECK (times between 1 and 1000),
    CONSTRAINT ck_repetitions_minutes CHECK (minutes between 0 and 1440),
    CONSTRAINT ck_repetitions_distress_before CHECK (distress_before between 0 and 10),
    CONSTRAINT ck_repetitions_distress_after CHECK (distress_after between 0 and 10)
);

CREATE INDEX ix_repetitions_attention ON repetitions (practice_id, client_id, id) WHERE needs_attention and seen_at is null;

CREATE INDEX ix_repetitions_page ON repetitions (practice_id, client_id, id desc);

CREATE TABLE uploads (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    user_id UUID NOT NULL,
    client_key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    received INTEGER DEFAULT 0 NOT NULL,
    status TEXT DEFAULT 'receiving' NOT NULL,
    refused_code TEXT,
    file_key BYTEA NOT NULL,
    parts TEXT[] DEFAULT '{}' NOT NULL,
    kept_size INTEGER,
    visible TEXT DEFAULT 'own' NOT NULL,
    submission_id UUID,
    used_at TIMESTAMP WITH TIME ZONE,
    taken_back BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_uploads PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_uploads_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT fk_uploads_practice_id_client_id_submission_id FOREIGN KEY(practice_id, client_id, submission_id) REFERENCES submissions (practice_id, client_id, id),
    CONSTRAINT uq_uploads_practice_id_client_id_client_key UNIQUE (practice_id, client_id, client_key),
    CONSTRAINT ck_uploads_status CHECK (status in ('receiving','ready','refused')),
    CONSTRAINT ck_uploads_visible CHECK (visible in ('own','shared','summary_only')),
    CONSTRAINT ck_uploads_received CHECK (received between 0 and size)
);

CREATE INDEX ix_uploads_unused ON uploads (practice_id, created_at) WHERE submission_id is null;
