-- What the worker's role sees and does across practices, and no other role: it follows events and
-- says what it has passed on, and it removes retry keys that are over.
create policy worker_events on events for select to praxis_worker using (true);
create policy worker_events_done on events for update to praxis_worker using (true) with check (true);
grant update (dispatched_at) on events to praxis_worker;

create policy worker_keys on idempotency_keys for select to praxis_worker
    using (created_at < now() - interval '24 hours');
create policy worker_keys_over on idempotency_keys for delete to praxis_worker
    using (created_at < now() - interval '24 hours');
