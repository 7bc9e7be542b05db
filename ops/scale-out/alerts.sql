-- What is wrong with the database that nodes of reportd share: one row each, no row when all is well.
-- Run it every minute on the primary:  psql -At -d reportd -f alerts.sql
SELECT 'no synchronous standby: commits wait, or one more failure loses acknowledged entries'
WHERE NOT EXISTS (SELECT 1 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum'));

SELECT 'standby ' || application_name || ' is ' || pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) || ' behind'
FROM pg_stat_replication
WHERE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) > 1024 * 1024 * 1024;

-- Citus: on every machine.
SELECT 'a commit between machines hangs since ' || prepared || ': SELECT recover_prepared_transactions()'
FROM pg_prepared_xacts
WHERE prepared < now() - interval '1 minute';

SELECT 'a transaction of ' || coalesce(application_name, '?') || ' is open since ' || xact_start
FROM pg_stat_activity
WHERE state LIKE 'idle in transaction%' AND xact_start < now() - interval '1 minute';
