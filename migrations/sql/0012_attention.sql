-- squawk-ignore-file ban-concurrent-index-creation-in-transaction, require-concurrent-index-creation
-- Statement by statement, outside a transaction; what was broken off can be run again. An index
-- that was broken off is there and invalid: drop it first.
create index concurrently if not exists ix_submissions_waiting
    on submissions (practice_id, client_id, attention_level desc nulls last, changed_at, id)
    where reviewed_number is null or reviewed_number < number;
create index concurrently if not exists ix_submissions_urgent
    on submissions (practice_id, id)
    where attention_level = 'urgent' and (reviewed_number is null or reviewed_number < number);
create index concurrently if not exists ix_repetitions_waiting
    on repetitions (practice_id, client_id, attention_level desc, received_at, id)
    where attention_level is not null and seen_at is null;
create index concurrently if not exists ix_repetitions_urgent
    on repetitions (practice_id, id)
    where attention_level = 'urgent' and seen_at is null;
create unique index concurrently if not exists uq_repetitions_practice_id_client_id_id
    on repetitions (practice_id, client_id, id);
-- The owner, whom forced row security would show nothing, fills in what is stored; the walls of
-- those who serve stay up, since they own nothing. Nothing is told of it: no event is written.
alter table submission_versions no force row level security;
alter table submissions no force row level security;
alter table repetitions no force row level security;
alter table exercise_versions no force row level security;
-- A version that names `answers` kept its answers from staff, and they are sealed: where its form
-- asks about safety, that may be what it says, and it stands with what is urgent. Versions are only
-- added to, and stay as they were.
update submissions as s
   set attention_level = f.level, attention_reasons = f.reasons
  from (select v.practice_id, v.client_id, v.submission_id,
               array_agg(distinct r.reason order by r.reason) as reasons,
               case when bool_or(
                   r.reason in ('unsafe', 'safe_now')
                   or (r.reason = 'answers' and exists (
                       select 1 from exercise_versions as e
                        where e.practice_id = v.library_id and e.id = v.exercise_version_id
                          and e.form @> '{"fields": [{"id": "safe_now"}]}'))
               ) then 'urgent' else 'soon' end as level
          from submission_versions as v
         cross join lateral unnest(v.attention) as r (reason)
         group by v.practice_id, v.client_id, v.submission_id) as f
 where f.practice_id = s.practice_id and f.client_id = s.client_id and f.submission_id = s.id
   and s.attention_level is null;
update repetitions
   set attention_level = case when 'unsafe' = any (obstacles) then 'urgent' else 'soon' end,
       attention_reasons = array(
           select o.obstacle from unnest(obstacles) as o (obstacle)
            where o.obstacle in ('unsafe', 'felt_worse'))
 where needs_attention and attention_level is null;
alter table submissions validate constraint ck_submissions_attention_level;
alter table submission_versions validate constraint ck_submission_versions_attention_level;
alter table submission_versions validate constraint ck_submission_versions_unsafe_from;
alter table repetitions validate constraint ck_repetitions_attention_level;
alter table repetitions validate constraint ck_repetitions_unsafe_from;
alter table submission_versions force row level security;
alter table submissions force row level security;
alter table repetitions force row level security;
alter table exercise_versions force row level security;
drop index concurrently if exists ix_submissions_queue;
drop index concurrently if exists ix_repetitions_attention;
alter table repetitions add constraint uq_repetitions_practice_id_client_id_id
    unique using index uq_repetitions_practice_id_client_id_id;
