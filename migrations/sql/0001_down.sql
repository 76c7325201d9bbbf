drop table submission_answers,
    team_comments,
    submission_versions,
    reviews,
    submissions,
    signatures,
    occurrences,
    note_releases,
    notes,
    goal_ratings,
    assignments,
    sessions,
    goals,
    episode_focuses,
    care_assignments,
    supervisions,
    refresh_tokens,
    invitations,
    guardians,
    external_refs,
    episodes,
    client_lookups,
    client_logins,
    client_keys,
    break_glasses,
    bars,
    sign_ins,
    recovery_codes,
    practice_keys,
    memberships,
    exercise_versions,
    clients,
    users,
    throttles,
    resets,
    practices,
    idempotency_keys,
    exercises,
    events,
    audit_events;
drop schema gate cascade;
DROP TRIGGER IF EXISTS tg_pgqueuer_changed ON pgqueuer;
DROP FUNCTION IF EXISTS fn_pgqueuer_changed;
DROP TABLE IF EXISTS pgqueuer;
DROP TABLE IF EXISTS pgqueuer_log;
DROP TABLE IF EXISTS pgqueuer_schedules;
DROP TABLE IF EXISTS pgqueuer_statistics;
DROP TYPE IF EXISTS pgqueuer_status;
DROP TYPE IF EXISTS pgqueuer_statistics_status;