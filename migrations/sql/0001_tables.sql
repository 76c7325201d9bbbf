create schema gate;
grant usage, create on schema gate to praxis_gate;

CREATE TABLE audit_events (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    user_id UUID,
    capacity TEXT NOT NULL,
    operation TEXT NOT NULL,
    about TEXT NOT NULL,
    client_id UUID,
    outcome TEXT NOT NULL,
    asked_id UUID,
    request_id UUID NOT NULL,
    CONSTRAINT pk_audit_events PRIMARY KEY (practice_id, id)
);

CREATE INDEX ix_audit_events_client ON audit_events (practice_id, client_id, id);

CREATE TABLE events (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    client_id UUID,
    dispatched_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_events PRIMARY KEY (practice_id, id)
);

CREATE INDEX ix_events_waiting ON events (id) WHERE dispatched_at is null;

CREATE TABLE exercises (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL,
    areas TEXT[] NOT NULL,
    modality TEXT[] NOT NULL,
    difficulty INTEGER NOT NULL,
    current_version_id UUID NOT NULL,
    is_retired BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_exercises PRIMARY KEY (practice_id, id),
    CONSTRAINT uq_exercises_practice_id_slug UNIQUE (practice_id, slug),
    CONSTRAINT ck_exercises_kind CHECK (kind in ('worksheet','skill','reflection','reading','conversation'))
);

CREATE TABLE idempotency_keys (
    practice_id UUID NOT NULL,
    user_id UUID NOT NULL,
    key_hash BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    status INTEGER NOT NULL,
    address TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (practice_id, user_id, key_hash)
);

CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);

CREATE TABLE practices (
    practice_id UUID NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    country TEXT NOT NULL,
    crisis_resources JSONB NOT NULL,
    policies JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_practices PRIMARY KEY (practice_id)
);

CREATE TABLE resets (
    id UUID NOT NULL,
    email_hash BYTEA NOT NULL,
    token_hash BYTEA,
    expires_at TIMESTAMP WITH TIME ZONE,
    used_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_resets PRIMARY KEY (id)
);

CREATE INDEX ix_resets_token_hash ON resets (token_hash);

CREATE TABLE throttles (
    subject_hash BYTEA NOT NULL,
    tries INTEGER DEFAULT 1 NOT NULL,
    window_ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_throttles PRIMARY KEY (subject_hash)
);

CREATE INDEX ix_throttles_window_ends_at ON throttles (window_ends_at);

CREATE TABLE users (
    id UUID NOT NULL,
    email_hash BYTEA NOT NULL,
    words BYTEA NOT NULL,
    password_hash TEXT,
    second_factor BYTEA,
    second_factor_step BIGINT,
    second_factor_at TIMESTAMP WITH TIME ZONE,
    deactivated_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_email_hash UNIQUE (email_hash)
);

CREATE TABLE clients (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    words BYTEA NOT NULL,
    zone TEXT NOT NULL,
    locale TEXT DEFAULT 'en' NOT NULL,
    status TEXT DEFAULT 'active' NOT NULL,
    birth_hash BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_clients PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_clients_practice_id FOREIGN KEY(practice_id) REFERENCES practices (practice_id),
    CONSTRAINT ck_clients_status CHECK (status in ('active','discharged','deceased','merged'))
);

CREATE TABLE exercise_versions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    exercise_id UUID NOT NULL,
    number INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    form JSONB NOT NULL,
    texts JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_exercise_versions PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_exercise_versions_practice_id_exercise_id FOREIGN KEY(practice_id, exercise_id) REFERENCES exercises (practice_id, id),
    CONSTRAINT uq_exercise_versions_practice_id_exercise_id_number UNIQUE (practice_id, exercise_id, number)
);

CREATE TABLE memberships (
    practice_id UUID NOT NULL,
    user_id UUID NOT NULL,
    roles TEXT[] NOT NULL,
    words BYTEA NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    suspended_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (practice_id, user_id),
    CONSTRAINT fk_memberships_practice_id FOREIGN KEY(practice_id) REFERENCES practices (practice_id),
    CONSTRAINT ck_memberships_roles CHECK (roles <@ array['owner','therapist','assistant'] and cardinality(roles) > 0)
);

CREATE INDEX ix_memberships_user_id ON memberships (user_id);

CREATE TABLE practice_keys (
    practice_id UUID NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_practice_keys PRIMARY KEY (practice_id),
    CONSTRAINT fk_practice_keys_practice_id FOREIGN KEY(practice_id) REFERENCES practices (practice_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE recovery_codes (
    user_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (user_id, code_hash),
    CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE TABLE sign_ins (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    practice_id UUID NOT NULL,
    kind TEXT NOT NULL,
    client_id UUID,
    second_factor_at TIMESTAMP WITH TIME ZONE,
    stepped_up_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_sign_ins PRIMARY KEY (id),
    CONSTRAINT ck_sign_ins_kind CHECK (kind in ('staff','client','guardian')),
    CONSTRAINT fk_sign_ins_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_sign_ins_user_id ON sign_ins (user_id);

CREATE TABLE bars (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    user_id UUID NOT NULL,
    reason BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_bars PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_bars_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT uq_bars_practice_id_user_id_client_id UNIQUE (practice_id, user_id, client_id)
);

CREATE TABLE break_glasses (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    user_id UUID NOT NULL,
    reason BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_break_glasses PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_break_glasses_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id)
);

CREATE INDEX ix_break_glasses_user ON break_glasses (practice_id, user_id, expires_at);

CREATE TABLE client_keys (
    practice_id UUID NOT NULL,
    client_id UUID NOT NULL,
    kind TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_client_keys PRIMARY KEY (practice_id, client_id, kind),
    CONSTRAINT fk_client_keys_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_client_keys_kind CHECK (kind in ('identity','record','private'))
);

CREATE TABLE client_logins (
    practice_id UUID NOT NULL,
    client_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_client_logins PRIMARY KEY (practice_id, client_id),
    CONSTRAINT fk_client_logins_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT uq_client_logins_practice_id_user_id UNIQUE (practice_id, user_id)
);

CREATE INDEX ix_client_logins_user_id ON client_logins (user_id);

CREATE TABLE client_lookups (
    practice_id UUID NOT NULL,
    kind TEXT NOT NULL,
    hash BYTEA NOT NULL,
    client_id UUID NOT NULL,
    CONSTRAINT pk_client_lookups PRIMARY KEY (practice_id, kind, hash, client_id),
    CONSTRAINT fk_client_lookups_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id)
);

CREATE INDEX ix_client_lookups_client ON client_lookups (practice_id, client_id);

CREATE TABLE episodes (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    opened_on DATE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_episodes PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_episodes_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT uq_episodes_practice_id_client_id_id UNIQUE (practice_id, client_id, id)
);

CREATE TABLE external_refs (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    system TEXT NOT NULL,
    value_hash BYTEA NOT NULL,
    value BYTEA NOT NULL,
    CONSTRAINT pk_external_refs PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_external_refs_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT uq_external_refs_practice_id_system_value_hash UNIQUE (practice_id, system, value_hash)
);

CREATE INDEX ix_external_refs_client ON external_refs (practice_id, client_id);

CREATE TABLE guardians (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    user_id UUID NOT NULL,
    relation TEXT NOT NULL,
    basis TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE,
    suspended_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_guardians PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_guardians_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT ck_guardians_scopes CHECK (scopes <@ array['profile','sessions','homework','submit','goals','goals_rate','notes','measures']),
    CONSTRAINT ck_guardians_relation CHECK (relation in ('parent','grandparent','sibling','relative','partner','foster_carer','legal_guardian','other')),
    CONSTRAINT ck_guardians_basis CHECK (basis in ('parental_responsibility','court_order','power_of_attorney','consent','other'))
);

CREATE INDEX ix_guardians_client ON guardians (practice_id, client_id);

CREATE INDEX ix_guardians_user_id ON guardians (user_id);

CREATE TABLE invitations (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    client_id UUID,
    roles TEXT[],
    scopes TEXT[],
    words BYTEA NOT NULL,
    birth_hash BYTEA,
    invited_by UUID NOT NULL,
    token_hash BYTEA,
    expires_at TIMESTAMP WITH TIME ZONE,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    tries INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_invitations PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_invitations_practice_id FOREIGN KEY(practice_id) REFERENCES practices (practice_id),
    CONSTRAINT fk_invitations_practice_id_client_id FOREIGN KEY(practice_id, client_id) REFERENCES clients (practice_id, id),
    CONSTRAINT ck_invitations_kind CHECK (kind in ('staff','client','guardian'))
);

CREATE INDEX ix_invitations_client ON invitations (practice_id, client_id);

CREATE INDEX ix_invitations_token_hash ON invitations (token_hash);

CREATE TABLE refresh_tokens (
    token_hash BYTEA NOT NULL,
    sign_in_id UUID NOT NULL,
    user_id UUID NOT NULL,
    parent_hash BYTEA,
    idle_until TIMESTAMP WITH TIME ZONE NOT NULL,
    rotated_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (token_hash),
    CONSTRAINT fk_refresh_tokens_sign_in_id FOREIGN KEY(sign_in_id) REFERENCES sign_ins (id)
);

CREATE INDEX ix_refresh_tokens_sign_in_id ON refresh_tokens (sign_in_id);

CREATE TABLE supervisions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    supervisee_id UUID NOT NULL,
    supervisor_id UUID NOT NULL,
    cosign_required BOOLEAN DEFAULT false NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_supervisions PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_supervisions_practice_id_supervisee_id FOREIGN KEY(practice_id, supervisee_id) REFERENCES memberships (practice_id, user_id),
    CONSTRAINT fk_supervisions_practice_id_supervisor_id FOREIGN KEY(practice_id, supervisor_id) REFERENCES memberships (practice_id, user_id),
    CONSTRAINT ck_supervisions_never_self CHECK (supervisee_id <> supervisor_id)
);

CREATE INDEX ix_supervisions_supervisor ON supervisions (practice_id, supervisor_id);

CREATE TABLE care_assignments (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    user_id UUID NOT NULL,
    part TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_care_assignments PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_care_assignments_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT fk_care_assignments_practice_id_user_id FOREIGN KEY(practice_id, user_id) REFERENCES memberships (practice_id, user_id),
    CONSTRAINT ck_care_assignments_part CHECK (part in ('primary','co','covering','trainee'))
);

CREATE INDEX ix_care_assignments_user ON care_assignments (practice_id, user_id, client_id);

CREATE UNIQUE INDEX uq_care_assignments_one_primary ON care_assignments (practice_id, episode_id) WHERE part = 'primary' and ends_at is null;

CREATE TABLE episode_focuses (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    lines BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_episode_focuses PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_episode_focuses_practice_id_client_id_id FOREIGN KEY(practice_id, client_id, id) REFERENCES episodes (practice_id, client_id, id)
);

CREATE TABLE goals (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    status TEXT NOT NULL,
    rating_kind TEXT DEFAULT 'zero_to_ten' NOT NULL,
    areas TEXT[] NOT NULL,
    words BYTEA NOT NULL,
    review_on DATE,
    proposed_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_goals PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_goals_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT uq_goals_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT ck_goals_status CHECK (status in ('proposed','active','declined','on_hold','achieved','let_go','superseded','maintaining'))
);

CREATE INDEX ix_goals_page ON goals (practice_id, client_id, id desc);

CREATE TABLE sessions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    therapist_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    zone TEXT NOT NULL,
    minutes INTEGER DEFAULT 50 NOT NULL,
    setting TEXT NOT NULL,
    attendance TEXT DEFAULT 'scheduled' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_sessions_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT fk_sessions_practice_id_therapist_id FOREIGN KEY(practice_id, therapist_id) REFERENCES memberships (practice_id, user_id),
    CONSTRAINT uq_sessions_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT ck_sessions_setting CHECK (setting in ('in_person','video','phone')),
    CONSTRAINT ck_sessions_minutes CHECK (minutes between 5 and 480),
    CONSTRAINT ck_sessions_attendance CHECK (attendance in ('scheduled','attended','late','no_show','cancelled_by_client','cancelled_by_therapist'))
);

CREATE INDEX ix_sessions_day ON sessions (practice_id, therapist_id, starts_at);

CREATE INDEX ix_sessions_page ON sessions (practice_id, client_id, starts_at);

CREATE TABLE assignments (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    goal_id UUID,
    library_id UUID NOT NULL,
    exercise_version_id UUID NOT NULL,
    status TEXT NOT NULL,
    origin TEXT DEFAULT 'therapist' NOT NULL,
    words BYTEA NOT NULL,
    areas TEXT[] NOT NULL,
    opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    closes_at TIMESTAMP WITH TIME ZONE,
    zone TEXT NOT NULL,
    late_policy TEXT DEFAULT 'counts' NOT NULL,
    confidence SMALLINT,
    decline_reason TEXT,
    decline_words BYTEA,
    assigned_by UUID NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_assignments PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_assignments_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT fk_assignments_practice_id_client_id_goal_id FOREIGN KEY(practice_id, client_id, goal_id) REFERENCES goals (practice_id, client_id, id),
    CONSTRAINT fk_assignments_library_id_exercise_version_id FOREIGN KEY(library_id, exercise_version_id) REFERENCES exercise_versions (practice_id, id),
    CONSTRAINT uq_assignments_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT ck_assignments_status CHECK (status in ('draft','proposed','active','declined','withdrawn','discarded','paused','done','ended')),
    CONSTRAINT ck_assignments_origin CHECK (origin in ('therapist','client')),
    CONSTRAINT ck_assignments_confidence CHECK (confidence between 0 and 10),
    CONSTRAINT ck_assignments_library CHECK (library_id in (practice_id, '00000000-0000-0000-0000-000000000000'))
);

CREATE INDEX ix_assignments_page ON assignments (practice_id, client_id, id desc);

CREATE TABLE goal_ratings (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    goal_id UUID NOT NULL,
    rater TEXT NOT NULL,
    user_id UUID NOT NULL,
    value SMALLINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    client_key TEXT,
    body_hash BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_goal_ratings PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_goal_ratings_practice_id_client_id_goal_id FOREIGN KEY(practice_id, client_id, goal_id) REFERENCES goals (practice_id, client_id, id),
    CONSTRAINT ck_goal_ratings_rater CHECK (rater in ('client','guardian','therapist')),
    CONSTRAINT ck_goal_ratings_value CHECK (value between 0 and 10),
    CONSTRAINT uq_goal_ratings_practice_id_client_id_client_key UNIQUE (practice_id, client_id, client_key)
);

CREATE INDEX ix_goal_ratings_goal ON goal_ratings (practice_id, client_id, goal_id, at desc);

CREATE TABLE notes (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    session_id UUID,
    author_id UUID NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    status TEXT DEFAULT 'draft' NOT NULL,
    body BYTEA NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE,
    released_at TIMESTAMP WITH TIME ZONE,
    released_to_guardians_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_notes PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_notes_practice_id_client_id_episode_id FOREIGN KEY(practice_id, client_id, episode_id) REFERENCES episodes (practice_id, client_id, id),
    CONSTRAINT fk_notes_practice_id_client_id_session_id FOREIGN KEY(practice_id, client_id, session_id) REFERENCES sessions (practice_id, client_id, id),
    CONSTRAINT fk_notes_practice_id_author_id FOREIGN KEY(practice_id, author_id) REFERENCES memberships (practice_id, user_id),
    CONSTRAINT uq_notes_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT ck_notes_kind CHECK (kind in ('progress','intake','contact','termination')),
    CONSTRAINT ck_notes_format CHECK (format in ('SOAP','DAP','narrative')),
    CONSTRAINT ck_notes_status CHECK (status in ('draft','pending_cosign','returned','signed','cosigned','discarded','entered_in_error'))
);

CREATE INDEX ix_notes_page ON notes (practice_id, client_id, id desc);

CREATE TABLE note_releases (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    note_id UUID NOT NULL,
    audience TEXT NOT NULL,
    by_user_id UUID NOT NULL,
    hold_until TIMESTAMP WITH TIME ZONE,
    reason BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_note_releases PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_note_releases_practice_id_client_id_note_id FOREIGN KEY(practice_id, client_id, note_id) REFERENCES notes (practice_id, client_id, id)
);

CREATE TABLE occurrences (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    assignment_id UUID NOT NULL,
    slot TEXT NOT NULL,
    local_on DATE NOT NULL,
    opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    closes_at TIMESTAMP WITH TIME ZONE,
    remind_at TIMESTAMP WITH TIME ZONE,
    status TEXT DEFAULT 'upcoming' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_occurrences PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_occurrences_practice_id_client_id_assignment_id FOREIGN KEY(practice_id, client_id, assignment_id) REFERENCES assignments (practice_id, client_id, id),
    CONSTRAINT uq_occurrences_practice_id_assignment_id_slot UNIQUE (practice_id, assignment_id, slot),
    CONSTRAINT uq_occurrences_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT ck_occurrences_status CHECK (status in ('upcoming','submitted','reviewed','excused','cancelled'))
);

CREATE INDEX ix_occurrences_assignment ON occurrences (practice_id, assignment_id);

CREATE INDEX ix_occurrences_window ON occurrences (practice_id, client_id, opens_at);

CREATE TABLE signatures (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    note_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    user_id UUID NOT NULL,
    words BYTEA NOT NULL,
    revision INTEGER NOT NULL,
    digest BYTEA NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_signatures PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_signatures_practice_id_client_id_note_id FOREIGN KEY(practice_id, client_id, note_id) REFERENCES notes (practice_id, client_id, id),
    CONSTRAINT uq_signatures_practice_id_note_id_purpose_revision UNIQUE (practice_id, note_id, purpose, revision),
    CONSTRAINT ck_signatures_purpose CHECK (purpose in ('author','cosigner'))
);

CREATE TABLE submissions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    occurrence_id UUID NOT NULL,
    assignment_id UUID NOT NULL,
    episode_id UUID NOT NULL,
    number INTEGER DEFAULT 1 NOT NULL,
    outcome TEXT NOT NULL,
    needs_attention BOOLEAN DEFAULT false NOT NULL,
    reviewed_number INTEGER,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_submissions PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_submissions_practice_id_client_id_occurrence_id FOREIGN KEY(practice_id, client_id, occurrence_id) REFERENCES occurrences (practice_id, client_id, id),
    CONSTRAINT fk_submissions_practice_id_client_id_assignment_id FOREIGN KEY(practice_id, client_id, assignment_id) REFERENCES assignments (practice_id, client_id, id),
    CONSTRAINT uq_submissions_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT uq_submissions_practice_id_client_id_occurrence_id UNIQUE (practice_id, client_id, occurrence_id)
);

CREATE INDEX ix_submissions_page ON submissions (practice_id, client_id, id desc);

CREATE INDEX ix_submissions_unread ON submissions (practice_id, client_id, needs_attention desc, id) WHERE reviewed_number is null or reviewed_number < number;

CREATE TABLE reviews (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    number INTEGER NOT NULL,
    user_id UUID NOT NULL,
    comment BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_reviews PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_reviews_practice_id_client_id_submission_id FOREIGN KEY(practice_id, client_id, submission_id) REFERENCES submissions (practice_id, client_id, id),
    CONSTRAINT uq_reviews_practice_id_submission_id_number UNIQUE (practice_id, submission_id, number),
    CONSTRAINT uq_reviews_practice_id_client_id_id UNIQUE (practice_id, client_id, id)
);

CREATE TABLE submission_versions (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    number INTEGER NOT NULL,
    client_key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    outcome TEXT NOT NULL,
    answers_visible TEXT NOT NULL,
    library_id UUID NOT NULL,
    exercise_version_id UUID NOT NULL,
    engagement JSONB,
    obstacles TEXT[] NOT NULL,
    attention TEXT[] NOT NULL,
    dropped TEXT[] NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_corrected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    zone TEXT NOT NULL,
    in_window BOOLEAN NOT NULL,
    by_user_id UUID NOT NULL,
    capacity TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_submission_versions PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_submission_versions_practice_id_client_id_submission_id FOREIGN KEY(practice_id, client_id, submission_id) REFERENCES submissions (practice_id, client_id, id),
    CONSTRAINT uq_submission_versions_practice_id_submission_id_number UNIQUE (practice_id, submission_id, number),
    CONSTRAINT uq_submission_versions_practice_id_client_id_client_key UNIQUE (practice_id, client_id, client_key),
    CONSTRAINT uq_submission_versions_practice_id_client_id_id UNIQUE (practice_id, client_id, id),
    CONSTRAINT ck_submission_versions_outcome CHECK (outcome in ('completed','partial','attempted','not_ready')),
    CONSTRAINT ck_submission_versions_answers_visible CHECK (answers_visible in ('shared','summary_only'))
);

CREATE TABLE team_comments (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    user_id UUID NOT NULL,
    comment BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_team_comments PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_team_comments_practice_id_client_id_submission_id FOREIGN KEY(practice_id, client_id, submission_id) REFERENCES submissions (practice_id, client_id, id)
);

CREATE TABLE submission_answers (
    practice_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    visible TEXT NOT NULL,
    answers BYTEA NOT NULL,
    CONSTRAINT pk_submission_answers PRIMARY KEY (practice_id, id),
    CONSTRAINT fk_submission_answers_practice_id_client_id_id FOREIGN KEY(practice_id, client_id, id) REFERENCES submission_versions (practice_id, client_id, id)
);
